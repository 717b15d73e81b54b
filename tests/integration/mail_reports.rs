//! What SES says of a mail after it took it, and where that is noted.

use std::time::Duration;

use integration_tests::app::{DEMO, NEW_PASSWORD, assert_ok};
use integration_tests::mailbox::{ses_event, token_in};
use integration_tests::stream::{request_image, stream_event};
use integration_tests::{Fault, TestApp};
use local_stack::ses::Mail;
use serde_json::{Value, json};

const REPORTS: &str = "MailReportsFunction";

async fn report(app: &TestApp, kind: &str, mail: &Mail) -> Result<Value, String> {
    app.invoke(REPORTS, ses_event(kind, mail)).await
}

/// The state of a delivery, and its detail.
fn state(delivery: &Value) -> (String, String) {
    let text = |name: &str| delivery[name].as_str().expect("a string").to_owned();
    (text("state"), text("detail"))
}

/// The one delivery of the demo account's record.
async fn delivery(app: &TestApp) -> (String, String) {
    let record = app.record().await;
    let mut deliveries = record["deliveries"].as_object().expect("a map").values();
    state(deliveries.next().expect("a delivery"))
}

#[tokio::test]
async fn a_bounce_is_recorded_with_its_mail_and_without_the_address() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    assert_eq!(delivery(&app).await.0, "sent");
    assert_eq!(report(&app, "Bounce", &mail).await, Ok(Value::Null));
    let words = "Permanent/General: smtp; 550 5.1.1 [address] unknown";
    assert_eq!(delivery(&app).await, ("bounced".into(), words.into()));
}

#[tokio::test]
async fn a_report_leaves_links_and_codes_alone() {
    for kind in ["DeliveryDelay", "Delivery", "Bounce", "Complaint", "Reject"] {
        let app = TestApp::start().await;
        let mail = app.mailed_reset(DEMO).await;
        let secrets = async || {
            let record = app.record().await;
            ["links", "codes"].map(|name| record[name].clone())
        };
        let before = secrets().await;
        report(&app, kind, &mail).await.expect("noted");
        assert_eq!(secrets().await, before, "{kind}");
        let reported = delivery(&app).await;
        if kind == "Delivery" {
            assert_eq!(reported, ("delivered".into(), mail.message_id.clone()));
        }
        let token = token_in(&mail);
        assert_ok(&app.verify_link(&token).await);
        app.clock.advance(Duration::from_mins(1));
        // A later mail finds the record as it is now, and loses neither report nor link.
        app.mailed_reset(DEMO).await;
        assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    }
}

#[tokio::test]
async fn reports_come_twice_and_in_any_order() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    for (kind, expected) in [
        ("DeliveryDelay", "delayed"),
        ("DeliveryDelay", "delayed"),
        ("Delivery", "delivered"),
        ("DeliveryDelay", "delivered"),
        ("Complaint", "complained"),
        ("Delivery", "complained"),
    ] {
        report(&app, kind, &mail).await.expect("noted, or known");
        assert_eq!(delivery(&app).await.0, expected, "{kind}");
    }
}

#[tokio::test]
async fn a_report_that_overtakes_the_worker_is_brought_again() {
    let app = TestApp::start().await;
    app.aws.inject("SendEmail", [Fault::CutAfter]);
    app.request_reset(DEMO).await;
    app.deliver_once().await;
    let mail = app.last_mail();
    let early = report(&app, "Delivery", &mail).await;
    assert!(early.is_err_and(|error| error.contains("not recorded as sent yet")));
    app.deliver_once().await;
    report(&app, "Delivery", &mail).await.expect("noted");
    assert_eq!(delivery(&app).await.0, "delivered");
}

#[tokio::test]
async fn the_changed_mail_is_reported_on_its_notice() {
    let app = TestApp::start().await;
    app.change_password().await;
    app.deliver().await;
    let mail = app.last_mail();
    report(&app, "Complaint", &mail).await.expect("noted");
    assert_eq!(app.notice().await["delivery"]["state"], "complained");
}

#[tokio::test]
async fn a_bounced_mail_is_not_sent_again_when_its_record_comes_again() {
    let app = TestApp::start().await;
    let event = stream_event(&request_image("r1", DEMO));
    app.work(&event).await;
    report(&app, "Bounce", &app.last_mail())
        .await
        .expect("noted");
    app.work(&event).await;
    assert_eq!(app.aws.bodies("SendEmail").len(), 1);
    assert_eq!(delivery(&app).await.0, "bounced");
}

#[tokio::test]
async fn reports_of_others_and_of_what_is_gone_change_nothing() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let mut foreign = ses_event("Bounce", &mail);
    foreign["detail"]["mail"]["tags"] = json!({ "campaign": ["spring"] });
    app.invoke(REPORTS, foreign).await.expect("nothing to do");
    assert_eq!(delivery(&app).await.0, "sent");
    app.clock.advance(Duration::from_hours(48));
    app.sweep();
    report(&app, "Bounce", &mail).await.expect("nothing to do");
    assert!(app.items("token#").await.is_empty());
}

#[tokio::test]
async fn an_outage_of_the_table_loses_no_report() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    for operation in ["GetItem", "UpdateItem"] {
        app.aws.fail(operation, Fault::INTERNAL);
        assert!(report(&app, "Bounce", &mail).await.is_err(), "{operation}");
        app.aws.clear_faults();
    }
    report(&app, "Bounce", &mail).await.expect("noted");
    assert_eq!(delivery(&app).await.0, "bounced");
}

#[tokio::test]
async fn noting_a_report_reads_once_and_writes_once() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    app.aws.forget_calls();
    report(&app, "Delivery", &mail).await.expect("noted");
    assert_eq!(app.aws.take_calls(), ["GetItem", "UpdateItem"]);
}
