//! Time: one second before the end works, the exact second does not, whatever the table still has.

use std::time::Duration;

use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD, assert_contains, assert_invalid, assert_ok};
use integration_tests::mailbox::{code_in, token_in};
use shared::ports::Clock as _;

const SECOND: Duration = Duration::from_secs(1);
/// A second less than a link lives.
const NEARLY_A_LINKS_LIFE: Duration = Duration::from_secs(30 * 60 - 1);
/// A second less than a code lives.
const NEARLY_A_CODES_LIFE: Duration = Duration::from_secs(10 * 60 - 1);

#[tokio::test]
async fn a_link_works_to_its_last_second_only() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    app.clock.advance(NEARLY_A_LINKS_LIFE);
    let verified = app.verify_link(&token).await;
    assert_eq!(verified.status(), 200);
    let expires_at = (app.clock.now() + SECOND).to_rfc3339();
    assert_eq!(verified.json()["expires_at"], expires_at);

    app.clock.advance(SECOND);
    assert_eq!(app.items("token#").await.len(), 1, "the row is still there");
    assert_invalid(&app.verify_link(&token).await);
    assert_invalid(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_code_works_to_its_last_second_only_and_the_link_lives_on() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let code = code_in(&mail);
    app.clock.advance(NEARLY_A_CODES_LIFE);
    assert_ok(&app.verify_code(DEMO, &code).await);
    app.clock.advance(SECOND);
    assert_invalid(&app.verify_code(DEMO, &code).await);
    assert_invalid(&app.confirm_code(DEMO, &code, NEW_PASSWORD).await);
    assert_ok(&app.verify_link(&token_in(&mail)).await);
}

#[tokio::test]
async fn a_row_that_outlives_its_ttl_is_swept_and_was_dead_before() {
    let app = TestApp::start().await;
    app.fresh_token().await;
    assert_eq!(app.sweep(), 0);
    app.clock.advance(Duration::from_hours(3));
    assert!(app.sweep() >= 3, "request, source and token have expired");
    assert!(app.items("").await.is_empty());
}

#[tokio::test]
async fn lifetimes_are_settings() {
    let app = TestApp::builder()
        .set("LINK_LIFETIME_SECONDS", "86400")
        .setting("codes.lifetime_seconds", 60)
        .start()
        .await;
    let mail = app.mailed_reset(DEMO).await;
    let text = mail.text.clone().unwrap_or_default();
    assert_contains(&text, "24 hours");
    assert_contains(&text, "1 minute");
    app.clock.advance(Duration::from_mins(1));
    assert_invalid(&app.verify_code(DEMO, &code_in(&mail)).await);
    app.clock.advance(Duration::from_hours(23));
    assert_ok(&app.verify_link(&token_in(&mail)).await);
}
