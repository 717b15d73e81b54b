//! What nobody gets to see.

use std::sync::Arc;
use std::time::Duration;

use integration_tests::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_invalid, assert_ok};
use integration_tests::mailbox::{code_in, secrets, token_in};
use integration_tests::{Fault, TestApp};
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};

fn names_of(item: &Value) -> Vec<String> {
    let attributes = item.as_object().expect("a map");
    attributes.keys().cloned().collect()
}

/// The names of an item's attributes, and of those of its deliveries.
fn shape(app: &TestApp, item: &Value) -> Vec<String> {
    let mut names = names_of(item);
    names.retain(|name| name != "user_key");
    if let Some(deliveries) = item["deliveries"].as_object() {
        for delivery in deliveries.values() {
            let parts = names_of(delivery).into_iter();
            names.extend(parts.map(|part| format!("deliveries.{part}")));
        }
        names.extend(["links", "codes"].map(|name| format!("{} {name}", app.alive(item, name))));
    }
    names.sort();
    names
}

#[tokio::test]
async fn items_of_known_and_unknown_addresses_look_alike_at_every_moment() {
    let app = Arc::new(TestApp::start().await);
    let alike = async |app: &TestApp, moment: &str| {
        for prefix in ["request#", "token#"] {
            let items = app.items(prefix).await;
            assert_eq!(items.len(), 2, "{moment}");
            assert_eq!(shape(app, &items[0]), shape(app, &items[1]), "{moment}");
        }
    };
    for round in 0..3 {
        app.request_reset(DEMO).await;
        app.request_reset("nobody@example.com").await;
        let inside = Arc::clone(&app);
        app.aws.before("SendEmail", 0, async move {
            alike(&inside, &format!("while mail {round} is sent")).await;
        });
        app.deliver().await;
        assert_eq!(app.ses.mails().len(), round + 1);
        alike(&app, &format!("after mail {round}")).await;
        app.clock.advance(Duration::from_mins(1));
    }
}

/// Bytes that are stored of a value, without those that say nothing to a person who cannot read it: whose
/// a record is, what became of its mails, and how often SES objected to one.
fn size(value: &Value) -> usize {
    const APART: [&str; 3] = ["user_key", "state", "detail"];
    match value {
        Value::String(text) => text.len(),
        Value::Number(number) => number.to_string().len(),
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| !APART.contains(&name.as_str()) && !name.starts_with("failures:"))
            .map(|(name, value)| name.len() + size(value))
            .sum(),
        Value::Array(list) => list.iter().map(size).sum(),
        other => panic!("{other:?}"),
    }
}

/// Does something with what an account was mailed, and compares its record with that of an address
/// without one, for which the same was asked.
async fn sizes_are_equal_after(history: impl AsyncFn(&Arc<TestApp>)) {
    let app = Arc::new(TestApp::start().await);
    let ask = async || {
        app.request_reset(DEMO).await;
        app.request_reset("none@example.com").await;
    };
    let sizes = async || {
        let records = app.items("token#").await;
        let sizes: Vec<_> = records.iter().map(size).collect();
        assert_eq!(sizes.len(), 2);
        assert_eq!(sizes[0], sizes[1]);
    };
    ask().await;
    history(&app).await;
    sizes().await;
    // Nor does the next mail show it.
    app.clock.advance(Duration::from_mins(1));
    ask().await;
    app.deliver().await;
    sizes().await;
}

#[tokio::test]
async fn records_of_known_and_unknown_addresses_are_of_one_size() {
    sizes_are_equal_after(async |app| {
        app.deliver().await;
    })
    .await;
    sizes_are_equal_after(async |app| {
        for _ in 0..2 {
            app.deliver().await;
            app.clock.advance(Duration::from_mins(1));
            app.request_reset(DEMO).await;
            app.request_reset("none@example.com").await;
        }
        app.deliver().await;
        assert_eq!(app.ses.mails().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn records_are_of_one_size_whatever_ses_says() {
    // It took it, as far as anybody knows.
    sizes_are_equal_after(async |app| {
        for _ in 0..5 {
            app.aws.inject("SendEmail", [Fault::LoseAnswer]);
            assert!(app.deliver_once().await.pending > 0);
            app.clock.advance(Duration::from_mins(3));
        }
        let mails = app.ses.mails();
        assert_eq!(mails.len(), 5);
        for mail in &mails {
            assert_ok(&app.verify_link(&token_in(mail)).await);
        }
    })
    .await;
    for failure in [
        Fault::THROTTLED,
        Fault::bad_request("Illegal address"),
        Fault::bad_request("Something that nobody foresaw"),
    ] {
        sizes_are_equal_after(async |app| {
            app.aws.inject("SendEmail", [failure.clone()]);
            app.deliver_once().await;
            assert!(app.ses.mails().is_empty());
        })
        .await;
    }
    // The link is gone when it turns out that it was not mailed.
    sizes_are_equal_after(async |app| {
        let token = app.fresh_token().await;
        app.clock.advance(Duration::from_mins(1));
        app.request_reset(DEMO).await;
        app.request_reset("none@example.com").await;
        let inside = Arc::clone(app);
        app.aws.before("SendEmail", 0, async move {
            assert_ok(&inside.cancel(&token).await);
        });
        app.aws.inject("SendEmail", [Fault::THROTTLED]);
        app.deliver_once().await;
    })
    .await;
}

#[tokio::test]
async fn records_are_of_one_size_whatever_was_done_with_a_mail() {
    sizes_are_equal_after(async |app| {
        let token = app.fresh_token().await;
        assert_ok(&app.cancel(&token).await);
    })
    .await;
    sizes_are_equal_after(async |app| {
        let token = app.fresh_token().await;
        assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    })
    .await;
    sizes_are_equal_after(async |app| {
        app.deliver().await;
        let code = code_in(&app.last_mail());
        assert_ok(&app.confirm_code(DEMO, &code, NEW_PASSWORD).await);
    })
    .await;
    // With a key, and after passwords that were rejected.
    sizes_are_equal_after(async |app| {
        let token = app.fresh_token().await;
        for _ in 0..9 {
            let rejected = app.confirm_link(&token, "password").await;
            assert_eq!(rejected.status(), 422);
        }
        let body = json!({ "token": token, "password": NEW_PASSWORD });
        let request = ApiRequest::new("POST", "/v1/confirm-reset").json(&body);
        let key = "c2l4dGVlbiBieXRlcyE-_w";
        for _ in 0..2 {
            assert_ok(
                &app.send(request.clone().header("idempotency-key", key))
                    .await,
            );
        }
    })
    .await;
}

#[tokio::test]
async fn records_are_of_one_size_whatever_became_of_the_account() {
    sizes_are_equal_after(async |app| {
        let token = app.fresh_token().await;
        app.disable_user("demo").await;
        assert_invalid(&app.confirm_link(&token, NEW_PASSWORD).await);
        app.remove_from_user("demo", "disabled").await;
    })
    .await;
    sizes_are_equal_after(async |app| {
        app.add_user("twin", "DEMO@example.com", OLD_PASSWORD).await;
        app.deliver().await;
        app.clock.advance(Duration::from_mins(1));
        app.request_reset("DEMO@example.com").await;
        app.request_reset("NONE@example.com").await;
        app.deliver().await;
        assert_eq!(app.ses.mails().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn nothing_about_an_account_reaches_the_request_item() {
    let app = TestApp::start().await;
    app.request_reset(DEMO).await;
    let before = app.items("request#").await;
    app.deliver().await;
    assert_eq!(app.items("request#").await, before);
}

#[tokio::test]
async fn neither_token_nor_code_nor_password_is_stored() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    let stored = async || format!("{:?} {:?}", app.items("").await, app.user("demo").await);
    assert_ok(&app.verify_code(DEMO, &code).await);
    let while_alive = stored().await;
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    for stored in [while_alive, stored().await] {
        for secret in secrets(&token, &code) {
            assert!(!stored.contains(&secret), "{secret}");
        }
    }
}
