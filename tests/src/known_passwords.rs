//! The list of known passwords that is deployed, and what it was made of.

use std::path::PathBuf;

use serde_json::Value;

use crate::app::project;

/// The list that is deployed.
#[must_use]
pub fn known_passwords_file() -> PathBuf {
    built("layer/known-passwords")
}

/// The passwords of each list that it was made of, by name.
#[must_use]
pub fn known_lists() -> Vec<(String, Vec<String>)> {
    let recipe = std::fs::read(project().join("infra/known-passwords/lists.json"));
    let recipe: Value = serde_json::from_slice(&recipe.expect("a recipe")).expect("JSON");
    let lists = recipe["lists"].as_array().expect("lists").iter();
    let list = |list: &Value| {
        let name = list["name"].as_str().expect("a name").to_owned();
        let text = std::fs::read_to_string(built(&format!("lists/{name}"))).expect("UTF-8");
        (name, text.lines().map(str::to_owned).collect())
    };
    lists
        .filter(|it| it.get("package").is_some())
        .map(list)
        .collect()
}

fn built(name: &str) -> PathBuf {
    let path = project().join("target/known-passwords").join(name);
    assert!(
        path.is_file(),
        "{} is missing; run: make known-passwords",
        path.display()
    );
    path
}
