use std::collections::BTreeMap;

use local_stack::template::Template;

use crate::apps::settings_file;
use crate::known_passwords::known_passwords_file;

/// Variables that no template sets: what tests have in place of settings, and where AWS is.
const OURS: [&str; 2] = ["SETTINGS_OVERRIDES", "AWS_ENDPOINT_URL"];

/// The variable that says where the known passwords are, of the function that reads them.
const KNOWN_PASSWORDS_FILE: &str = "KNOWN_PASSWORDS_FILE";

/// What the template sets for a function, with what the test sets instead.
pub(super) fn variables(
    template: &Template,
    function: &str,
    overrides: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut variables = template.functions[function].environment.clone();
    let file = settings_file().display().to_string();
    variables.insert("SETTINGS_FILE".into(), file);
    if variables.contains_key(KNOWN_PASSWORDS_FILE) {
        let file = known_passwords_file().display().to_string();
        variables.insert(KNOWN_PASSWORDS_FILE.into(), file);
    }
    for (name, value) in overrides {
        if variables.contains_key(name) || OURS.contains(&name.as_str()) {
            variables.insert(name.clone(), value.clone());
        }
    }
    variables
}
