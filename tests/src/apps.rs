//! The settings file that ships, and apps of tests' own.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::TestApp;
use crate::app::project;

/// The settings file that ships.
#[must_use]
pub fn settings_file() -> PathBuf {
    project().join("infra/settings/settings.json")
}

/// What stands in the settings file that ships.
#[must_use]
pub fn settings() -> Value {
    let file = std::fs::read_to_string(settings_file()).expect("the settings file");
    serde_json::from_str(&file).expect("JSON")
}

/// The patch after which the file has these apps and no others: `null` takes away what it has more.
pub(crate) fn in_place_of_apps(apps: &Value) -> Value {
    let mut patch = Map::new();
    for (id, shipped) in settings()["apps"].as_object().expect("apps") {
        let fields = shipped.as_object().into_iter().flatten();
        let nothing = || {
            fields
                .map(|(field, _)| (field.clone(), Value::Null))
                .collect()
        };
        patch.insert(id.clone(), apps.get(id).map_or(Value::Null, |_| nothing()));
    }
    for (id, app) in apps.as_object().expect("apps by id") {
        let place = patch.entry(id).or_insert_with(|| json!({}));
        for (field, value) in app.as_object().expect("an app") {
            place[field] = value.clone();
        }
    }
    patch.into()
}

/// The service for these apps, by id.
pub async fn app_with(apps: &Value) -> TestApp {
    TestApp::builder().apps(apps).start().await
}

/// An app, with pages of this deployment.
#[must_use]
pub fn one_app(id: &str, display_name: &str) -> Value {
    json!({
        "display_name": display_name,
        "sender": "no-reply@example.com",
        "reset_link": "{{base_url}}/auth/forgot-password/{{token}}",
        "login_url": format!("https://{id}.example.com/login"),
        "support": "<i>help</i>@example.com",
        "accent_color": "#7c2d12",
    })
}
