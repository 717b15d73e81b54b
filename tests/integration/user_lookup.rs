//! Whom the mail worker finds, and whom it does not.

use std::time::Duration;

use integration_tests::TestApp;
use integration_tests::app::{
    DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_contains, assert_invalid, assert_ok, hash,
};
use integration_tests::items::to_item;
use integration_tests::logs::CapturedLogs;
use integration_tests::mailbox::token_in;
use integration_tests::user_tables::set_owner;
use serde_json::{Value, json};
use shared::domain::{AppId, EmailAddress, LinkSecret, LinkToken, Locator};

fn user(id: &str, email: &str) -> Value {
    json!({ "id": id, "email": email, "password_hash": hash(OLD_PASSWORD) })
}

/// Puts a user just before a call.
fn put_before(app: &TestApp, operation: &str, skip: usize, item: &Value) {
    let put = app.dynamodb().put_item().table_name("UsersTable");
    let put = put.set_item(Some(to_item(item)));
    app.aws.before(operation, skip, async move {
        put.send().await.expect("the user is written");
    });
}

/// Else a person who has mails of their own around somebody's request could tell by their times.
#[tokio::test]
async fn no_user_is_looked_up_before_the_newest_request_is_a_second_old() {
    let app = TestApp::start().await;
    app.put("UsersTable", &user("off", "off@example.com")).await;
    app.disable_user("off").await;
    for email in [DEMO, "nobody@example.com", "off@example.com"] {
        for (age, wait) in [(0, 2), (1, 1), (60, 0)] {
            app.request_reset(email).await;
            app.clock.advance(Duration::from_secs(age));
            app.aws.forget_calls();
            let _ = app.clock.take_waits();
            app.deliver_once().await;
            // Which is a second at least and two at most: a request does not know the part of it.
            let waits = [Duration::from_secs(wait)];
            assert_eq!(app.clock.take_waits(), waits, "{email} after {age} s");
            let calls = app.aws.take_calls();
            let lookups = calls.iter().filter(|call| *call == "Query").count();
            assert_eq!(lookups, 1, "{email} after {age} s");
            app.clock.advance(Duration::from_mins(30));
        }
    }
}

#[tokio::test]
async fn an_index_that_lags_names_two_and_the_items_decide() {
    let app = TestApp::start().await;
    app.put("UsersTable", &user("old", DEMO)).await;
    // The index has named both when one of them turns out to have another address by now.
    put_before(&app, "GetItem", 1, &user("old", "moved@example.com"));
    assert_eq!(app.mailed_reset(DEMO).await.to, [DEMO]);
}

#[tokio::test]
async fn an_address_of_two_accounts_is_skipped_and_its_record_says_why() {
    let app = TestApp::start().await;
    app.put("UsersTable", &user("twin", DEMO)).await;
    app.request_reset(DEMO).await;
    app.deliver().await;
    assert!(app.ses.mails().is_empty());
    let record = app.record().await;
    let mut deliveries = record["deliveries"].as_object().expect("a map").values();
    assert_eq!(
        deliveries.next().expect("one")["detail"],
        "ambiguous-address"
    );
}

#[tokio::test]
async fn accounts_that_differ_in_case_neither_silence_each_other_nor_end_each_others_links() {
    let logs = CapturedLogs::of_this_process();
    let app = TestApp::start().await;
    let stored = ["VICTIM@example.com", "victim@example.com"];
    for email in stored {
        app.put("UsersTable", &user(email, email)).await;
    }
    let mut tokens = Vec::new();
    for email in stored {
        let mail = app.mailed_reset(email).await;
        assert_eq!(mail.to, [email]);
        tokens.push(token_in(&mail));
        app.clock.advance(Duration::from_mins(1));
    }
    // Neither spelling is stored: the one in lower case is looked for.
    let mail = app.mailed_reset("Victim@example.com").await;
    assert_eq!(mail.to, [stored[1]]);
    for (token, email) in tokens.iter().zip(stored) {
        let verified = app.verify_link(token).await;
        assert_eq!(verified.json()["email"], email);
    }
    let is_said = |line: &Value| line["event"] == "mail-sent" && line["shares_address"] == true;
    assert!(logs.lines().iter().any(is_said), "in the audit log");
    // Nor does a reset of the one end the links of the other.
    let [first, second] = [&tokens[0], &tokens[1]];
    assert_ok(&app.confirm_link(second, NEW_PASSWORD).await);
    assert!(app.password_of(stored[1], NEW_PASSWORD).await);
    assert!(app.password_of(stored[0], OLD_PASSWORD).await);
    assert_ok(&app.verify_link(first).await);
    // What ends the links of the one when its account changes leaves those of the other alone.
    app.disable_user(stored[1]).await;
    let third = token_in(&mail);
    assert_invalid(&app.confirm_link(&third, OLD_PASSWORD).await);
    assert_ok(&app.confirm_link(first, NEW_PASSWORD).await);
}

/// A twin of the demo account that is switched off.
async fn put_disabled(app: &TestApp, id: &str, email: &str) {
    app.put("UsersTable", &user(id, email)).await;
    app.disable_user(id).await;
}

#[tokio::test]
async fn a_disabled_twin_is_left_out() {
    let app = TestApp::start().await;
    for id in ["a", "b", "y", "z"] {
        put_disabled(&app, id, DEMO).await;
    }
    put_disabled(&app, "capitals", "Demo@Example.com").await;
    for typed in [DEMO, "Demo@Example.com"] {
        assert_eq!(app.mailed_reset(typed).await.to, [DEMO], "{typed}");
        app.clock.advance(Duration::from_mins(30));
    }
}

#[tokio::test]
async fn an_account_takes_the_place_of_its_disabled_twin() {
    let app = TestApp::start().await;
    assert_eq!(app.mailed_reset(DEMO).await.to, [DEMO]);
    app.disable_user("demo").await;
    app.put("UsersTable", &user("new", DEMO)).await;
    app.clock.advance(Duration::from_mins(1));
    let token = token_in(&app.mailed_reset(DEMO).await);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    assert!(app.password_is(OLD_PASSWORD).await, "the disabled one's");
}

#[tokio::test]
async fn an_address_is_found_as_typed_with_a_small_domain_and_all_small() {
    for (stored, typed) in [
        ("Jo@Example.COM", "Jo@Example.COM"),
        ("Jo@example.com", "Jo@Example.COM"),
        ("jo@example.com", "Jo@Example.COM"),
        (
            "jo@example.com",
            "\u{200b}\u{202a}jo@example.com\u{202c}\u{feff} ",
        ),
        ("jo@xn--mxa0bi.example", "jo@\u{391}\u{3a6}\u{3a3}.example"),
    ] {
        let app = TestApp::start().await;
        app.put("UsersTable", &user("jo", stored)).await;
        assert_eq!(app.mailed_reset(typed).await.to, [stored], "{typed:?}");
    }
}

#[tokio::test]
async fn lower_case_addresses_are_looked_for_once() {
    let app = TestApp::with("users.emails_lowercase", true).await;
    app.request_reset("Demo@Example.com").await;
    app.aws.forget_calls();
    app.deliver().await;
    let calls = app.aws.take_calls();
    assert_eq!(calls.iter().filter(|call| *call == "Query").count(), 1);
    assert_eq!(app.last_mail().to, [DEMO]);
}

async fn without_password(setting: &str) -> TestApp {
    let builder = TestApp::builder()
        .setting("users.without_password", setting)
        .setting("users.sign_in_attribute", "identity.providers");
    let app = Box::pin(builder.start()).await;
    let social = json!({
        "id": "social", "email": "social@example.com", "name": "Sol",
        "identity": { "providers": ["Google", "GitHub"] },
    });
    app.put("UsersTable", &social).await;
    app
}

#[tokio::test]
async fn people_with_an_external_sign_in_may_set_a_first_password() {
    let app = without_password("set-first").await;
    let token = token_in(&app.mailed_reset("social@example.com").await);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    assert!(app.password_of("social", NEW_PASSWORD).await);
}

#[tokio::test]
async fn external_sign_in_accounts_get_a_mail_that_says_how_and_no_caller_sees_that() {
    let app = without_password("tell-how-to-sign-in").await;
    let known = app.request_reset(DEMO).await;
    let social = app.request_reset("social@example.com").await;
    assert_eq!(known.without_ids(), social.without_ids());
    app.deliver().await;
    let mail = app.last_mail();
    assert_eq!(mail.to, ["social@example.com"]);
    for part in [mail.text, mail.html] {
        let part = part.expect("a part");
        assert_contains(&part, "You sign in with Google, GitHub.");
        assert!(!part.contains("/auth/forgot-password/"), "no link: {part}");
    }
    // What is stored is as for anybody: a code that nobody was sent.
    for (email, code) in [(DEMO, "0000-0000"), ("social@example.com", "0000-0000")] {
        assert_invalid(&app.confirm_code(email, code, NEW_PASSWORD).await);
    }
    assert_eq!(app.user("social").await.get("password_hash"), None);
}

#[tokio::test]
async fn a_link_from_before_the_setting_was_changed_sets_no_first_password() {
    let app = without_password("tell-how-to-sign-in").await;
    app.request_reset("social@example.com").await;
    app.deliver().await;
    let email = EmailAddress::parse("social@example.com").expect("an address");
    let locator = Locator::new(&AppId::new("main").expect("an id"), &email);
    let link = LinkToken::new(locator, LinkSecret::from_bytes([7; 32]));
    let mut record = app.record().await;
    record["links"] = json!({ link.secret_hash().encoded(): "v18000010000" });
    set_owner(&mut record, "social");
    app.put("TokensTable", &record).await;
    assert_ok(&app.verify_link(&link.expose()).await);
    assert_invalid(&app.confirm_link(&link.expose(), NEW_PASSWORD).await);
    assert_eq!(app.user("social").await.get("password_hash"), None);
}
