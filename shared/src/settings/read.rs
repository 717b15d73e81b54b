use serde::Deserialize;
use serde_json::{Map, Value};

use super::Settings;
use super::located::Located;
use super::problems::SettingsError;
use crate::json::UniqueJson;

impl Settings {
    /// The settings of a file, over which `overrides` is laid as a JSON merge patch (RFC 7396).
    ///
    /// # Errors
    ///
    /// [`SettingsError`] with the first thing that is no JSON or of another shape than the schema's.
    /// What its values mean is looked at when they are used.
    pub fn parse(file: &str, overrides: Option<&str>) -> Result<Self, SettingsError> {
        let mut settings = Self::json(file)?;
        if let Some(overrides) = overrides {
            merge(&mut settings, json(overrides, "SETTINGS_OVERRIDES")?);
        }
        Self::of_value(&settings)
    }

    /// The JSON of a file.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] when it is none, or has a name twice in one object.
    pub fn json(file: &str) -> Result<Value, SettingsError> {
        json(file, "the settings file")
    }

    /// The settings in this JSON.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] with the first thing that is of another shape than the schema's.
    pub fn of_value(settings: &Value) -> Result<Self, SettingsError> {
        let read = Self::deserialize(Located(settings));
        read.map_err(|problem| SettingsError(vec![problem.to_string()]))
    }
}

fn json(text: &str, what: &str) -> Result<Value, SettingsError> {
    let read = serde_json::from_str(text).map(|UniqueJson(value)| value);
    read.map_err(|error| SettingsError(vec![format!("{what}: {error}")]))
}

/// Lays a JSON merge patch over a value (RFC 7396, section 2).
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    let mut object = match target.take() {
        Value::Object(object) => object,
        _ => Map::new(),
    };
    for (name, value) in patch {
        if value.is_null() {
            object.remove(&name);
        } else {
            merge(object.entry(name).or_insert(Value::Null), value);
        }
    }
    *target = Value::Object(object);
}
