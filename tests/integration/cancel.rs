//! "This wasn't me": a person who got a mail that they did not ask for ends it.

use integration_tests::TestApp;
use integration_tests::app::{
    DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_contains, assert_invalid, assert_ok,
};
use integration_tests::apps::{app_with, one_app};
use integration_tests::aws_proxy::Fault;
use integration_tests::dialects::form;
use integration_tests::mailbox::{code_in, token_in};
use local_stack::api_gateway::ApiRequest;
use local_stack::ses::Mail;
use serde_json::json;
use std::time::Duration;

/// The path of the link in a mail that cancels its reset.
fn cancel_path(mail: &Mail) -> String {
    let text = mail.text.as_deref().expect("a text part");
    let origin = "https://api.example.com";
    let link = text
        .lines()
        .find_map(|line| line.strip_prefix(origin).filter(|it| it.contains("cancel")));
    link.expect("a link that cancels").to_owned()
}

/// What the button of the cancel page sends.
const PRESSED: &[(&str, &str)] = &[("cancel", "yes")];

#[tokio::test]
async fn cancelling_kills_every_link_and_the_code_of_the_address_and_nothing_else() {
    let app = TestApp::start().await;
    app.add_user("other", "other@example.com", OLD_PASSWORD)
        .await;
    let other = token_in(&app.mailed_reset("other@example.com").await);
    let first = app.fresh_token().await;
    app.clock.advance(Duration::from_mins(2));
    let mail = app.mailed_reset(DEMO).await;
    let (second, code) = (token_in(&mail), code_in(&mail));

    app.aws.forget_calls();
    let cancelled = app.cancel(&first).await;
    assert_eq!(cancelled.status(), 200, "{cancelled:?}");
    assert_eq!(cancelled.json(), json!({ "status": "reset-cancelled" }));
    assert_eq!(app.aws.take_calls(), ["GetItem", "UpdateItem"]);

    for dead in [&first, &second] {
        assert_invalid(&app.verify_link(dead).await);
        assert_invalid(&app.confirm_link(dead, NEW_PASSWORD).await);
    }
    assert_invalid(&app.confirm_code(DEMO, &code, NEW_PASSWORD).await);
    let other_link = app.cancel(&second).await;
    assert_eq!(other_link.status(), 200, "once more, by another link");
    assert!(app.password_is(OLD_PASSWORD).await);
    assert_ok(&app.verify_link(&other).await);

    app.clock.advance(Duration::from_mins(2));
    let token = app.fresh_token().await;
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_scanner_that_follows_the_link_kills_nothing_and_the_button_does() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, path) = (token_in(&mail), cancel_path(&mail));
    let before = app.items("").await;
    for path in [
        &path,
        &format!("/auth/forgot-password/{token}"),
        &format!("/app/reset-password/{token}"),
        "/auth/forgot-password",
        "/auth/reset-code",
    ] {
        for method in ["GET", "HEAD"].repeat(100) {
            assert_ok(&app.send(ApiRequest::new(method, path)).await);
        }
    }
    for (post, status) in [
        (ApiRequest::new("POST", &path), 415),
        (form(&path, &[]), 400),
        (form(&path, &[("cancel", "")]), 400),
        (form(&path, &[("cancel", "on")]), 400),
        (form(&path, &[("cancel", "yes "), ("yes", "yes")]), 400),
        (
            form(&path, PRESSED).header("origin", "https://evil.example"),
            403,
        ),
    ] {
        assert_eq!(app.send(post).await.status(), status);
    }
    let blind = app.send(form(&path, &[])).await;
    let page = blind.text();
    let says = "To cancel the reset, press the button on this page.";
    assert_contains(&page, says);
    assert_contains(&page, "<button");
    assert_eq!(app.items("").await, before);
    assert_ok(&app.verify_link(&token).await);

    let pressed = app.send(form(&path, PRESSED)).await;
    assert_eq!(pressed.status(), 200);
    let page = pressed.text();
    assert_contains(&page, "data-page=\"cancelled\"");
    assert_invalid(&app.verify_link(&token).await);
    assert_eq!(
        app.send(form(&path, PRESSED)).await.status(),
        200,
        "once more"
    );
    // It may cancel again what was mailed since, until it expires.
    assert_ok(&app.get(&path).await);
    app.clock.advance(Duration::from_mins(30));
    assert_eq!(app.get(&path).await.status(), 400);
}

#[tokio::test]
async fn an_expired_link_cancels_nothing() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    app.clock.advance(Duration::from_mins(30));
    let before = app.items("token#").await;
    assert_invalid(&app.cancel(&token).await);
    assert_eq!(app.items("token#").await, before);
}

#[tokio::test]
async fn a_link_that_cancelled_cancels_what_was_mailed_since_until_it_expires() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    app.aws.inject("UpdateItem", vec![Fault::LoseAnswer]);
    assert_ok(&app.cancel(&token).await);
    app.clock.advance(Duration::from_mins(2));
    let mail = app.mailed_reset(DEMO).await;
    assert_eq!(app.cancel(&token).await.status(), 200);
    assert_invalid(&app.verify_link(&token_in(&mail)).await);
    assert_invalid(&app.verify_code(DEMO, &code_in(&mail)).await);

    app.clock.advance(Duration::from_mins(28));
    let newest = app.fresh_token().await;
    assert_invalid(&app.cancel(&token).await);
    assert_ok(&app.verify_link(&newest).await);
}

#[tokio::test]
async fn a_link_that_was_cancelled_by_another_cancels_too() {
    let app = TestApp::start().await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        tokens.push(app.fresh_token().await);
        app.clock.advance(Duration::from_mins(1));
    }
    assert_ok(&app.cancel(&tokens[0]).await);
    let newer = app.fresh_token().await;
    assert_ok(&app.cancel(&tokens[1]).await);
    assert_invalid(&app.verify_link(&newer).await);
}

#[tokio::test]
async fn a_used_link_cancels_nothing() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    app.clock.advance(Duration::from_mins(2));
    let newer = app.fresh_token().await;
    assert_invalid(&app.cancel(&token).await);
    assert_ok(&app.verify_link(&newer).await);
}

#[tokio::test]
async fn cancelling_reaches_every_app() {
    let apps = ["first", "second", "third"].map(|id| (id.to_owned(), one_app(id, "Example")));
    let app = app_with(&apps.into_iter().collect()).await;
    let mailed = async |id| {
        let request = ApiRequest::new("POST", "/v1/request-reset")
            .json(&json!({ "email": DEMO }))
            .header("x-app-name", id);
        token_in(&app.mailed(request).await)
    };
    let tokens = [mailed("first").await, mailed("second").await];
    assert_ok(&app.cancel(&tokens[1]).await);
    for token in &tokens {
        assert_invalid(&app.verify_link(token).await);
    }
    assert_eq!(app.items("token#").await.len(), 2, "nothing is made up");
    app.clock.advance(Duration::from_mins(1));
    let newer = mailed("first").await;
    assert_ok(&app.verify_link(&newer).await);
    let verified = app.verify_link(&tokens[0]).await;
    assert_eq!(verified.problem(), "invalid-token", "nor is it revived");
}

#[tokio::test]
async fn a_mail_that_is_being_made_does_not_bring_cancelled_links_back() {
    let app = std::sync::Arc::new(TestApp::start().await);
    let first = app.fresh_token().await;
    app.clock.advance(Duration::from_mins(2));
    app.request_reset(DEMO).await;
    let (cancelling, token) = (app.clone(), first.clone());
    // The worker has read the record and has not written it yet; its second update is the record.
    app.aws.before("UpdateItem", 1, async move {
        assert_ok(&cancelling.cancel(&token).await);
    });
    app.deliver().await;
    assert_invalid(&app.verify_link(&first).await);
    let second = token_in(&app.last_mail());
    assert_ok(&app.verify_link(&second).await);
}

#[tokio::test]
async fn an_outage_leaves_the_button() {
    let app = TestApp::start().await;
    let path = cancel_path(&app.mailed_reset(DEMO).await);
    app.aws.fail("UpdateItem", Fault::INTERNAL);
    let answer = app.send(form(&path, PRESSED)).await;
    assert_eq!(answer.status(), 503);
    let page = answer.text();
    assert_contains(&page, "data-page=\"cancel\"");
    assert_contains(&page, "<button");
    app.aws.clear_faults();
    assert_ok(&app.send(form(&path, PRESSED)).await);
}
