use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::schema;

/// What stands before the settings.
const INTRODUCTION: &str = include_str!("introduction.md");

/// `docs/configuration.md`.
pub(crate) fn document() -> String {
    let schema = schema();
    let mut document = Document {
        definitions: schema["$defs"].as_object().cloned().unwrap_or_default(),
        text: INTRODUCTION.to_owned(),
        sections: Vec::new(),
    };
    document.table("", &schema);
    while !document.sections.is_empty() {
        let (path, meaning, object) = document.sections.remove(0);
        let _ = write!(document.text, "\n### `{path}`\n\n{meaning}\n\n");
        document.table(&path, &object);
    }
    document.text
}

struct Document {
    definitions: Map<String, Value>,
    text: String,
    /// Objects to come: the path of each, what it is, and its schema.
    sections: Vec<(String, String, Value)>,
}

impl Document {
    /// A row for each setting of an object.
    fn table(&mut self, path: &str, object: &Value) {
        self.text += "| Setting | Values | Default | Meaning |\n|---|---|---|---|\n";
        let required = object["required"].as_array().cloned().unwrap_or_default();
        for (name, property) in object["properties"].as_object().into_iter().flatten() {
            let known = self.resolved(property);
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let default = if required.contains(&Value::from(name.as_str())) {
                "required".to_owned()
            } else {
                default(property)
            };
            let values = self.values(&path, property, &known);
            let mut meaning = text(property, "description");
            // What each value means is said with all of them.
            let means = text(&known, "description");
            if known.get("enum").is_some() && means.contains(": ") {
                meaning = format!("{meaning} {means}");
            }
            let _ = writeln!(
                self.text,
                "| `{name}` | {values} | {default} | {} |",
                meaning.trim()
            );
        }
    }

    /// The values that a setting may have; an object has a section of its own.
    fn values(&mut self, path: &str, property: &Value, known: &Value) -> String {
        if let Some(values) = known["enum"].as_array() {
            let values: Vec<_> = values.iter().map(|it| format!("`{}`", shown(it))).collect();
            return values.join(", ");
        }
        if let (Some(min), Some(max)) = (known.get("minimum"), known.get("maximum")) {
            return format!("{min} to {max}");
        }
        if known.get("properties").is_some() {
            return self.section(path.to_owned(), property, known);
        }
        match kind(known) {
            "object" => {
                let inner = self.resolved(&known["additionalProperties"]);
                if inner.get("properties").is_some() {
                    return self.section(format!("{path}.<id>"), property, &inner);
                }
                match known["propertyNames"].as_object() {
                    Some(names) => {
                        let names = Value::Object(names.clone());
                        format!("texts by {}", self.values(path, &names, &names))
                    }
                    None => "texts by name".to_owned(),
                }
            }
            "array" => {
                let items = self.resolved(&known["items"]);
                format!("list of {}", self.values(path, &items, &items))
            }
            "boolean" => "`true`, `false`".to_owned(),
            _ => "text".to_owned(),
        }
    }

    fn section(&mut self, path: String, property: &Value, object: &Value) -> String {
        let same = |(_, _, other): &&(String, String, Value)| other == object;
        if let Some((path, ..)) = self.sections.iter().find(same) {
            return format!("as `{path}`");
        }
        let shown = format!("[below](#{})", anchor(&path));
        let mut meaning = text(object, "description");
        if meaning.is_empty() {
            meaning = text(property, "description");
        }
        self.sections.push((path, meaning, object.clone()));
        shown
    }

    /// What a schema refers to; itself, where it refers to nothing. Whether it may be null is left
    /// out: a setting that is null is one that is not there.
    fn resolved(&self, schema: &Value) -> Value {
        let one = |schema: &Value| {
            let name = schema["$ref"].as_str()?.strip_prefix("#/$defs/")?;
            self.definitions.get(name).cloned()
        };
        let choice = schema["anyOf"].as_array().into_iter().flatten();
        let known = one(schema).or_else(|| choice.into_iter().find_map(one));
        known.unwrap_or_else(|| schema.clone())
    }
}

fn kind(schema: &Value) -> &str {
    schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str())
        .unwrap_or_default()
}

fn default(property: &Value) -> String {
    match property.get("default") {
        None | Some(Value::Null | Value::Object(_)) => String::new(),
        Some(Value::Array(values)) => {
            let values: Vec<_> = values.iter().map(|it| format!("`{}`", shown(it))).collect();
            values.join(", ")
        }
        Some(value) => format!("`{}`", shown(value)),
    }
}

fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn text(schema: &Value, name: &str) -> String {
    let text = schema[name].as_str().unwrap_or_default();
    text.replace('|', "\\|").replace('<', "\\<")
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(path: &str) -> String {
    path.chars()
        .filter(|c| c.is_alphanumeric() || "_-".contains(*c))
        .collect()
}
