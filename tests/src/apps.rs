//! Apps files of tests' own.

use serde_json::{Value, json};

use crate::TestApp;
use crate::stack::binary;

/// An app whose apps file has these apps, the first of which is the default one.
pub async fn app_with(name: &str, apps: &Value) -> TestApp {
    app_with_file(name, &json!({ "default": apps[0]["id"], "apps": apps })).await
}

/// An app with this apps file.
pub async fn app_with_file(name: &str, file: &Value) -> TestApp {
    let folder = binary("").join("apps");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, file.to_string()).expect("the apps file is written");
    let path = path.display().to_string();
    TestApp::builder().set("APPS_FILE", &path).start().await
}

/// An entry of the apps file, with pages of this deployment.
#[must_use]
pub fn one_app(id: &str, display_name: &str) -> Value {
    json!({
        "id": id,
        "display_name": display_name,
        "sender": "no-reply@example.com",
        "reset_link": "{{base_url}}/auth/forgot-password/{{token}}",
        "login_url": format!("https://{id}.example.com/login"),
        "support": "<i>help</i>@example.com",
        "accent_color": "#7c2d12",
    })
}
