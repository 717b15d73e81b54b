//! What a line of the log may be, as a schema and as a document.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};
use shared::domain::AuditEvent;
use shared::telemetry::Metric;

/// What stands before the tables.
const INTRODUCTION: &str = include_str!("log.md");

/// `infra/schemas/audit-log.schema.json`.
pub(crate) fn log_schema_text() -> String {
    format!("{:#}\n", log_schema())
}

fn log_schema() -> Value {
    let mut definitions = events();
    let references: Vec<_> = definitions
        .keys()
        .map(|event| json!({ "$ref": format!("#/$defs/{event}") }))
        .collect();
    let names: Vec<_> = definitions.keys().cloned().collect();
    definitions.insert("failure".to_owned(), failure());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:forgot-password:audit-log",
        "title": "A line of the functions' logs",
        "description": "Every line is one JSON object. One with `event` is a security event, of the kinds \
            below and no others; one without is a failure of the deployment. Fields may be added; those \
            that are here keep their names and meanings.",
        "type": "object",
        "required": ["timestamp", "level", "target"],
        "properties": {
            "timestamp": {
                "description": "When, in UTC.",
                "type": "string",
                "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
            },
            "level": { "enum": ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"] },
            "target": {
                "description": "`audit` for an event; else the module that logged.",
                "type": "string",
            },
        },
        "if": { "required": ["event"] },
        "then": { "properties": { "event": { "enum": names } }, "oneOf": references },
        "else": { "$ref": "#/$defs/failure" },
        "unevaluatedProperties": false,
        "$defs": definitions,
    })
}

fn failure() -> Value {
    json!({
        "description": "Something of the deployment failed: the store, the hash, the settings, a library.",
        "required": ["message"],
        "properties": {
            "level": { "enum": ["ERROR", "WARN"] },
            "message": { "type": "string", "minLength": 1 },
            "error": { "type": "string" },
            "reason": { "type": "string" },
            "event": false,
        },
        "additionalProperties": { "description": "What libraries add." },
    })
}

/// The schema of each event, by its name.
fn events() -> Map<String, Value> {
    let name = |event: &Value| {
        event["properties"]["event"]["const"]
            .as_str()
            .map(str::to_owned)
    };
    choices::<AuditEvent<'static>>()
        .into_iter()
        .filter_map(|event| Some((name(&event)?, event)))
        .collect()
}

/// The schemas of what an enum may be.
fn choices<T: JsonSchema>() -> Vec<Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let settings = settings.with_transform(RecursiveTransform(plain));
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let choices = schema.get("oneOf").and_then(Value::as_array);
    choices.cloned().unwrap_or_default()
}

/// Takes out where a comment's lines end, and that an absent field may be null: it is left out. A text
/// whose type says no more of it is not empty.
fn plain(schema: &mut Schema) {
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        let text = text.replace('\n', " ");
        schema.insert("description".to_owned(), json!(text));
    }
    if let Some(Value::Array(types)) = schema.get("type") {
        let one = types[0].clone();
        schema.insert("type".to_owned(), one);
    }
    let said = ["const", "enum", "minLength", "pattern"];
    let is_any = said.iter().all(|it| schema.get(*it).is_none());
    if is_any && schema.get("type") == Some(&json!("string")) {
        schema.insert("minLength".to_owned(), json!(1));
    }
}

/// `docs/logs.md`.
pub(crate) fn log_document() -> String {
    let mut text = INTRODUCTION.to_owned();
    for (name, event) in events() {
        let fields = event["properties"].as_object().into_iter().flatten();
        let fields = fields.filter(|(field, _)| *field != "event");
        let fields: Vec<_> = fields.map(|(name, schema)| field(name, schema)).collect();
        let _ = writeln!(
            text,
            "| `{name}` | {} | {} |",
            meaning(&event),
            fields.join("; ")
        );
    }
    text += "\n## Metrics\n\n| Metric | Meaning |\n|---|---|\n";
    for metric in choices::<Metric>() {
        let name = metric["const"].as_str().unwrap_or_default();
        let _ = writeln!(text, "| `{name}` | {} |", meaning(&metric));
    }
    text
}

fn meaning(schema: &Value) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

/// A field's name, and its values where these are of a fixed set.
fn field(name: &str, schema: &Value) -> String {
    let Some(values) = schema["enum"].as_array() else {
        return format!("`{name}`");
    };
    let values = values.iter().filter_map(Value::as_str);
    let values: Vec<_> = values.map(|value| format!("`{value}`")).collect();
    format!("`{name}`: {}", values.join(", "))
}
