//! How many mails the whole deployment sends: beyond the cap they wait, and none is lost.

use std::time::Duration;

use futures_util::future::join_all;
use integration_tests::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_ok};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::stream::{request_image, stream_event};
use integration_tests::{Fault, TestApp};
use serde_json::{Value, json};
use shared::ports::Clock as _;

/// Half the life of a link, in which two mails are allowed.
const WINDOW: Duration = Duration::from_secs(150);

/// An app that sends 60 mails an hour: two in each window.
async fn app_of_two() -> TestApp {
    let app = TestApp::builder()
        .setting("mail.per_hour", 60)
        .set("LINK_LIFETIME_SECONDS", "300");
    let app = app.start().await;
    app.clock.advance(Duration::from_secs(40));
    app
}

/// Addresses with an account.
async fn people(app: &TestApp, count: usize) -> Vec<String> {
    let emails: Vec<_> = (1..=count)
        .map(|n| format!("user{n}@example.com"))
        .collect();
    for email in &emails {
        app.add_user(email, email, OLD_PASSWORD).await;
    }
    emails
}

async fn request_all(app: &TestApp, emails: &[String]) {
    for email in emails {
        assert_eq!(app.request_reset(email).await.status(), 202);
    }
}

fn recipients(app: &TestApp) -> Vec<String> {
    app.ses.mails().into_iter().flat_map(|it| it.to).collect()
}

/// The counts of all windows.
async fn counts(app: &TestApp) -> Vec<Value> {
    let items = app.items("mail-cap#").await.into_iter();
    items.map(|item| item["total"].clone()).collect()
}

#[tokio::test]
async fn beyond_the_cap_mails_wait_for_the_next_window_and_none_is_lost() {
    let app = app_of_two().await;
    let emails = people(&app, 5).await;
    request_all(&app, &emails).await;
    // They look for room at once, so that any two may find it; all behind the first who waits count.
    assert!(app.deliver_once().await.pending >= 3);
    assert_eq!(
        app.items("token#").await.len(),
        2,
        "nothing is written for those who wait"
    );

    app.clock.advance(Duration::from_secs(109));
    app.deliver_once().await;
    let waiting = recipients(&app).len();
    assert_eq!(waiting, 2, "a second before the window ends");
    app.clock.advance(Duration::from_secs(1));
    assert!(app.deliver_once().await.pending >= 1);
    app.clock.advance(WINDOW);
    let progress = app.deliver_once().await;
    assert_eq!((progress.pending, progress.discarded), (0, 0));
    let mut mailed = recipients(&app);
    mailed.sort();
    assert_eq!(mailed, emails, "each once");

    // The life of a link begins with its mail, however long that had to wait.
    app.clock.advance(Duration::from_secs(299));
    let last = token_in(&app.last_mail());
    assert_ok(&app.confirm_link(&last, NEW_PASSWORD).await);
}

#[tokio::test]
async fn in_an_hour_no_more_than_the_cap_are_sent_and_in_the_next_hour_as_many_again() {
    let app = app_of_two().await;
    let emails = people(&app, 100).await;
    for hour in 1..=2 {
        for window in 0..24 {
            // Three ask in each window, one more than there is room for.
            let asking = (0..3).map(|n| emails[(window * 3 + n + hour) % 100].clone());
            request_all(&app, &asking.collect::<Vec<_>>()).await;
            app.deliver_once().await;
            app.clock.advance(WINDOW);
        }
        let sent = app.ses.mails().len();
        assert_eq!(sent, hour * 48, "two in each of 24 windows");
    }
}

#[tokio::test]
async fn workers_at_once_share_one_cap() {
    let app = app_of_two().await;
    let events: Vec<_> = people(&app, 12)
        .await
        .iter()
        .map(|email| stream_event(&request_image(email, email)))
        .collect();
    let held = join_all(events.iter().map(|event| app.work(event))).await;
    assert_eq!(held.iter().filter(|it| **it == ["111"]).count(), 10);
    assert_eq!(app.aws.bodies("SendEmail").len(), 2);
    assert_eq!(counts(&app).await, [2]);
}

#[tokio::test]
async fn a_job_that_waits_leaves_what_was_mailed_before_alone() {
    let app = app_of_two().await;
    let mail = app.mailed_reset(DEMO).await;
    request_all(&app, &people(&app, 1).await).await;
    app.clock.advance(Duration::from_mins(1));
    app.request_reset(DEMO).await;
    assert_eq!(app.deliver_once().await.pending, 1);
    assert_ok(&app.verify_code(DEMO, &code_in(&mail)).await);
    assert_ok(&app.verify_link(&token_in(&mail)).await);
}

#[tokio::test]
async fn an_address_without_a_mail_takes_no_room() {
    let app = app_of_two().await;
    let nobodies: Vec<_> = (0..5).map(|n| format!("nobody{n}@example.com")).collect();
    request_all(&app, &nobodies).await;
    app.deliver().await;
    assert!(counts(&app).await.is_empty());
    app.mailed_reset(DEMO).await;
    // A record that comes again is not counted again either.
    for _ in 0..2 {
        app.work(&stream_event(&request_image("r1", DEMO))).await;
    }
    assert_eq!(counts(&app).await, [2]);
}

#[tokio::test]
async fn a_mail_that_was_not_sent_does_not_count_and_one_that_may_have_been_does() {
    let app = app_of_two().await;
    app.aws.inject("SendEmail", vec![Fault::THROTTLED; 7]);
    app.request_reset(DEMO).await;
    for _ in 0..7 {
        assert_eq!(app.deliver_once().await.pending, 1);
        assert_eq!(counts(&app).await, [0]);
    }
    app.aws.inject("SendEmail", [Fault::CutAfter]);
    app.deliver_once().await;
    assert_eq!(counts(&app).await, [1]);
    app.deliver_once().await;
    assert_eq!(counts(&app).await, [2]);
    assert_eq!(app.ses.mails().len(), 2);
}

#[tokio::test]
async fn an_outage_of_the_counter_sends_nothing_and_loses_nothing() {
    let app = app_of_two().await;
    app.request_reset(DEMO).await;
    app.aws.fail("UpdateItem", Fault::INTERNAL);
    assert_eq!(app.deliver_once().await.pending, 1);
    assert_eq!(app.aws.bodies("SendEmail").len(), 0);
    app.aws.clear_faults();
    app.deliver_once().await;
    assert_eq!(app.ses.mails().len(), 1);
}

#[tokio::test]
async fn a_notice_does_not_wait_for_the_cap() {
    let app = app_of_two().await;
    let token = app.fresh_token().await;
    let emails = people(&app, 2).await;
    request_all(&app, &emails).await;
    assert!(app.deliver_once().await.pending > 0, "the cap is reached");
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    // At once, with the held mail in front of it in the stream.
    assert!(app.deliver_once().await.pending > 0, "and stays so");
    let mail = app.last_mail();
    assert_eq!(mail.to, [DEMO]);
    assert!(mail.subject.contains("was changed"));
    assert_eq!(counts(&app).await, [2], "it uses up no room");
}

/// An app that sends 60 mails an hour: 12 to 15 in a window of a quarter of an hour, of which three
/// may be repeats.
async fn app_of_fifteen() -> TestApp {
    TestApp::builder()
        .setting("mail.per_hour", 60)
        .setting("limits.address_cooldown_seconds", 1)
        .setting("limits.address_requests", 20)
        .start()
        .await
}

#[tokio::test]
async fn repeats_yield_to_first_mails_and_end() {
    let app = app_of_fifteen().await;
    for _ in 0..6 {
        app.request_reset(DEMO).await;
        let progress = app.deliver_once().await;
        assert_eq!((progress.delivered, progress.pending), (1, 0));
        app.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(app.ses.mails().len(), 4, "the first, and three repeats");
    let record = app.record().await;
    let deliveries = record["deliveries"].as_object().expect("a map").values();
    let over = deliveries.filter(|it| it["detail"] == "repeat-over-cap");
    assert_eq!(over.count(), 2);
    assert_eq!(app.alive(&record, "links"), 4);

    // What is in the inbox works, and there is room for others.
    let last = app.last_mail();
    assert_ok(&app.verify_code(DEMO, &code_in(&last)).await);
    assert_ok(&app.verify_link(&token_in(&last)).await);
    request_all(&app, &people(&app, 8).await).await;
    assert_eq!(app.deliver_once().await.pending, 0);
    assert_eq!(app.ses.mails().len(), 12);
}

#[tokio::test]
async fn a_request_without_a_live_link_is_no_repeat() {
    let app = app_of_fifteen().await;
    let ask = async || {
        app.clock.advance(Duration::from_secs(1));
        token_in(&app.mailed_reset(DEMO).await)
    };
    let repeats = async || {
        let item = app.items("mail-cap#").await.remove(0);
        item["repeats"].clone()
    };
    let token = ask().await;
    app.confirm_link(&token, NEW_PASSWORD).await;
    let token = ask().await;
    assert_ok(&app.cancel(&token).await);
    ask().await;
    assert_eq!(
        repeats().await,
        Value::Null,
        "after use and after cancelling"
    );
    ask().await;
    assert_eq!(repeats().await, 1);
    app.aws.inject("SendEmail", [Fault::THROTTLED]);
    app.clock.advance(Duration::from_secs(1));
    app.request_reset(DEMO).await;
    app.deliver_once().await;
    assert_eq!(repeats().await, 1, "what was not sent does not count");
}

/// Else a person who cancels the mails to a few accounts of their own would fill the cap.
#[tokio::test]
async fn cancelling_and_using_a_link_give_no_request_back() {
    for path in ["/v1/cancel-reset", "/v1/confirm-reset"] {
        let app = TestApp::start().await;
        let resets = || {
            let mut mails = app.ses.mails();
            mails.retain(|mail| mail.subject.contains("Reset"));
            mails
        };
        let mut ended = 0;
        for pause in [30, 29, 1, 30, 30, 30, 30, 1_619, 1] {
            app.request_reset(DEMO).await;
            app.deliver().await;
            if let Some(mail) = resets().get(ended) {
                let mut body = json!({ "token": token_in(mail) });
                if path == "/v1/confirm-reset" {
                    body["password"] = json!(NEW_PASSWORD);
                }
                assert_ok(&app.post(path, &body).await);
                ended += 1;
            }
            let passed = app.clock.now().unix_seconds() - 1_800_000_000;
            let expected = match passed {
                0..60 => 1,
                60..120 => 2,
                120..1_800 => 3,
                _ => unreachable!("the first is forgotten after half an hour"),
            };
            assert_eq!(ended, expected, "{path} after {passed} seconds");
            app.clock.advance(Duration::from_secs(pause));
        }
    }
}

#[tokio::test]
async fn a_count_goes_when_its_window_has_ended() {
    let app = app_of_two().await;
    app.mailed_reset(DEMO).await;
    let item = app.items("mail-cap#").await.remove(0);
    assert_eq!(item["pk"], "mail-cap#1800000000");
    assert_eq!(item["ttl"], 1_800_000_150);
    // And no count is a job.
    assert_eq!(app.deliver().await.pending, 0);
}
