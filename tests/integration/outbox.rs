//! The mail worker: no mail lost, none sent twice without need, no dead link in any inbox.

use std::time::Duration;

use integration_tests::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_ok};
use integration_tests::mailbox::token_in;
use integration_tests::stream::{image_key, request_image, stream_event};
use integration_tests::{Fault, TestApp};
use serde_json::{Value, json};

#[tokio::test]
async fn account_level_failures_of_ses_are_tried_until_they_end() {
    let paused = "Sending paused for this account.";
    for (status, code) in [
        (429, "TooManyRequestsException"),
        (400, "SendingPausedException"),
        (400, "AccountSuspendedException"),
        (400, "MailFromDomainNotVerifiedException"),
        (403, "AccessDeniedException"),
        (400, "MessageRejected"),
    ] {
        let app = TestApp::start().await;
        let failure = Fault::Refuse(status, code, paused);
        app.aws.inject("SendEmail", vec![failure; 5]);
        app.request_reset(DEMO).await;
        for _ in 0..5 {
            let progress = app.deliver_once().await;
            assert_eq!((progress.delivered, progress.pending), (0, 1), "{code}");
        }
        assert!(app.ses.mails().is_empty());
        let alive = app.alive(&app.record().await, "links");
        assert_eq!(alive, 0, "links that were never mailed do not pile up");

        app.deliver_once().await;
        assert_eq!(app.ses.mails().len(), 1);
        let token = token_in(&app.last_mail());
        assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    }
}

#[tokio::test]
async fn a_rejected_recipient_is_final_and_holds_up_no_other() {
    let app = TestApp::start().await;
    app.add_user("next", "next@example.com", OLD_PASSWORD).await;
    let rejected = Fault::bad_request("Illegal address");
    app.aws.inject("SendEmail", [rejected]);
    app.request_reset(DEMO).await;
    app.request_reset("next@example.com").await;
    let progress = app.deliver().await;
    assert_eq!((progress.delivered, progress.pending), (2, 0));
    assert_eq!(app.last_mail().to, ["next@example.com"]);
    assert_eq!(app.aws.bodies("SendEmail").len(), 2);
    assert_eq!(delivery_states(&app).await, ["failed", "sent"]);
}

#[tokio::test]
async fn a_mail_that_ses_keeps_refusing_is_parked_and_holds_up_no_other() {
    let app = TestApp::start().await;
    app.add_user("next", "next@example.com", OLD_PASSWORD).await;
    let refused = Fault::bad_request("Something that nobody foresaw");
    app.aws.inject("SendEmail", vec![refused; 3]);
    app.request_reset(DEMO).await;
    for _ in 0..2 {
        assert_eq!(app.deliver_once().await.pending, 1);
        let alive = app.alive(&app.record().await, "links");
        assert_eq!(alive, 0, "a link that nobody was mailed");
    }
    app.request_reset("next@example.com").await;
    assert_eq!(app.deliver_once().await.pending, 0);
    assert_eq!(app.last_mail().to, ["next@example.com"]);
    assert_eq!(delivery_states(&app).await, ["failed", "sent"]);
    app.clock.advance(Duration::from_mins(1));
    let token = app.fresh_token().await;
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn what_is_done_behind_a_failure_is_recognised_when_it_comes_again() {
    let app = TestApp::start().await;
    let emails: Vec<_> = (1..=3).map(|n| format!("user{n}@example.com")).collect();
    for email in &emails {
        app.add_user(email, email, OLD_PASSWORD).await;
        app.request_reset(email).await;
    }
    // Whichever of the three it is.
    app.aws.inject("SendEmail", [Fault::THROTTLED]);
    let progress = app.deliver_once().await;
    assert_eq!(progress.delivered + progress.pending, 3);
    assert!(progress.pending > 0);
    assert_eq!(app.ses.mails().len(), 2);
    app.deliver().await;
    let mails = app.ses.mails().into_iter();
    let mut recipients: Vec<_> = mails.flat_map(|mail| mail.to).collect();
    recipients.sort();
    assert_eq!(recipients, emails);
}

/// Puts a second record into an event.
fn add_record(event: &mut Value, image: &Value) {
    let mut next = stream_event(image);
    next["Records"][0]["dynamodb"]["SequenceNumber"] = json!("112");
    let records = event["Records"].as_array_mut().expect("a list");
    records.append(next["Records"].as_array_mut().expect("a list"));
}

#[tokio::test]
async fn a_mail_is_sent_once_that_could_not_be_recorded_at_first_behind_a_job_that_failed() {
    let app = TestApp::start().await;
    let mut broken = request_image("broken", "nobody@example.com");
    broken["app"] = json!({ "S": "removed-app" });
    let mut event = stream_event(&broken);
    add_record(&mut event, &request_image("mailed", DEMO));
    // All tries of the SDK, of noting the mail and of counting the failure.
    let aws = app.aws.clone();
    app.aws.before("SendEmail", 0, async move {
        let refused = vec![Fault::INTERNAL; 8];
        aws.inject("UpdateItem", refused);
    });
    for _ in 0..2 {
        assert_eq!(app.work(&event).await, ["111"]);
        // On a busy machine the SDK runs out of time before it runs out of tries.
        app.aws.clear_faults();
    }
    assert_eq!(app.ses.mails().len(), 1);
    assert_eq!(delivery_states(&app).await, ["sent"]);
}

#[tokio::test]
async fn a_mail_that_may_have_come_is_sent_again_less_and_less_often_and_stops_none_of_its_batch() {
    let app = TestApp::start().await;
    app.add_user("next", "next@example.com", OLD_PASSWORD).await;
    let mut batch = stream_event(&request_image("r1", DEMO));
    for tries in 1..=2 {
        app.aws.inject("SendEmail", [Fault::LoseAnswer]);
        assert_eq!(app.work(&batch).await, ["111"]);
        assert_eq!(app.ses.mails().len(), tries, "the second one at once");
    }
    let before = app.items("token#").await;
    app.clock.advance(Duration::from_secs(9));
    assert_eq!(app.work(&batch).await, ["111"]);
    assert_eq!(app.items("token#").await, before, "nothing is drawn");

    add_record(&mut batch, &request_image("r2", "next@example.com"));
    assert_eq!(app.work(&batch).await, ["111"]);
    assert_eq!(app.ses.mails().len(), 3);
    assert_eq!(app.last_mail().to, ["next@example.com"]);

    app.clock.advance(Duration::from_secs(1));
    assert!(app.work(&batch).await.is_empty());
    assert_eq!(app.ses.mails().len(), 4, "what is done is not done again");
    assert_eq!(app.last_mail().to, [DEMO]);
}

#[tokio::test]
async fn a_record_that_comes_twice_is_mailed_once() {
    let app = TestApp::start().await;
    let event = stream_event(&request_image("r1", DEMO));
    for _ in 0..3 {
        assert!(app.work(&event).await.is_empty());
    }
    assert_eq!(app.ses.mails().len(), 1);
    let token = token_in(&app.last_mail());
    app.confirm_link(&token, NEW_PASSWORD).await;
    app.work(&event).await;
    assert_eq!(app.ses.mails().len(), 1);
}

#[tokio::test]
async fn a_record_that_fails_by_itself_is_parked_at_its_third_try() {
    let app = TestApp::start().await;
    let mut image = request_image("r1", DEMO);
    image["app"] = json!({ "S": "removed-app" });
    for broken in [
        image,
        json!({ "pk": image_key(), "v": { "S": "nonsense" } }),
    ] {
        let event = stream_event(&broken);
        for _ in 0..2 {
            assert_eq!(app.work(&event).await, ["111"]);
        }
        assert!(app.work(&event).await.is_empty());
    }
    assert!(app.ses.mails().is_empty());
    // The address is not blocked by it.
    app.mailed_reset(DEMO).await;
}

#[tokio::test]
async fn an_outage_of_the_store_is_tried_again_and_never_parked() {
    let app = TestApp::start().await;
    app.request_reset(DEMO).await;
    app.aws.fail("GetItem", Fault::INTERNAL);
    for _ in 0..5 {
        assert_eq!(app.deliver_once().await.pending, 1);
    }
    app.aws.clear_faults();
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), 1);
}

#[tokio::test]
async fn the_other_kind_of_event_is_refused_in_either_mode() {
    let app = TestApp::start().await;
    let http = json!({ "version": "2.0", "requestContext": { "http": { "method": "POST" } } });
    assert!(app.invoke("MailWorkerFunction", http).await.is_err());
    let stream = stream_event(&request_image("r1", DEMO));
    assert!(
        app.invoke("RequestResetFunction", stream.clone())
            .await
            .is_err()
    );
    // Through API Gateway it is only a body, and a bad one.
    let answer = app.post("/v1/request-reset", &stream).await;
    assert_eq!(answer.problem(), "invalid-request");
    assert!(app.ses.mails().is_empty());
}

#[tokio::test]
async fn unknown_disabled_and_ambiguous_addresses_get_no_mail() {
    let app = TestApp::start().await;
    app.add_user("off", "off@example.com", OLD_PASSWORD).await;
    app.disable_user("off").await;
    app.add_user("twin1", "twin@example.com", OLD_PASSWORD)
        .await;
    app.add_user("twin2", "twin@example.com", OLD_PASSWORD)
        .await;
    for email in ["off@example.com", "twin@example.com", "nobody@example.com"] {
        assert_eq!(app.request_reset(email).await.status(), 202);
    }
    let progress = app.deliver().await;
    assert_eq!((progress.delivered, progress.pending), (3, 0));
    assert_eq!(app.aws.bodies("SendEmail").len(), 0);
    assert_eq!(
        delivery_states(&app).await,
        ["skipped", "skipped", "skipped"]
    );
}

#[tokio::test]
async fn the_changed_mail_survives_an_outage_of_ses() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    app.ses.clear();
    app.aws.inject("SendEmail", vec![Fault::THROTTLED; 4]);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    for _ in 0..4 {
        assert_eq!(app.deliver_once().await.pending, 1);
    }
    app.deliver_once().await;
    assert!(app.last_mail().subject.contains("was changed"));
    assert_eq!(app.ses.mails().len(), 1);
}

#[tokio::test]
async fn beyond_the_life_of_a_link_a_job_goes_to_the_failure_destination() {
    let app = TestApp::start().await;
    app.aws.fail("SendEmail", Fault::THROTTLED);
    app.request_reset(DEMO).await;
    assert_eq!(app.deliver_once().await.pending, 1);
    app.clock.advance(Duration::from_mins(31));
    let progress = app.deliver().await;
    assert_eq!((progress.discarded, progress.pending), (1, 0));
    assert_eq!(app.given_up().await.len(), 1);
}

async fn delivery_states(app: &TestApp) -> Vec<String> {
    let mut states = Vec::new();
    for record in app.items("token#").await {
        // One that only counts failures has none.
        let deliveries = record["deliveries"].as_object().into_iter().flatten();
        let state = |(_, it): (_, &Value)| it["state"].as_str().expect("a string").to_owned();
        states.extend(deliveries.map(state));
    }
    states.sort();
    states
}
