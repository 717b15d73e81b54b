//! Every line of the logs is as `infra/schemas/audit-log.schema.json` says, whatever happens.

use std::collections::BTreeSet;
use std::time::Duration;

use integration_tests::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, project};
use integration_tests::dialects::form;
use integration_tests::logs::CapturedLogs;
use integration_tests::mailbox::{code_in, ses_event, token_in};
use integration_tests::sessions::SessionsTable::Partition;
use integration_tests::stream::{image_key, request_image, stream_event};
use integration_tests::{Fault, TestApp};
use jsonschema::Validator;
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};

use crate::metrics;

/// An event and its outcome or reason, where these are of a fixed set.
type Kind = (String, Option<String>);

fn schema() -> Value {
    let text = std::fs::read_to_string(project().join("infra/schemas/audit-log.schema.json"));
    serde_json::from_str(&text.expect("the schema is there")).expect("JSON")
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).expect("a good schema")
}

fn lines() -> Vec<Value> {
    CapturedLogs::of_this_process().lines()
}

/// Every kind of event that the schema lists.
fn documented() -> BTreeSet<Kind> {
    let schema = schema();
    let events = schema["then"]["properties"]["event"]["enum"].as_array();
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let mut kinds = BTreeSet::new();
    for event in events.expect("a list").iter().map(text) {
        let properties = &schema["$defs"][&event]["properties"];
        let fixed = ["outcome", "reason"]
            .iter()
            .find_map(|field| properties[field]["enum"].as_array());
        match fixed {
            Some(values) => kinds.extend(values.iter().map(|it| (event.clone(), Some(text(it))))),
            None => {
                kinds.insert((event, None));
            }
        }
    }
    kinds
}

/// Every kind of event in these lines.
fn logged(lines: &[Value], documented: &BTreeSet<Kind>) -> BTreeSet<Kind> {
    let kind = |line: &Value| {
        let event = line["event"].as_str()?.to_owned();
        let value = line["outcome"].as_str().or(line["reason"].as_str());
        let whole = (event.clone(), value.map(str::to_owned));
        Some(if documented.contains(&whole) {
            whole
        } else {
            (event, None)
        })
    };
    lines.iter().filter_map(kind).collect()
}

#[tokio::test]
async fn every_line_under_every_outcome_is_as_the_schema_says() {
    let _ = CapturedLogs::of_this_process();
    Box::pin(requests()).await;
    Box::pin(proofs()).await;
    Box::pin(cancelled()).await;
    Box::pin(refusals()).await;
    Box::pin(mails()).await;
    Box::pin(held_mail()).await;
    Box::pin(repeated_mails()).await;
    Box::pin(reported_mails()).await;
    Box::pin(failures()).await;

    let validator = validator();
    let lines = lines();
    for line in &lines {
        let problems: Vec<_> = validator
            .iter_errors(line)
            .map(|it| it.to_string())
            .collect();
        assert!(problems.is_empty(), "{line}\n{problems:#?}");
    }
    let documented = documented();
    assert_eq!(logged(&lines, &documented), documented);
    metrics::check_every_metric();
}

async fn requests() {
    let app = TestApp::with("limits.source_requests", 2).await;
    for _ in 0..3 {
        app.request_reset(DEMO).await;
    }
}

async fn proofs() {
    let app = TestApp::builder()
        .setting("limits.source_requests", 4)
        .setting("limits.password_rejections", 1)
        .start()
        .await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    app.verify_code(DEMO, &code).await;
    app.verify_code(DEMO, "0000-0000").await;
    app.verify_link(&token).await;
    app.verify_link("nonsense").await;
    for _ in 0..2 {
        app.confirm_link(&token, "password").await;
    }
    app.confirm_link("nonsense", NEW_PASSWORD).await;
    app.clock.advance(Duration::from_mins(10));
    let body = json!({ "token": token, "password": NEW_PASSWORD });
    let confirm = ApiRequest::new("POST", "/v1/confirm-reset").json(&body);
    let confirm = confirm.header("idempotency-key", "mSqVCJHsRxy0Vq3mXy8bJA");
    for _ in 0..2 {
        app.send(confirm.clone()).await;
    }
    app.confirm_link(&token, NEW_PASSWORD).await;
    app.verify_link(&token).await;
    for _ in 0..3 {
        app.verify_code(DEMO, &code).await;
        app.confirm_code(DEMO, &code, NEW_PASSWORD).await;
    }
}

async fn cancelled() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    for (token, status) in [(token.as_str(), 200), ("nonsense", 400)] {
        assert_eq!(app.cancel(token).await.status(), status);
    }
}

async fn refusals() {
    let app = TestApp::start().await;
    let post = || ApiRequest::new("POST", "/v1/request-reset");
    let good = json!({ "email": DEMO });
    app.send(post().json(&json!({ "email": [DEMO] }))).await;
    app.send(post().json(&good).header("x-app-name", "no such app"))
        .await;
    app.send(post().json(&json!({ "email": "x".repeat(17 * 1024) })))
        .await;
    app.send(post().header("content-type", "text/plain").body("x"))
        .await;
    let foreign = form("/auth/forgot-password", &[("email", DEMO)]);
    app.send(foreign.header("origin", "https://evil.example"))
        .await;
    let off = TestApp::with("enabled", false).await;
    off.send(post().json(&good)).await;
}

async fn mails() {
    let app = TestApp::start().await;
    app.add_user("off", "off@example.com", OLD_PASSWORD).await;
    app.disable_user("off").await;
    for twin in ["twin1", "twin2"] {
        app.add_user(twin, "twin@example.com", OLD_PASSWORD).await;
    }
    for email in ["off@example.com", "twin@example.com", "nobody@example.com"] {
        app.request_reset(email).await;
    }
    app.deliver().await;
    further_recipients().await;
    sessions().await;
    let event = stream_event(&request_image("r1", DEMO));
    // Whatever SES says, with whatever line ends, is one line here.
    let message = "slow\r\n{\"event\":\"x\"}";
    let throttled = Fault::Refuse(429, "TooManyRequestsException", message);
    app.aws.inject("SendEmail", [throttled]);
    for _ in 0..3 {
        app.work(&event).await;
    }
    let rejected = Fault::bad_request("Illegal address");
    app.aws.inject("SendEmail", [rejected]);
    let rejected = stream_event(&request_image("r2", DEMO));
    app.work(&rejected).await;
    let broken = stream_event(&json!({ "pk": image_key(), "v": { "S": "non\nsense" } }));
    for _ in 0..3 {
        app.work(&broken).await;
    }
}

/// One of them has no address, and there is one too many.
async fn further_recipients() {
    let app = TestApp::with("users.notice_emails_attribute", "contacts").await;
    let contacts = (1..=6).map(|n| format!("canary{n}@example.com"));
    let contacts: Vec<_> = std::iter::once("canary".to_owned())
        .chain(contacts)
        .collect();
    app.set_user("demo", "contacts", contacts).await;
    let token = app.fresh_token().await;
    app.confirm_link(&token, NEW_PASSWORD).await;
    app.deliver().await;
    let text = CapturedLogs::of_this_process().text();
    assert!(
        !text.contains("canary"),
        "whole values are in the log:\n{text}"
    );
}

/// They end, and are given up.
async fn sessions() {
    for faults in [0, 3] {
        let app = Partition.start().await;
        Partition.open(&app, "canary", "demo", &json!(1)).await;
        let token = app.fresh_token().await;
        app.confirm_link(&token, NEW_PASSWORD).await;
        let refused = Fault::DENIED;
        app.aws.inject("Query", vec![refused; faults]);
        app.deliver().await;
    }
}

async fn held_mail() {
    let app = TestApp::builder()
        .setting("mail.per_hour", 60)
        .set("LINK_LIFETIME_SECONDS", "300")
        .start()
        .await;
    for n in 1..=3 {
        let email = format!("user{n}@example.com");
        app.add_user(&email, &email, OLD_PASSWORD).await;
        app.request_reset(&email).await;
    }
    assert!(app.deliver_once().await.pending > 0);
    app.clock.advance(Duration::from_secs(150));
    app.deliver_once().await;
}

/// More than a quarter of a window, for somebody whose inbox holds a link that works.
async fn repeated_mails() {
    let app = TestApp::builder()
        .setting("mail.per_hour", 60)
        .setting("limits.address_cooldown_seconds", 1)
        .setting("limits.address_requests", 20)
        .start()
        .await;
    for _ in 0..6 {
        app.request_reset(DEMO).await;
        app.deliver_once().await;
        app.clock.advance(Duration::from_secs(1));
    }
}

async fn reported_mails() {
    let app = TestApp::start().await;
    for kind in ["Delivery", "DeliveryDelay", "Bounce", "Complaint", "Reject"] {
        let mail = app.mailed_reset(DEMO).await;
        let event = ses_event(kind, &mail);
        app.invoke("MailReportsFunction", event)
            .await
            .expect("it is noted");
        app.clock.advance(Duration::from_hours(1));
    }
}

async fn failures() {
    for fault in [Fault::INTERNAL, Fault::DENIED] {
        let app = TestApp::start().await;
        let token = app.fresh_token().await;
        for operation in ["UpdateItem", "GetItem"] {
            app.aws.fail(operation, fault.clone());
        }
        app.request_reset(DEMO).await;
        app.verify_link(&token).await;
        app.confirm_link(&token, NEW_PASSWORD).await;
    }
}

#[tokio::test]
async fn untrusted_input_makes_no_second_line_and_no_second_field() {
    let logs = CapturedLogs::of_this_process();
    let app = TestApp::start().await;
    let hostile =
        "x\r\n\u{2028}{\"event\":\"reset-confirmed\",\"outcome\":\"password-changed\"}\u{0}";
    let before = lines().len();
    for (path, body) in [
        (
            "/v1/request-reset",
            json!({ "email": hostile, "locale": hostile }),
        ),
        (
            "/v1/request-reset",
            json!({ "email": DEMO, "locale": hostile }),
        ),
        ("/v1/verify-token", json!({ "token": hostile })),
        (
            "/v1/verify-token",
            json!({ "email": DEMO, "code": hostile }),
        ),
        (
            "/v1/confirm-reset",
            json!({ "token": hostile, "password": hostile }),
        ),
    ] {
        // No header holds a line end: HTTP has none, and API Gateway passes none on.
        let request = ApiRequest::new("POST", path)
            .header("user-agent", "{\"event\":\"reset-confirmed\"}")
            .header("x-app-name", "")
            .json(&body);
        app.send(request).await;
    }
    let text = logs.text();
    assert!(lines().len() >= before + 5);
    assert!(
        !text.contains("{\\\"event\\\""),
        "nothing of it is there at all"
    );
    let validator = validator();
    assert!(lines().iter().all(|line| validator.is_valid(line)));
}

#[test]
fn a_line_that_is_not_as_documented_is_noticed() {
    let validator = validator();
    let good = json!({
        "timestamp": "2027-01-15T08:00:00.000001Z",
        "level": "INFO",
        "target": "audit",
        "event": "reset-requested",
        "outcome": "accepted",
        "app": "main",
        "account": "AAAAAAAAAAAA",
        "source": "BBBBBBBBBBBB",
        "request_id": "r1"
    });
    assert!(validator.is_valid(&good));
    for (field, value) in [
        ("timestamp", json!("2027-01-15T08:00:00+01:00")),
        ("event", json!("reset-asked")),
        ("outcome", json!("alive")),
        ("account", json!(DEMO)),
        ("source", json!("192.0.2.1")),
        ("request_id", json!("")),
        ("email", json!(DEMO)),
        ("level", Value::Null),
        ("app", Value::Null),
    ] {
        let mut line = good.clone();
        line[field] = value;
        if line[field].is_null() {
            line.as_object_mut().expect("an object").remove(field);
        }
        assert!(!validator.is_valid(&line), "{field}");
    }
}
