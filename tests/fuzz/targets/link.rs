//! Links of a caller's choice: whatever the allow list lets pass leads to the app, filled in or not.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shared::domain::{Apps, LinkValues};
use shared::settings::Settings;
use url::Url;

const SETTINGS: &str = r#"{
    "default_app": "main",
    "apps": { "main": {
        "display_name": "Example",
        "sender": "no-reply@example.com",
        "reset_link": "https://app.example.com/reset?token={{token}}",
        "login_url": "https://app.example.com/login",
        "support": "support@example.com",
        "allowed_redirects": ["https://app.example.com/reset", "http://localhost:3000"]
    } }
}"#;

static SERVED: LazyLock<Apps> = LazyLock::new(|| {
    let settings = Settings::parse(SETTINGS, None).expect("good settings");
    settings.apps(std::path::Path::new("")).expect("good apps").0
});

fuzz_target!(|input: (&str, &str, bool)| {
    let (text, email, whole) = input;
    let template = if whole {
        text.to_owned()
    } else {
        format!("https://app.example.com/reset{text}")
    };
    let app = SERVED.default_app();
    if app.check_redirect(&template).is_err() {
        return;
    }
    let values = LinkValues {
        base_url: "https://api.example.com",
        token: "fpr_token",
        code: "ABCD-2345",
        email,
    };
    let link = app.reset_link(&values, Some(&template));
    let url = Url::parse(&link).expect("a URL");
    assert!(!link.contains(|c: char| c.is_control() || c.is_whitespace()));
    match url.host_str() {
        Some("app.example.com") => {
            assert_eq!((url.scheme(), url.port()), ("https", None));
            assert!(url.path().starts_with("/reset"));
        }
        Some("localhost") => assert_eq!((url.scheme(), url.port()), ("http", Some(3000))),
        other => panic!("{template} leads to {other:?}"),
    }
    assert!(url.username().is_empty() && url.password().is_none());
    assert!(link.contains("fpr_token"), "{template} carries no secret");
});
