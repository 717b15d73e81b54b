use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Value, json};
use shared::settings::Settings;

/// The JSON Schema of the settings file.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12();
    let settings = settings.with_transform(RecursiveTransform(plain));
    let mut schema = settings.into_generator().into_root_schema_for::<Settings>();
    schema.insert("$id".to_owned(), json!("urn:forgot-password:settings"));
    schema.to_value()
}

/// The schema as its file has it.
pub(crate) fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// Says values as one list and what each means in words, so that a wrong one is told with all that
/// would be right; takes out what Rust knows more than JSON, and the ends of lines of comments.
fn plain(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    object.remove("format");
    if let Some(Value::Array(choices)) = object.get("oneOf") {
        let each = |choice: &Value| {
            let meaning = choice
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            Some((choice.get("const")?.clone(), meaning.replace('\n', " ")))
        };
        if let Some(values) = choices.iter().map(each).collect::<Option<Vec<_>>>() {
            object.remove("oneOf");
            let meanings: Vec<_> = values
                .iter()
                .map(|(value, meaning)| {
                    format!("{}: {meaning}", value.as_str().unwrap_or_default())
                })
                .collect();
            let values: Vec<_> = values.into_iter().map(|(value, _)| value).collect();
            object.insert("type".to_owned(), json!("string"));
            object.insert("enum".to_owned(), json!(values));
            object.insert("description".to_owned(), json!(meanings.join(" ")));
        }
    }
    if let Some(Value::String(text)) = object.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}
