//! Hashes of whatever format before a reset, and of the one that the team's login knows after it.

use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD, assert_contains, assert_ok};
use integration_tests::dialects::dialects;
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use shared::i18n::Language;

/// Hashes of the demo account's password, as other systems have them.
const STORED: [&str; 6] = [
    "$2a$04$UbpgJIOHVNqpJ8akfn7WzechH/a4zZp8WbxknB.EheAtlxgWxesg2",
    "$scrypt$ln=10,r=8,p=1$c2l4dGVlbiBieXRlcyEhIQ$4LVKB0kpXb/Ns77HB1VMHZNXPPU+oxjAgyU74Hx49zI",
    "pbkdf2_sha256$1000$saltsaltsalt$KQDle8SXZRa7sBUZQfkYQI6NXnZxupxhxtm+aXnClyg=",
    "$6$rounds=1000$saltsaltsalt$DOX55tdk4w/JXx511/YvaeZ1Pex5i66k3kOPIJJSst9s2tqZkfdNW.F3krHA9DhjjP8nDJVsMZKYYrjJMnJRZ0",
    "9cf2bbb3", // of a home-made kind
    "$argon2i$v=19$m=16,t=2,p=1$c29tZXNhbHQ$AAAA",
];

/// 72 bytes, which is all that bcrypt takes.
const LONGEST_FOR_BCRYPT: &str =
    "seven lanterns over the bay, and nine kettles under the old stone bridge";

async fn app_that_stores(hash: &str) -> TestApp {
    let shipped = TestApp::builder().setting("passwords.argon2", Value::Null);
    let app = shipped.start().await;
    app.set_user("demo", "password_hash", hash).await;
    app
}

async fn app_of_format(format: &str) -> TestApp {
    TestApp::with("passwords.hash_format", format).await
}

async fn stored_hash(app: &TestApp) -> String {
    let user = app.user("demo").await;
    user["password_hash"].as_str().expect("a string").to_owned()
}

#[tokio::test]
async fn whatever_was_stored_becomes_argon2id() {
    for hash in STORED {
        let app = Box::pin(app_that_stores(hash)).await;
        let token = app.fresh_token().await;
        let confirmed = app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(confirmed.status(), 200, "{hash}");
        assert!(app.password_is(NEW_PASSWORD).await, "{hash}");
        let stored = stored_hash(&app).await;
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
    }
}

#[tokio::test]
async fn a_password_that_bcrypt_would_cut_is_refused_and_the_link_lives() {
    let app = app_of_format("bcrypt").await;
    let token = app.fresh_token().await;
    let too_long = format!("{LONGEST_FOR_BCRYPT}s");
    let answer = app.confirm_link(&token, &too_long).await;
    answer.assert_problem(422, "password-rejected");
    assert_eq!(answer.reason_codes(), ["too-many-bytes"]);
    let body = answer.json();
    assert_eq!(body["password_policy"]["max_bytes"], 72);
    let message = body["reasons"][0]["message"].as_str().expect("a message");
    assert_contains(message, "72 bytes");

    assert_ok(&app.confirm_link(&token, LONGEST_FOR_BCRYPT).await);
    assert!(stored_hash(&app).await.starts_with("$2b$12$"));
}

#[tokio::test]
async fn every_dialect_and_language_says_so() {
    let app = app_of_format("bcrypt").await;
    let token = app.fresh_token().await;
    let too_long = format!("{LONGEST_FOR_BCRYPT}s");
    for dialect in dialects() {
        let answer = app.send(dialect.confirm(DEMO, &token, &too_long)).await;
        let body = answer.text();
        assert!(
            body.contains("at most 72 bytes"),
            "{}: {body}",
            dialect.name
        );
    }
    for language in Language::all() {
        let body = json!({ "token": token, "password": too_long });
        let request = ApiRequest::new("POST", "/v1/confirm-reset").json(&body);
        let answer = app
            .send(request.header("accept-language", language.tag()))
            .await;
        assert_eq!(answer.reason_codes(), ["too-many-bytes"]);
        let body = answer.json();
        let message = body["reasons"][0]["message"].as_str().expect("a message");
        assert_contains(message, "72");
        assert_eq!(answer.0.header("content-language"), Some(language.tag()));
    }
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn the_limit_is_in_settings_and_pages_where_there_is_one() {
    for (format, told) in [
        ("argon2id", Value::Null),
        ("bcrypt", json!(72)),
        ("scrypt", Value::Null),
        ("pbkdf2-django", Value::Null),
    ] {
        let app = app_of_format(format).await;
        let settings = app.get("/v1/settings").await;
        assert_eq!(
            settings.json()["password_policy"]["max_bytes"],
            told,
            "{format}"
        );
        let token = app.fresh_token().await;
        let verified = app.verify_link(&token).await.json();
        assert_eq!(verified["password_policy"]["max_bytes"], told, "{format}");

        let path = format!("/auth/forgot-password/{token}");
        let page = app.get(&path).await;
        let page = page.text();
        let generated = if told.is_null() {
            "passwordrules=\"minlength: 8; maxlength: 128; allowed: unicode;\""
        } else {
            "passwordrules=\"minlength: 8; maxlength: 72; allowed: ascii-printable;\""
        };
        assert!(page.contains(generated), "{format}: {page}");
        assert_eq!(
            page.contains("at most 72 bytes"),
            !told.is_null(),
            "{format}"
        );
    }
}

#[tokio::test]
async fn codes_stay_argon2id() {
    let app = app_of_format("bcrypt").await;
    let code = app.fresh_code().await;
    let record = app.record().await;
    let stored = record["code_salt"].as_str().expect("a string");
    assert!(stored.starts_with("$argon2id$"), "{stored}");
    assert_ok(&app.confirm_code(DEMO, &code, NEW_PASSWORD).await);
    assert!(stored_hash(&app).await.starts_with("$2b$12$"));
}

#[tokio::test]
async fn django_s_iterations_are_a_setting() {
    let app = TestApp::builder()
        .setting("passwords.hash_format", "pbkdf2-django")
        .setting("passwords.pbkdf2_iterations", 600_001)
        .start()
        .await;
    app.change_password().await;
    assert!(stored_hash(&app).await.starts_with("pbkdf2_sha256$600001$"));
}
