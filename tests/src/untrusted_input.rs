//! What must hold of every answer to untrusted input.

use std::time::Duration;

use local_stack::api_gateway::ApiRequest;
use serde_json::Value;

use crate::app::{Answer, DEMO, TestApp};

/// The service with limits out of the way, so that requests get as far as they can.
pub async fn open_app() -> TestApp {
    TestApp::builder()
        .setting("limits.source_requests", 100_000)
        .setting("limits.address_cooldown_seconds", 1)
        .setting("limits.address_requests", 20)
        .setting("mail.per_hour", 1_000_000)
        .setting("passwords.argon2.memory_kib", 8192)
        .setting("passwords.argon2.iterations", 1)
        .start()
        .await
}

/// Sends a request, checks the answer, and lets the job that it may have become run to its end.
pub async fn ask(app: &TestApp, request: ApiRequest) -> Answer {
    let shown = format!("{request:?}");
    let answer = app.send(request).await;
    assert!(
        (200..500).contains(&answer.status()),
        "{shown}\nis answered with {answer:?}"
    );
    if answer.status() == 202 || answer.status() == 200 || answer.status() == 204 {
        settle(app, &shown).await;
    }
    answer
}

/// No job that a stranger can cause fails, waits or is given up.
async fn settle(app: &TestApp, shown: &str) {
    let progress = app.deliver().await;
    let failed = (progress.pending, progress.discarded, progress.failure);
    assert_eq!(failed, (0, 0, None), "{shown}\nleft a job that fails");
    for mail in app.ses.mails() {
        assert_eq!(
            mail.to,
            [DEMO],
            "{shown}\nmailed somebody without an account"
        );
    }
    app.ses.clear();
    app.aws.forget_calls();
    app.clock.advance(Duration::from_secs(1));
}

/// Hands an event of any shape to every function with a route. One that is no event of an HTTP API
/// is refused by the runtime before it gets to ours; all others are answered.
pub async fn ask_with_event(app: &TestApp, event: &Value) {
    for function in [
        "RequestResetFunction",
        "VerifyTokenFunction",
        "ConfirmResetFunction",
    ] {
        if let Ok(answer) = app.invoke(function, event.clone()).await {
            let status = answer["statusCode"].as_i64().expect("a status");
            assert!(
                (200..500).contains(&status),
                "{event}\nis answered with {answer}"
            );
        }
    }
    app.aws.forget_calls();
}
