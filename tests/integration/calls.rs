//! How many calls of AWS each step makes.

use aws_sdk_dynamodb::types::AttributeValue;
use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD};
use integration_tests::mailbox::{code_in, token_in};
use local_stack::api_gateway::ApiRequest;
use serde_json::json;

#[tokio::test]
async fn round_trips_are_few_and_the_same_for_everybody() {
    let app = TestApp::start().await;
    app.request_reset(DEMO).await;
    assert_eq!(app.aws.take_calls(), ["UpdateItem", "UpdateItem"]);
    app.request_reset(DEMO).await;
    assert_eq!(
        app.aws.take_calls(),
        ["UpdateItem", "UpdateItem"],
        "too early"
    );
    app.request_reset("nobody@example.com").await;
    assert_eq!(
        app.aws.take_calls(),
        ["UpdateItem", "UpdateItem"],
        "unknown"
    );

    app.deliver().await;
    let mails = app.ses.mails();
    let token = token_in(&mails[0]);
    app.aws.forget_calls();
    app.verify_link(&token).await;
    assert_eq!(app.aws.take_calls(), ["GetItem"]);
    app.confirm_link(&token, "password").await;
    assert_eq!(
        app.aws.take_calls(),
        ["GetItem", "GetItem", "UpdateItem"],
        "a weak password, which is counted"
    );
    app.confirm_link(&token, NEW_PASSWORD).await;
    assert_eq!(
        app.aws.take_calls(),
        ["GetItem", "GetItem", "TransactWriteItems"]
    );
    app.confirm_link(&token, NEW_PASSWORD).await;
    assert_eq!(app.aws.take_calls(), ["GetItem"], "a used link");
}

#[tokio::test]
async fn a_wrong_code_costs_the_same_whoever_it_is_for() {
    let app = TestApp::start().await;
    let flag = AttributeValue::Bool(true);
    for (email, name) in [
        ("off@example.com", "disabled"),
        ("odd@example.com", "credential_version"),
    ] {
        app.add_user(email, email, "an old password").await;
        app.set_user(email, name, flag.clone()).await;
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
        let verified = app.verify_code(email, "0000-0000").await;
        assert_eq!(
            app.aws.take_calls(),
            ["UpdateItem", "UpdateItem"],
            "{email}"
        );
        let confirmed = app.confirm_code(email, "0000-0000", NEW_PASSWORD).await;
        assert_eq!(
            app.aws.take_calls(),
            ["UpdateItem", "UpdateItem"],
            "{email}"
        );
        let body = json!({ "email": email, "code": "0000-0000", "password": NEW_PASSWORD });
        let request = ApiRequest::new("POST", "/v1/confirm-reset").json(&body);
        let request = request.header("idempotency-key", "mSqVCJHsRxy0Vq3mXy8bJA");
        let by_key = app.send(request).await;
        assert_eq!(
            app.aws.take_calls(),
            ["UpdateItem", "UpdateItem"],
            "{email}, by a key"
        );
        assert_eq!(verified.problem(), "invalid-token");
        assert_eq!(verified.0.body, confirmed.0.body);
        assert_eq!(verified.0.body, by_key.0.body);
    }
}

#[tokio::test]
async fn confirming_by_code_takes_five_calls() {
    let app = TestApp::start().await;
    let code = code_in(&app.mailed_reset(DEMO).await);
    app.aws.forget_calls();
    app.confirm_code(DEMO, &code, NEW_PASSWORD).await;
    assert_eq!(
        app.aws.take_calls(),
        // The source, the try, its refund, the user, the change.
        [
            "UpdateItem",
            "UpdateItem",
            "UpdateItem",
            "GetItem",
            "TransactWriteItems"
        ]
    );
}
