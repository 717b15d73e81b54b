//! How many calls of AWS each step makes.

use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD};
use integration_tests::mailbox::token_in;
use local_stack::api_gateway::ApiRequest;
use serde_json::json;

#[tokio::test]
async fn round_trips_are_few_and_the_same_for_everybody() {
    let app = TestApp::start().await;
    // The second one for the demo account comes too early.
    for email in [DEMO, DEMO, "nobody@example.com"] {
        app.request_reset(email).await;
        let calls = ["UpdateItem", "UpdateItem"];
        assert_eq!(app.aws.take_calls(), calls, "{email}");
    }

    app.deliver().await;
    let mails = app.ses.mails();
    let token = token_in(&mails[0]);
    app.aws.forget_calls();
    app.verify_link(&token).await;
    assert_eq!(app.aws.take_calls(), ["GetItem"]);
    app.confirm_link(&token, "password").await;
    let counted = ["GetItem", "GetItem", "UpdateItem"];
    assert_eq!(app.aws.take_calls(), counted, "a weak password");
    app.confirm_link(&token, NEW_PASSWORD).await;
    let changed = ["GetItem", "GetItem", "TransactWriteItems"];
    assert_eq!(app.aws.take_calls(), changed);
    app.confirm_link(&token, NEW_PASSWORD).await;
    assert_eq!(app.aws.take_calls(), ["GetItem"], "a used link");
}

#[tokio::test]
async fn a_wrong_code_costs_the_same_for_every_address() {
    let app = TestApp::start().await;
    for (email, name) in [
        ("off@example.com", "disabled"),
        ("odd@example.com", "credential_version"),
    ] {
        app.add_user(email, email, "an old password").await;
        app.set_user(email, name, true).await;
    }
    let unmailed = ["off@example.com", "odd@example.com", "nobody@example.com"];
    for email in [DEMO].into_iter().chain(unmailed) {
        app.request_reset(email).await;
    }
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), 1);
    app.aws.forget_calls();
    for email in [DEMO, "never-asked@example.com"]
        .into_iter()
        .chain(unmailed)
    {
        let calls = ["UpdateItem", "UpdateItem"];
        let verified = app.verify_code(email, "0000-0000").await;
        assert_eq!(app.aws.take_calls(), calls, "{email}");
        let confirmed = app.confirm_code(email, "0000-0000", NEW_PASSWORD).await;
        assert_eq!(app.aws.take_calls(), calls, "{email}");
        let body = json!({ "email": email, "code": "0000-0000", "password": NEW_PASSWORD });
        let request = ApiRequest::new("POST", "/v1/confirm-reset").json(&body);
        let request = request.header("idempotency-key", "mSqVCJHsRxy0Vq3mXy8bJA");
        let by_key = app.send(request).await;
        assert_eq!(app.aws.take_calls(), calls, "{email}, by a key");
        assert_eq!(verified.problem(), "invalid-token");
        assert_eq!(verified.0.body, confirmed.0.body);
        assert_eq!(verified.0.body, by_key.0.body);
    }
}

#[tokio::test]
async fn confirming_by_code_takes_five_calls() {
    let app = TestApp::start().await;
    let code = app.fresh_code().await;
    app.aws.forget_calls();
    app.confirm_code(DEMO, &code, NEW_PASSWORD).await;
    let [source, attempt, refund] = ["UpdateItem"; 3];
    let [user, change] = ["GetItem", "TransactWriteItems"];
    let calls = [source, attempt, refund, user, change];
    assert_eq!(app.aws.take_calls(), calls);
}
