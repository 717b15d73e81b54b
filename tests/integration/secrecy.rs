//! What nobody gets to see.

use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD};
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

    // What was left behind has the same shape too.
    let shapes = async |prefix: &str| -> Vec<Vec<String>> {
        let mut shapes = Vec::new();
        for item in app.items(prefix).await {
            let mut names: Vec<_> = item
                .keys()
                .filter(|name| *name != "user_key")
                .cloned()
                .collect();
            names.sort();
            shapes.push(names);
        }
        shapes
    };
    for prefix in ["request#", "token#"] {
        let shapes = shapes(prefix).await;
        assert_eq!(shapes.len(), 2);
        assert_eq!(shapes[0], shapes[1]);
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
