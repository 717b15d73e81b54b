//! Many at once.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use integration_tests::app::{
    DEMO, NEW_PASSWORD, OLD_PASSWORD, OTHER_PASSWORD, account_changes, assert_invalid, assert_ok,
};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::{Fault, TestApp};
use shared::ports::Clock as _;

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_confirms_at_once_one_wins() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let passwords: Vec<_> = (0..50)
        .map(|n| format!("{NEW_PASSWORD} number {n}"))
        .collect();
    let confirms = passwords
        .iter()
        .map(|password| app.confirm_link(&token, password));
    let answers = join_all(confirms).await;
    let won: Vec<_> = (0..50).filter(|n| answers[*n].status() == 200).collect();
    assert_eq!(won.len(), 1);
    for answer in &answers {
        assert!(
            matches!(answer.status(), 200 | 503) || answer.problem() == "invalid-token",
            "{answer:?}"
        );
    }
    assert!(app.password_is(&passwords[won[0]]).await);
    assert_eq!(app.user("demo").await["credential_version"], 1);
    assert_eq!(app.items("notice#").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn link_and_code_at_once_change_the_password_once() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let token = token_in(&mail);
    let code = code_in(&mail);
    let (by_link, by_code) = tokio::join!(
        app.confirm_link(&token, "by link: seven lanterns"),
        app.confirm_code(DEMO, &code, "by code: seven lanterns"),
    );
    let won = [by_link.status(), by_code.status()];
    assert!(won == [200, 400] || won == [400, 200], "{won:?}");
    assert_eq!(app.items("notice#").await.len(), 1);
}

#[tokio::test]
async fn an_account_that_changes_between_the_check_and_the_change_is_left_alone() {
    for (attribute, value) in account_changes() {
        let app = Arc::new(TestApp::start().await);
        let token = app.fresh_token().await;
        let before = app.user("demo").await;
        let team = Arc::clone(&app);
        app.aws.before("TransactWriteItems", 0, async move {
            team.set_user("demo", attribute, value).await;
        });
        let answer = app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(answer.problem(), "invalid-token", "{attribute}");
        let after = app.user("demo").await;
        let is_unchanged = after["password_hash"] == before["password_hash"];
        assert!(is_unchanged || attribute == "password_hash", "{attribute}");
        assert!(app.items("notice#").await.is_empty());
        app.put("UsersTable", &before).await;
        let again = app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(again.problem(), "invalid-token", "{attribute} as before");
    }
}

#[tokio::test]
async fn a_link_that_expires_while_it_is_confirmed_is_not_spent() {
    let app = Arc::new(TestApp::start().await);
    let token = app.fresh_token().await;
    let before = app.record().await;
    let clock = app.clock.clone();
    // After the link was read and found alive, before the user is read.
    app.aws.before("GetItem", 1, async move {
        clock.advance(Duration::from_mins(30));
    });
    assert_invalid(&app.confirm_link(&token, NEW_PASSWORD).await);
    assert!(app.password_is(OLD_PASSWORD).await);
    assert_eq!(app.record().await, before);
}

#[tokio::test]
async fn sessions_that_are_opened_while_a_password_is_confirmed_end_too() {
    let app = Arc::new(TestApp::start().await);
    let token = app.fresh_token().await;
    let clock = app.clock.clone();
    app.aws.before("GetItem", 1, async move {
        clock.advance(Duration::from_secs(3));
    });
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let now = app.clock.now().unix_seconds();
    assert_eq!(app.user("demo").await["sessions_valid_after"], now);
}

#[tokio::test]
async fn a_password_that_is_confirmed_while_the_next_mail_is_made_leaves_that_mail_alive() {
    let app = Arc::new(TestApp::start().await);
    let first = app.fresh_token().await;
    app.clock.advance(Duration::from_mins(1));
    app.request_reset(DEMO).await;
    let person = Arc::clone(&app);
    // Between the worker's look at the account and its write of the new link.
    app.aws.before("UpdateItem", 0, async move {
        assert_ok(&person.confirm_link(&first, NEW_PASSWORD).await);
    });
    app.deliver().await;
    let mails = app.ses.mails();
    let second = mails.iter().rfind(|mail| mail.subject.contains("Reset"));
    let second = token_in(second.expect("a second mail"));
    assert_ok(&app.confirm_link(&second, OTHER_PASSWORD).await);
}

#[tokio::test]
async fn a_link_that_is_mailed_to_a_twin_while_a_password_is_changed_lives() {
    let app = Arc::new(TestApp::start().await);
    app.add_user("twin", "DEMO@example.com", OLD_PASSWORD).await;
    let token = app.fresh_token().await;
    app.clock.advance(Duration::from_mins(1));
    let twin = Arc::clone(&app);
    app.aws.before("TransactWriteItems", 0, async move {
        twin.request_reset("DEMO@example.com").await;
        twin.deliver().await;
    });
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let mails = app.ses.mails();
    let mailed = mails.iter().find(|mail| mail.to == ["DEMO@example.com"]);
    let mailed = token_in(mailed.expect("the twin's mail"));
    assert_ok(&app.confirm_link(&mailed, NEW_PASSWORD).await);
    assert!(app.password_of("twin", NEW_PASSWORD).await);
}

#[tokio::test]
async fn an_index_that_lags_causes_no_mail_to_an_old_address() {
    let app = Arc::new(TestApp::start().await);
    app.request_reset(DEMO).await;
    let team = Arc::clone(&app);
    // The index has answered; the record was read before, so this is the user's own item.
    app.aws.before("GetItem", 1, async move {
        team.set_user("demo", "email", "moved@example.com").await;
    });
    app.deliver().await;
    assert_eq!(app.aws.bodies("SendEmail").len(), 0);
}

#[tokio::test]
async fn a_refund_that_comes_late_does_not_touch_the_next_code() {
    let app = Arc::new(TestApp::start().await);
    let code = app.fresh_code().await;
    let person = Arc::clone(&app);
    // Calls of the first verification: source, try, refund. Before the refund, a new code is
    // mailed, and one wrong try of it is made.
    app.aws.before("UpdateItem", 2, async move {
        person.clock.advance(Duration::from_mins(1));
        person.fresh_code().await;
        person.verify_code(DEMO, "0000-0000").await;
    });
    assert_ok(&app.verify_code(DEMO, &code).await);
    assert_eq!(app.record().await["code_attempts"], 1);
}

#[tokio::test]
async fn every_try_of_a_change_is_the_same_request() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let conflict = Fault::Cancel(["TransactionConflict", "None", "None"]);
    app.aws.inject("TransactWriteItems", vec![conflict; 3]);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let tries = app.aws.bodies("TransactWriteItems");
    assert_eq!(tries.len(), 4);
    assert!(tries[0]["ClientRequestToken"].is_string());
    assert!(tries.iter().all(|body| *body == tries[0]));
}
