use std::collections::BTreeMap;

use local_stack::template::Template;

use super::project;

/// What the template sets for a function, with what the test sets instead.
pub(super) fn variables(
    template: &Template,
    function: &str,
    overrides: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut variables = template.functions[function].environment.clone();
    let apps = project().join("infra/apps/apps.json");
    variables.insert("APPS_FILE".into(), apps.display().to_string());
    for (name, value) in overrides {
        if variables.contains_key(name) {
            variables.insert(name.clone(), value.clone());
        }
    }
    variables
}
