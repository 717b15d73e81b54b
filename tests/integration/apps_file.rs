//! The apps file: the reader of the functions and the schema of `make check` agree.

use std::collections::BTreeSet;

use integration_tests::app::project;
use integration_tests::apps::one_app;
use jsonschema::Validator;
use serde_json::{Value, json};
use shared::adapters::dynamodb::USER_SETTINGS;
use shared::domain::Apps;

/// What somebody does to the file.
type Change = fn(&mut Value);

fn schema() -> Value {
    let path = project().join("infra/apps.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    serde_json::from_str(&text).expect("JSON")
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).expect("a good schema")
}

fn file() -> Value {
    json!({ "default": "main", "apps": [one_app("main", "Main"), one_app("other", "Other")] })
}

fn names(object: &Value) -> BTreeSet<String> {
    let object = object.as_object().expect("an object");
    object.keys().cloned().collect()
}

fn problems(file: &Value) -> Vec<String> {
    let read = Apps::from_json(&file.to_string());
    read.map_or_else(|error| error.problems().to_vec(), |_| Vec::new())
}

#[test]
fn both_know_the_same_fields() {
    let schema = schema();
    let users = names(&schema["$defs"]["users"]["properties"]);
    assert_eq!(
        users,
        USER_SETTINGS
            .iter()
            .map(|name| (*name).to_owned())
            .collect()
    );
    for field in names(&schema["$defs"]["app"]["properties"]) {
        let mut file = file();
        file["apps"][0][&field] = json!(7);
        let found = problems(&file);
        assert!(!found.is_empty(), "{field}");
        let known = found
            .iter()
            .all(|problem| !problem.contains("no such field"));
        assert!(known, "{found:?}");
    }
}

#[test]
fn whatever_the_schema_refuses_no_function_takes() {
    let refused: [Change; 14] = [
        |file| *file = json!([]),
        |file| file["apps"] = json!([]),
        |file| file["apps"][1] = json!("other"),
        |file| file["default"] = json!("Main"),
        |file| drop(file.as_object_mut().expect("an object").remove("default")),
        |file| file["extra"] = json!(1),
        |file| file["apps"][0]["sendr"] = json!("x"),
        |file| file["apps"][0]["sender"] = json!(null),
        |file| file["apps"][0]["display_name"] = json!("two\nlines"),
        |file| file["apps"][0]["reset_link"] = json!("https://app.example.com/reset"),
        |file| file["apps"][0]["allowed_redirects"] = json!(["ftp://app.example.com"]),
        |file| file["apps"][0]["accent_color"] = json!("blue"),
        |file| file["apps"][0]["texts"] = json!({ "de": { "page-again": 1 } }),
        |file| file["apps"][0]["users"] = json!({ "table": ["people"] }),
    ];
    let validator = validator();
    assert!(validator.is_valid(&file()) && problems(&file()).is_empty());
    for change in refused {
        let mut file = file();
        change(&mut file);
        assert!(!validator.is_valid(&file), "{file:#}");
        assert!(!problems(&file).is_empty(), "{file:#}");
    }
}

#[test]
fn a_function_is_told_everything_at_once() {
    let mut file = file();
    file["default"] = json!("nobody");
    file["apps"][0]["sender"] = json!(7);
    file["apps"][0]["texts"] = json!("none");
    file["apps"][1]["login_url"] = json!("http://other.example.com");
    file["apps"][1]["users"] = json!({ "table": 7 });
    file["apps"][1]["colour"] = json!("red");
    let expected = [
        "default: no app \"nobody\"",
        "apps[0].sender: must be text",
        "apps[0].texts: must be an object",
        "apps[1].login_url: must be an https URL",
        "apps[1].users: must be an object of texts",
        "apps[1].colour: no such field",
    ];
    assert_eq!(problems(&file), expected);
}
