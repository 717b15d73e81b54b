use std::fmt::Write as _;
use std::path::Path;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;
use shared::settings::Settings;

use crate::schema;

/// Everything that is wrong with a settings file, each with its path: what is of another shape than
/// the schema's, and what means nothing in all that is of the right shape. Its pictures are in `folder`.
///
/// # Panics
///
/// When the types of the settings make no JSON Schema.
#[must_use]
pub fn problems(file: &str, folder: &Path) -> Vec<String> {
    let settings = match Settings::json(file) {
        Ok(settings) => settings,
        Err(error) => return error.problems().to_vec(),
    };
    let validator = jsonschema::draft202012::new(&schema()).expect("a good schema");
    let mut sound = settings.clone();
    let mut found = Vec::new();
    for error in validator.iter_errors(&settings) {
        leave_out(&mut sound, &error);
        found.push(format!("{}{error}", path(error.instance_path().as_str())));
    }
    if found.is_empty() || sound.get("apps").is_some() {
        found.extend(meaningless(&settings, sound, folder));
    }
    found
}

/// Takes the app or the section out that is of another shape.
fn leave_out(sound: &mut Value, error: &ValidationError<'_>) {
    let pointer = error.instance_path().as_str();
    let mut names = pointer.split('/').skip(1).map(unescaped);
    let remove = |object: Option<&mut Value>, name: &str| {
        object
            .and_then(Value::as_object_mut)
            .map(|it| it.remove(name));
    };
    match (names.next().as_deref(), names.next()) {
        (Some("apps"), Some(app)) => remove(sound.get_mut("apps"), &app),
        (Some(section), _) => remove(Some(sound), section),
        (None, _) => {
            if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
                for name in unexpected {
                    remove(Some(sound), name);
                }
            }
        }
    }
}

/// What the functions would say of the settings that are of the right shape.
fn meaningless(settings: &Value, mut sound: Value, folder: &Path) -> Vec<String> {
    if sound.get("default_app").is_none() {
        sound["default_app"] = "".into();
    }
    let sound = match Settings::of_value(sound) {
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
        named.is_none_or(|name| !name.is_empty() && settings["apps"].get(name).is_none())
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
