//! The main job, from the forgotten password to the new one.

use std::collections::BTreeSet;
use std::time::Duration;

use integration_tests::app::{
    DEMO, NEW_PASSWORD, OLD_PASSWORD, OTHER_PASSWORD, account_changes, assert_contains,
    assert_invalid, assert_ok,
};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::stream::{request_image, stream_event};
use integration_tests::{Fault, TestApp};
use serde_json::{Value, json};
use shared::ports::Clock as _;

#[tokio::test]
async fn a_forgotten_password_becomes_a_new_one() {
    let app = TestApp::start().await;
    let answer = app.request_reset(DEMO).await;
    assert_eq!(answer.status(), 202);
    assert_eq!(
        answer.json(),
        json!({ "status": "accepted", "resend_after": 60 })
    );
    app.deliver().await;

    let mail = app.last_mail();
    assert_eq!(mail.to, [DEMO]);
    assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
    let token = token_in(&mail);
    assert!(
        mail.html
            .as_deref()
            .is_some_and(|html| html.contains(&token))
    );

    let verified = app.verify_link(&token).await;
    assert_eq!(verified.status(), 200);
    assert_eq!(verified.json()["email"], DEMO);
    assert_eq!(verified.json()["password_policy"]["min_length"], 8);
    let expires_at = app.clock.now() + Duration::from_mins(30);
    assert_eq!(verified.json()["expires_at"], expires_at.to_rfc3339());

    let confirmed = app.confirm_link(&token, NEW_PASSWORD).await;
    assert_eq!(confirmed.status(), 200, "{confirmed:?}");
    assert_eq!(confirmed.json()["status"], "password-changed");
    assert!(app.password_is(NEW_PASSWORD).await);
    assert!(!app.password_is(OLD_PASSWORD).await);

    assert_invalid(&app.verify_link(&token).await);
    assert_invalid(&app.confirm_link(&token, OTHER_PASSWORD).await);

    app.deliver().await;
    let notice = app.last_mail();
    assert!(notice.subject.contains("was changed"), "{}", notice.subject);
    assert_eq!(app.ses.mails().len(), 2);
}

#[tokio::test]
async fn a_code_works_on_its_own_and_dies_with_the_link() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    let typed = code.to_lowercase();
    let verified = app.verify_code("Demo@EXAMPLE.com ", &typed).await;
    assert_eq!(verified.json()["email"], DEMO);
    assert_ok(&app.confirm_code(DEMO, &code, NEW_PASSWORD).await);
    assert!(app.password_is(NEW_PASSWORD).await);
    assert_invalid(&app.verify_link(&token).await);
    assert_invalid(&app.verify_code(DEMO, &code).await);
}

#[tokio::test]
async fn a_second_request_leaves_both_links_and_both_codes_alive() {
    let app = TestApp::start().await;
    let first = app.mailed_reset(DEMO).await;
    app.clock.advance(Duration::from_mins(1));
    let second = app.mailed_reset(DEMO).await;
    assert_eq!(app.ses.mails().len(), 2);
    for mail in [&first, &second] {
        assert_ok(&app.verify_link(&token_in(mail)).await);
    }
    for mail in [&first, &second] {
        assert_ok(&app.verify_code(DEMO, &code_in(mail)).await);
    }

    assert_ok(&app.confirm_link(&token_in(&first), NEW_PASSWORD).await);
    assert_invalid(&app.confirm_link(&token_in(&second), OTHER_PASSWORD).await);
    for mail in [&first, &second] {
        assert_invalid(&app.verify_code(DEMO, &code_in(mail)).await);
    }
    assert!(app.password_is(NEW_PASSWORD).await);
}

#[tokio::test]
async fn the_code_of_an_older_mail_changes_the_password_once() {
    let app = TestApp::start().await;
    let first = code_in(&app.mailed_reset(DEMO).await);
    app.clock.advance(Duration::from_mins(1));
    let second = code_in(&app.mailed_reset(DEMO).await);
    assert_ok(&app.confirm_code(DEMO, &first, NEW_PASSWORD).await);
    assert!(app.password_is(NEW_PASSWORD).await);
    assert_invalid(&app.confirm_code(DEMO, &second, OLD_PASSWORD).await);
}

/// What meets an account while it is not as it was.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Met {
    Confirmation,
    Request,
    Nothing,
}

/// Changes the demo account, lets something meet it, changes it back, and says whether the link that
/// was mailed before works.
async fn works_there_and_back(met: Met, attribute: &str, value: Option<Value>) -> bool {
    let app = TestApp::start().await;
    let (before, token) = (app.user("demo").await, app.fresh_token().await);
    match value {
        Some(value) => app.set_user("demo", attribute, value).await,
        None => app.remove_from_user("demo", attribute).await,
    }
    match met {
        Met::Confirmation => {
            let refused = app.confirm_link(&token, NEW_PASSWORD).await;
            assert_eq!(refused.problem(), "invalid-token", "{attribute}");
        }
        Met::Request => {
            app.clock.advance(Duration::from_mins(1));
            app.request_reset(DEMO).await;
            app.deliver().await;
        }
        Met::Nothing => {}
    }
    app.put("UsersTable", &before).await;
    let alive = app.verify_link(&token).await.status() == 200;
    let confirmed = app.confirm_link(&token, NEW_PASSWORD).await.status() == 200;
    assert_eq!(alive, confirmed, "{attribute} {met:?}");
    confirmed
}

#[tokio::test]
async fn a_link_that_died_with_its_account_stays_dead_when_the_account_is_as_before() {
    let changes = account_changes().map(|(attribute, value)| (attribute, Some(value)));
    // Without an address the item is gone, as far as anybody can tell.
    let removals = [("password_hash", None), ("email", None)];
    for (attribute, value) in changes.into_iter().chain(removals) {
        for met in [Met::Confirmation, Met::Request] {
            let works = works_there_and_back(met, attribute, value.clone()).await;
            assert!(!works, "{attribute} {met:?}");
        }
    }
    assert!(works_there_and_back(Met::Nothing, "disabled", Some(json!(true))).await);
}

#[tokio::test]
async fn a_link_that_is_not_on_the_list_when_the_mail_is_made_gives_way_to_the_apps_own() {
    let app = TestApp::start().await;
    // As if the list had been shortened meanwhile, or somebody else had written the record.
    let mut image = request_image("r1", DEMO);
    image["reset_url"] = json!({ "S": "https://evil.example/?c={{code}}" });
    assert!(app.work(&stream_event(&image)).await.is_empty());
    let mail = app.last_mail();
    assert!(!format!("{mail:?}").contains("evil.example"));
    assert_ok(&app.confirm_link(&token_in(&mail), NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_request_that_finds_no_user_does_not_kill_what_was_mailed() {
    let app = TestApp::start().await;
    app.add_user("maria", "Maria@Example.com", OLD_PASSWORD)
        .await;
    let first = app.mailed_reset("Maria@Example.com").await;
    app.clock.advance(Duration::from_mins(1));
    // The index knows no such spelling, but the record knows whose address it is.
    let second = app.mailed_reset("maria@example.com").await;
    assert_eq!(second.to, ["Maria@Example.com"]);
    for mail in [&first, &second] {
        assert_ok(&app.verify_link(&token_in(mail)).await);
    }
}

#[tokio::test]
async fn two_accounts_with_one_address_do_not_kill_each_others_links() {
    let app = TestApp::start().await;
    app.add_user("one", "twin@example.com", OLD_PASSWORD).await;
    let mail = app.mailed_reset("twin@example.com").await;
    app.add_user("two", "twin@example.com", OLD_PASSWORD).await;
    app.clock.advance(Duration::from_mins(1));
    app.request_reset("Twin@Example.com").await;
    app.deliver().await;
    assert_eq!(
        app.ses.mails().len(),
        1,
        "nobody can tell whose address it is"
    );
    assert_ok(&app.confirm_link(&token_in(&mail), NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_domain_outside_ascii_is_mailed_in_ascii() {
    let app = TestApp::start().await;
    app.add_user("jo", "jo@b\u{fc}cher.example", OLD_PASSWORD)
        .await;
    let mail = app.mailed_reset("jo@b\u{fc}cher.example").await;
    assert_eq!(mail.to, ["jo@xn--bcher-kva.example"]);
    assert_ok(&app.confirm_link(&token_in(&mail), NEW_PASSWORD).await);
}

#[tokio::test]
async fn the_warning_goes_to_the_address_that_the_account_had() {
    let app = TestApp::start().await;
    app.change_password().await;
    app.set_user("demo", "email", "attacker@evil.example").await;
    app.deliver().await;
    let warning = app.last_mail();
    assert!(warning.subject.contains("was changed"));
    assert_eq!(warning.to, [DEMO]);
}

#[tokio::test]
async fn one_attribute_may_serve_two_purposes() {
    let app = TestApp::with("users.name_attribute", "username").await;
    app.set_user("demo", "username", "demo1").await;
    let mail = app.mailed_reset(DEMO).await;
    assert!(
        mail.text
            .clone()
            .unwrap_or_default()
            .starts_with("Hello demo1,")
    );
    let body = json!({
        "token": token_in(&mail), "password": NEW_PASSWORD, "confirm": NEW_PASSWORD
    });
    let user = app.post("/app/reset-password", &body).await.json();
    assert_eq!(
        (&user["name"], &user["username"]),
        (&json!("demo1"), &json!("demo1"))
    );
}

#[tokio::test]
async fn each_reset_mail_has_a_header_that_keeps_it_apart_from_the_others() {
    let app = TestApp::start().await;
    app.mailed_reset(DEMO).await;
    app.clock.advance(Duration::from_mins(1));
    // The second one comes twice, with another code.
    app.aws.inject("SendEmail", [Fault::LoseAnswer]);
    app.request_reset(DEMO).await;
    app.deliver_once().await;
    app.deliver().await;
    let mails = app.ses.mails();
    let ids: BTreeSet<_> = mails
        .iter()
        .map(|mail| mail.header("X-Entity-Ref-ID").expect("a header"))
        .collect();
    assert_eq!((mails.len(), ids.len()), (3, 3), "{ids:?}");
    assert!(mails.iter().all(|mail| mail.subject == mails[0].subject));
    let stored = format!("{:?}", app.items("").await);
    for id in ids {
        let is_random = id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit());
        assert!(is_random && !stored.contains(id), "{id}");
    }
}

#[tokio::test]
async fn a_row_that_outlives_its_ttl_is_swept_and_was_dead_before() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    assert_eq!(app.sweep(), 0);
    app.clock.advance(Duration::from_hours(3));
    assert_invalid(&app.verify_link(&token).await);
    assert_invalid(&app.confirm_link(&token, NEW_PASSWORD).await);
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
