//! How often things may be asked for, and tried.

use std::time::Duration;

use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD, assert_invalid, assert_ok};
use integration_tests::mailbox::{code_in, token_in, wrong_code};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn an_address_is_mailed_three_times_in_the_life_of_a_link_and_these_still_work() {
    let app = TestApp::start().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(token_in(&app.mailed_reset(DEMO).await));
        app.clock.advance(Duration::from_mins(1));
    }
    for _ in 0..5 {
        assert_eq!(app.request_reset(DEMO).await.status(), 202);
        app.clock.advance(Duration::from_mins(1));
    }
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), 3);
    // The limits need their item for as long as its times count.
    let item = &app.items("request#").await[0];
    let number = |name: &str| item[name].as_i64().expect("a number");
    assert_eq!(number("ttl") - number("a1"), 30 * 60);
    for token in &tokens {
        assert_ok(&app.verify_link(token).await);
    }
    // The first of the three was accepted thirty minutes before this.
    app.clock.advance(Duration::from_mins(22));
    app.request_reset(DEMO).await;
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), 4);
}

#[tokio::test]
async fn the_number_of_mails_is_a_setting() {
    for allowed in [1, 20] {
        let app = TestApp::builder()
            .setting("limits.address_requests", allowed)
            .setting("limits.address_cooldown_seconds", 1)
            .start()
            .await;
        for _ in 0..=allowed {
            assert_eq!(app.request_reset(DEMO).await.status(), 202);
            app.deliver().await;
            app.clock.advance(SECOND);
        }
        assert_eq!(app.ses.mails().len(), allowed);
    }
}

#[tokio::test]
async fn five_wrong_tries_kill_the_code_and_not_the_link() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let code = code_in(&mail);
    let wrong = wrong_code(&code);
    for _ in 0..4 {
        assert_invalid(&app.verify_code(DEMO, &wrong).await);
    }
    for _ in 0..2 {
        let right = app.verify_code(DEMO, &code).await;
        assert_eq!(right.status(), 200, "a right one costs none");
    }
    assert_invalid(&app.verify_code(DEMO, &wrong).await);
    // Exhausted, so the sixth wrong one and the right one are answered alike.
    let sixth = app.verify_code(DEMO, &wrong).await;
    let right = app.verify_code(DEMO, &code).await;
    assert_eq!(sixth.0.body, right.0.body);
    assert_eq!(right.problem(), "invalid-token");
    assert_invalid(&app.confirm_code(DEMO, &code, NEW_PASSWORD).await);
    assert_ok(&app.confirm_link(&token_in(&mail), NEW_PASSWORD).await);
}

/// Else every mail would bring five guesses of all codes that are alive.
#[tokio::test]
async fn a_mail_after_a_wrong_try_begins_a_round_of_five_for_its_own_code_alone() {
    let app = TestApp::start().await;
    let first = app.fresh_code().await;
    let wrong = wrong_code(&first);
    let mut evaluated = 0;
    for round in 1..=3 {
        let code = if round == 1 {
            first.clone()
        } else {
            app.clock.advance(Duration::from_mins(1));
            app.fresh_code().await
        };
        if round > 1 {
            let old = app.verify_code(DEMO, &first).await;
            assert_eq!(old.problem(), "invalid-token", "of an older round");
            evaluated += 1;
        }
        for _ in 0..6 {
            app.verify_code(DEMO, &wrong).await;
        }
        let record = app.record().await;
        assert_eq!(record["code_attempts"], 5);
        assert_eq!(record["code_round"], round);
        assert_eq!(app.alive(&record, "codes"), 1);
        evaluated += 5 - u32::from(round > 1);
        let right = app.verify_code(DEMO, &code).await;
        assert_eq!(right.problem(), "invalid-token", "no try is left");
    }
    assert_eq!(evaluated, 15);
}
