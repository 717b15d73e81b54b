//! What is logged and what never is. A process of its own, because it takes the process's one
//! logger.

mod audit_log;
mod metrics;

use std::time::Duration;

use integration_tests::app::{DEMO, NEW_PASSWORD};
use integration_tests::logs::CapturedLogs;
use integration_tests::mailbox::{code_in, secrets, ses_event, token_in};
use integration_tests::{Fault, TestApp};
use local_stack::api_gateway::ApiRequest;
use serde_json::json;

#[tokio::test]
async fn no_log_line_holds_a_secret_or_an_address_even_at_trace() {
    let logs = CapturedLogs::of_this_process();

    let app = TestApp::start().await;
    // What the frontends of other systems send besides, which nobody here is to look at.
    let canaries = [
        ("authorization", "canary-of-a-key"),
        ("cookie", "session=canary-of-a-cookie"),
        ("x-provider-id", "canary-of-a-provider"),
    ];
    for (method, path) in [
        ("POST", "/app/forgot-password"),
        ("POST", "/app/reset-password"),
        ("GET", "/app/reset-password/fpr_x"),
        ("GET", "/app/nothing"),
        ("POST", "/auth/forgot"),
    ] {
        let request = ApiRequest::new(method, path).json(&json!({ "email": "canary@example.com" }));
        let sent = canaries
            .iter()
            .fold(request, |sent, (name, value)| sent.header(name, value));
        app.send(sent).await;
    }
    app.deliver().await;
    // SES's own words name the address.
    let unverified = Fault::Refuse(
        400,
        "MessageRejected",
        "Email address is not verified. These identities failed the check: demo@example.com",
    );
    app.aws.inject("SendEmail", [unverified]);
    app.request_reset(DEMO).await;
    app.deliver().await;
    app.clock.advance(Duration::from_mins(1));
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    app.verify_link(&token).await;
    app.verify_code(DEMO, &code).await;
    app.verify_code(DEMO, "0000-0000").await;
    app.confirm_link(&token, "password").await;
    app.aws.inject("SendEmail", [Fault::THROTTLED]);
    app.confirm_link(&token, NEW_PASSWORD).await;
    app.deliver().await;
    let bounce = ses_event("Bounce", &mail);
    let reported = app.invoke("MailReportsFunction", bounce).await;
    reported.expect("noted");
    app.aws.fail("GetItem", Fault::INTERNAL);
    app.verify_link(&token).await;

    let text = logs.text();
    for event in [
        "reset-requested",
        "mail-sent",
        "token-verified",
        "reset-confirmed",
        "mail-deferred",
        "mail-reported",
        "These identities failed the check",
    ] {
        assert!(text.contains(event), "{event} is logged:\n{text}");
    }
    for secret in secrets(&token, &code) {
        assert!(!text.contains(&secret), "{secret} is in the log:\n{text}");
    }
    for private in [DEMO, "demo@", "127.0.0.1\"", "$argon2id$", "canary"] {
        assert!(!text.contains(private), "{private} is in the log:\n{text}");
    }
}

#[tokio::test]
async fn the_log_says_why_an_account_cannot_be_changed() {
    let logs = CapturedLogs::of_this_process();
    let app = TestApp::start().await;
    app.set_user("demo", "credential_version", "7").await;
    app.request_reset(DEMO).await;
    app.deliver().await;
    let said = "credential_version is no number";
    let lines = logs.lines();
    let told = lines.iter().any(|it| it.to_string().contains(said));
    assert!(told, "{}", logs.text());
}
