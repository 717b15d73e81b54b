//! The settings file: its schema, what is said of a wrong one, and what is made from the types.

use std::collections::BTreeSet;
use std::path::Path;

use check::{made_files, problems, schema};
use integration_tests::app::project;
use integration_tests::apps::{one_app, settings};
use serde_json::{Value, json};
use shared::settings::Settings;

/// What somebody does to the file.
type Change = fn(&mut Value);

fn file() -> Value {
    json!({
        "default_app": "main",
        "apps": { "main": one_app("main", "Main"), "shop": one_app("shop", "Shop") },
        "users": { "email_index": "email-index" },
    })
}

fn good(file: &Value) -> bool {
    let settings = Settings::of_value(file);
    settings.is_ok_and(|it| it.apps(Path::new("")).is_ok() && it.user_tables(Some("users")).is_ok())
}

#[test]
fn what_is_made_from_the_types_is_up_to_date() {
    let read = |path| std::fs::read_to_string(project().join(path)).expect(path);
    for (path, made) in made_files(&read("template.yaml")) {
        let written = read(path);
        assert!(written == made, "{path} is stale: make settings-documents");
    }
}

#[test]
fn the_file_that_ships_is_good() {
    assert_eq!(problems(&settings().to_string(), Path::new("")), [""; 0]);
}

#[test]
fn the_schema_and_the_functions_refuse_the_same() {
    let changes: [Change; 18] = [
        |file| *file = json!([]),
        |file| file["apps"]["shop"] = json!("shop"),
        |file| file["default_app"] = json!(["main"]),
        |file| file["extra"] = json!(1),
        |file| file["enabled"] = json!("true"),
        |file| file["log_level"] = json!("loud"),
        |file| file["trusted_roots"] = json!("mozilla"),
        |file| file["wire_formats"] = json!({ "frontstack": "main" }),
        |file| file["apps"]["main"]["sendr"] = json!("x"),
        |file| file["apps"]["main"]["sender"] = json!(null),
        |file| file["apps"]["main"]["texts"] = json!({ "de": { "page-again": 1 } }),
        |file| file["apps"]["main"]["users"] = json!({ "table": ["people"] }),
        |file| file["users"]["public_attributes"] = json!(["id", "password_hash"]),
        |file| file["users"]["without_password"] = json!("no"),
        |file| file["limits"] = json!({ "source_requests": 0 }),
        |file| file["codes"] = json!({ "max_tries": 11 }),
        |file| file["passwords"] = json!({ "hash_format": "md5" }),
        |file| file["passwords"] = json!({ "argon2": { "memory_kib": 262_145 } }),
    ];
    let validator = jsonschema::draft202012::new(&schema()).expect("a good schema");
    assert!(validator.is_valid(&file()) && good(&file()));
    for change in changes {
        let mut file = file();
        change(&mut file);
        assert!(!validator.is_valid(&file), "{file:#}");
        assert!(!good(&file), "{file:#}");
    }
}

#[test]
fn every_problem_is_reported_at_once_by_its_path() {
    let mut file = file();
    file["default_app"] = json!("nobody");
    file["wire_formats"] = json!({ "razi": "main" });
    file["apps"]["main"]["sender"] = json!(7);
    file["apps"]["main"]["colour"] = json!("red");
    file["apps"]["shop"]["sender"] = json!("shop");
    file["apps"]["shop"]["logo"] = json!("/etc/hostname");
    file["apps"]["shop"]["texts"] = json!({ "de": { "page-nothing": "x" } });
    file["users"]["email_key"] = json!("EMAIL#");
    file["limits"] = json!({ "source_requests": "many", "address_requests": 21 });
    file["passwords"] = json!({ "hash_format": "md5" });
    let mut found = problems(&file.to_string(), Path::new(""));
    found.sort();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn a_wrong_type_neither_hides_a_problem_nor_makes_one_up() {
    let mut file = file();
    file["users"] = json!({
        "email_index": "email-index",
        "emails_lowercase": "x",
        "password_hash_attribute": "a..b",
        "on_reset": { "set": { "score": 1.5, "id": "x" } },
    });
    let found = problems(&file.to_string(), Path::new(""));
    let path = |problem: &String| problem.split(": ").next().map(str::to_owned);
    let paths: BTreeSet<_> = found.iter().filter_map(path).collect();
    let expected = [
        "users.emails_lowercase",
        "users.on_reset",
        "users.on_reset.set.score",
        "users.password_hash_attribute",
    ];
    assert_eq!(paths, expected.map(str::to_owned).into(), "{found:#?}");
}

#[test]
fn without_apps_all_other_problems_are_reported() {
    for apps in [json!(null), json!([])] {
        let mut file = file();
        file["apps"] = apps;
        file["wire_formats"] = json!({ "razi": "main" });
        file["passwords"] = json!({ "known_list": "off", "min_strength": 1 });
        let found = problems(&file.to_string(), Path::new(""));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("apps: "), "{found:?}");
        assert!(
            found[1].starts_with("passwords.min_strength: "),
            "{found:?}"
        );
    }
}
