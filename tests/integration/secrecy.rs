//! What nobody gets to see.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use integration_tests::TestApp;
use integration_tests::app::{DEMO, Item, NEW_PASSWORD};
use integration_tests::mailbox::{code_in, secrets, token_in};
use local_stack::front_door::ApiResponse;

/// Everything of an answer that does not name this very request.
fn without_ids(answer: &ApiResponse) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| name != "apigw-requestid");
    (answer.status, headers, answer.body.clone())
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_no_mail() {
    let app = TestApp::start().await;
    let known = app.request_reset(DEMO).await;
    let unknown = app.request_reset("nobody@example.com").await;
    assert_eq!(without_ids(&known.0), without_ids(&unknown.0));
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), 1);
    assert_eq!(app.ses.attempts(), 1);
}

/// The names of an item's attributes, and of those of its deliveries.
fn shape(item: &Item) -> Vec<String> {
    let mut names: Vec<_> = item.keys().cloned().collect();
    names.retain(|name| name != "user_key");
    if let Some(AttributeValue::M(deliveries)) = item.get("deliveries") {
        for delivery in deliveries.values() {
            let parts = delivery.as_m().expect("a map").keys();
            names.extend(parts.map(|part| format!("deliveries.{part}")));
        }
        let maps = ["links", "codes"].map(|name| (name, item[name].as_m().expect("a map").len()));
        names.extend(maps.map(|(name, size)| format!("{size} {name}")));
    }
    names.sort();
    names
}

#[tokio::test]
async fn items_of_known_and_unknown_addresses_look_alike_at_every_moment() {
    let app = Arc::new(TestApp::start().await);
    let alike = async |app: &TestApp, moment: &str| {
        for prefix in ["request#", "token#"] {
            let items = app.items(prefix).await;
            assert_eq!(items.len(), 2, "{moment}");
            assert_eq!(shape(&items[0]), shape(&items[1]), "{moment}");
        }
    };
    for round in 0..3 {
        app.request_reset(DEMO).await;
        app.request_reset("nobody@example.com").await;
        let inside = Arc::clone(&app);
        app.aws.before("SendEmail", 0, async move {
            alike(&inside, &format!("while mail {round} is sent")).await;
        });
        app.deliver().await;
        assert_eq!(app.ses.mails().len(), round + 1);
        alike(&app, &format!("after mail {round}")).await;
        app.clock.advance(Duration::from_mins(1));
    }
}

#[tokio::test]
async fn nothing_about_an_account_reaches_the_request_item() {
    let app = TestApp::start().await;
    app.request_reset(DEMO).await;
    let before = app.items("request#").await;
    app.deliver().await;
    assert_eq!(app.items("request#").await, before);
}

#[tokio::test]
async fn neither_token_nor_code_nor_password_is_stored() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    app.verify_code(DEMO, &code).await;
    app.confirm_link(&token, NEW_PASSWORD).await;
    let stored = format!("{:?} {:?}", app.items("").await, app.user("demo").await);
    for secret in secrets(&token, &code) {
        assert!(!stored.contains(&secret), "{secret}");
    }
}
