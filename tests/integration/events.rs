//! What others may subscribe to: the records of the tokens table's stream, as the contract in
//! `infra/schemas/stream-records.schema.json` has them.

use aws_sdk_dynamodb::types::AttributeValue;
use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD, assert_ok, project};
use integration_tests::items::item_image;
use integration_tests::mailbox::{code_in, secrets, token_in};
use integration_tests::user_tables::{ANN, by_id, single_table};
use jsonschema::Validator;
use serde_json::{Value, json};

pub(crate) fn schema(name: &str) -> Value {
    let path = project().join(format!("infra/schemas/{name}.schema.json"));
    let schema = std::fs::read_to_string(path).expect("the schema");
    serde_json::from_str(&schema).expect("JSON")
}

fn contract() -> Validator {
    jsonschema::draft202012::new(&schema("stream-records")).expect("a good schema")
}

async fn images(app: &TestApp, prefix: &str) -> Vec<Value> {
    app.items(prefix).await.iter().map(item_image).collect()
}

pub(crate) fn assert_kept(contract: &Validator, image: &Value) {
    let errors: Vec<_> = contract
        .iter_errors(image)
        .map(|it| it.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{image:#}");
}

#[tokio::test]
async fn every_request_and_every_reset_is_a_record_of_the_contract() {
    let contract = contract();
    let app = TestApp::start().await;
    let plain = json!({ "email": " Demo@Example.com ", "locale": "de" });
    let chosen = json!({ "email": "nobody@example.com",
        "resetPasswordUrl": "https://app.example.com/reset?code={{code}}" });
    for body in [plain, chosen] {
        assert_eq!(app.post("/v1/request-reset", &body).await.status(), 202);
    }
    let requests = images(&app, "request#").await;
    assert_eq!(requests.len(), 2);
    app.deliver().await;
    let token = token_in(&app.last_mail());
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let notices = images(&app, "notice#").await;
    assert_eq!(notices.len(), 1);
    for image in requests.iter().chain(&notices) {
        assert_kept(&contract, image);
    }
    assert_eq!(notices[0]["email"], json!({ "S": DEMO }));
    assert_eq!(notices[0]["user_key"], json!({ "S": "demo" }));
}

#[tokio::test]
async fn a_key_of_any_kind_stands_in_the_record_with_its_types() {
    let contract = contract();
    for (shape, key) in [
        (
            by_id(),
            json!({ "partition": { "M": { "N": { "S": "4711" } } } }),
        ),
        (
            single_table(),
            json!({
                "partition": { "M": { "S": { "S": "USER#1" } } },
                "sort": { "M": { "S": { "S": "PROFILE" } } },
            }),
        ),
    ] {
        let app = shape.start().await;
        let token = token_in(&app.mailed_reset(ANN).await);
        assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
        let notices = images(&app, "notice#").await;
        assert_kept(&contract, &notices[0]);
        assert_eq!(notices[0]["user_key"]["M"], key);
    }
}

#[tokio::test]
async fn further_recipients_are_in_the_record() {
    let app = TestApp::with("users.notice_emails_attribute", "contacts").await;
    let contacts = ["b@b.example", "nobody"].map(str::to_owned);
    let contacts = AttributeValue::Ss(contacts.to_vec());
    app.set_attribute("demo", "contacts", contacts).await;
    app.change_password().await;
    let notice = images(&app, "notice#").await.remove(0);
    assert_kept(&contract(), &notice);
    let others = json!({ "L": [{ "S": "b@b.example" }, { "S": "" }] });
    assert_eq!(notice["others"], others);
}

#[tokio::test]
async fn no_record_holds_a_secret_and_tokens_are_not_records() {
    let contract = contract();
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    for prefix in ["request#", "notice#"] {
        for image in images(&app, prefix).await {
            let text = image.to_string();
            for secret in secrets(&token, &code) {
                assert!(!text.contains(&secret), "{text}");
            }
            assert!(!text.contains(NEW_PASSWORD) && !text.contains("$argon2"));
        }
    }
    for image in images(&app, "token#").await {
        assert!(!contract.is_valid(&image), "{image:#}");
    }
}
