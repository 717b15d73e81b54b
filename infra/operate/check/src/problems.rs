use std::fmt::Write as _;
use std::path::Path;

use jsonschema::error::ValidationErrorKind;
use serde_json::{Value, json};
use shared::settings::Settings;

use crate::schema;

/// Everything that is wrong with a settings file, each with its path: what is of another shape than
/// the schema's, and what means nothing in all that is of the right shape. Its pictures are in `folder`.
///
/// # Panics
///
/// When the types of the settings make no JSON Schema.
pub fn problems(file: &str, folder: &Path) -> Vec<String> {
    let settings = match Settings::json(file) {
        Ok(settings) => settings,
        Err(error) => return error.problems().to_vec(),
    };
    let validator = jsonschema::draft202012::new(&schema()).expect("a good schema");
    let (mut sound, mut fewer) = (settings.clone(), settings.clone());
    let mut found = Vec::new();
    for error in validator.iter_errors(&settings) {
        let pointer = error.instance_path().as_str();
        let names: Vec<_> = pointer.split('/').skip(1).map(unescaped).collect();
        let unsound = match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let member = |name: &String| [&names[..], std::slice::from_ref(name)].concat();
                unexpected.iter().map(member).collect()
            }
            _ => vec![names],
        };
        let whole = if pointer.starts_with("/apps/") { 2 } else { 1 };
        for names in unsound {
            leave_out(&mut sound, &names);
            leave_out(&mut fewer, &names[..names.len().min(whole)]);
        }
        found.push(format!("{}{error}", path(pointer)));
    }
    // Where something is left out that has no default, the app or the section is.
    if Settings::of_value(&sound).is_err() {
        sound = fewer;
    }
    if sound.is_object() {
        let paths: Vec<_> = found.iter().map(|it| path_of(it).to_owned()).collect();
        let others = meaningless(&settings, sound, folder).into_iter();
        found.extend(others.filter(|it| !paths.iter().any(|path| path == path_of(it))));
    }
    found
}

/// The path that a problem begins with.
fn path_of(problem: &str) -> &str {
    problem.split_once(": ").map_or("", |(path, _)| path)
}

/// Takes out what is there, with the list that it is in.
fn leave_out(sound: &mut Value, names: &[String]) {
    let Some((last, before)) = names.split_last() else {
        return;
    };
    let parent = before
        .iter()
        .try_fold(&mut *sound, |value, name| value.get_mut(name));
    match parent {
        Some(Value::Object(members)) => {
            members.remove(last);
        }
        _ => leave_out(sound, before),
    }
}

/// What the functions would say of the settings that are of the right shape.
fn meaningless(settings: &Value, mut sound: Value, folder: &Path) -> Vec<String> {
    for (name, nothing) in [("apps", json!({})), ("default_app", json!(""))] {
        if sound[name].is_null() {
            sound[name] = nothing;
        }
    }
    let sound = match Settings::of_value(&sound) {
        Ok(sound) => sound,
        Err(error) => return error.problems().to_vec(),
    };
    // The table that the template names is there in every deployment.
    let tables = sound.user_tables(Some("users")).err();
    let policy = sound.password_policy().err();
    let found = [sound.apps(folder).err(), tables, policy]
        .into_iter()
        .flatten();
    let mut found: Vec<_> = found.flat_map(|it| it.problems().to_vec()).collect();
    // An app that was left out is there all the same.
    found.retain(|problem| {
        let named = problem
            .split_once(": no app ")
            .map(|(_, name)| name.trim_matches('"'));
        let apps = settings["apps"].as_object();
        named.is_none_or(|it| !it.is_empty() && apps.is_some_and(|apps| !apps.contains_key(it)))
    });
    found
}

/// The path as people write it: `apps.shop.allowed_redirects[0]: `.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for name in pointer.split('/').skip(1).map(unescaped) {
        let dot = if path.is_empty() { "" } else { "." };
        let _ = match name.parse::<usize>() {
            Ok(index) => write!(path, "[{index}]"),
            Err(_) => write!(path, "{dot}{name}"),
        };
    }
    if path.is_empty() { path } else { path + ": " }
}

fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}
