//! What other software is told: the events that the pipe of `infra/events.yaml` puts on the bus, as
//! `infra/schemas/password-reset-event.schema.json` has them.

use std::time::Duration;

use integration_tests::TestApp;
use integration_tests::app::{
    DEMO, NEW_PASSWORD, OLD_PASSWORD, TestAppBuilder, assert_contains, assert_ok, template,
    template_with,
};
use integration_tests::mailbox::token_in;
use integration_tests::user_tables::{ANN, single_table};
use jsonschema::{Registry, RegistryBuilder, Validator};
use serde_json::{Map, Value, json};

use super::events::{assert_kept, schema};

fn with_bus() -> TestAppBuilder {
    TestApp::builder().parameter("EventBusName", "company")
}

fn event_schema() -> Validator {
    let records = schema("stream-records");
    let registry = Registry::new()
        .add("urn:forgot-password:stream-records", records)
        .and_then(RegistryBuilder::prepare)
        .expect("a registry");
    jsonschema::options()
        .with_registry(&registry)
        .build(&schema("password-reset-event"))
        .expect("a good schema")
}

/// A changed password of the one account with this address, and the one event of it.
async fn event_of_change(app: &TestApp, email: &str) -> Value {
    let token = token_in(&app.mailed_reset(email).await);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let mut events = app.published().await;
    assert_eq!(events.len(), 1, "{events:#?}");
    events.remove(0)
}

#[tokio::test]
async fn a_changed_password_is_an_event_and_nothing_else_is() {
    let app = with_bus().start().await;
    let mail = app.mailed_reset(DEMO).await;
    assert_eq!(app.request_reset("nobody@example.com").await.status(), 202);
    app.deliver().await;
    app.verify_link(&token_in(&mail)).await;
    app.cancel(&token_in(&mail)).await;
    assert_eq!(app.published().await, Vec::<Value>::new());

    app.clock.advance(Duration::from_hours(1));
    let event = event_of_change(&app, DEMO).await;
    let notice = app.notice().await;
    assert_kept(&event_schema(), &event["detail"]);
    assert_eq!(event["source"], "forgot-password");
    assert_eq!(event["detail-type"], "Password Reset Event");
    assert_eq!(
        event["detail"],
        json!({
            "version": 1,
            "kind": "password-changed",
            "id": notice["pk"],
            "app": notice["app"],
            "user_key": { "S": "demo" },
            "changed_at": notice["changed_at"].to_string(),
        })
    );
    // The warning comes by the mapping of requests, and what becomes of it is no event.
    let before = app.ses.mails().len();
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), before + 1);
    assert_eq!(app.published().await.len(), 1);
    let page = reqwest::get(app.ses.url()).await.expect("the inbox");
    let page = page.text().await.expect("a page");
    assert_contains(&page, "password-changed");
}

#[tokio::test]
async fn the_key_of_a_user_cannot_break_or_forge_an_event() {
    let schema = event_schema();
    for id in [
        r#"x", "kind": "forged", "y": ""#,
        r#"x"}, "app": "other"#,
        "back\\slash\\",
        "<$.dynamodb.NewImage.email.S>",
        "line\nbreak\u{0}\u{2028}ü",
    ] {
        let app = with_bus().start().await;
        app.add_user(id, ANN, OLD_PASSWORD).await;
        let event = event_of_change(&app, ANN).await;
        assert_kept(&schema, &event["detail"]);
        assert_eq!(event["detail"]["user_key"], json!({ "S": id }));
        assert_eq!(event["detail"]["kind"], "password-changed");
        assert_ne!(event["detail"]["app"], "other");
    }
}

#[tokio::test]
async fn a_key_of_parts_comes_with_its_types() {
    let shape = single_table();
    let app = with_bus().setting("users", shape.settings());
    let app = Box::pin(app.start()).await;
    shape.create_in(&app).await;
    shape.put(&app, &shape.user).await;
    let event = event_of_change(&app, ANN).await;
    assert_kept(&event_schema(), &event["detail"]);
    let sort = &event["detail"]["user_key"]["M"]["sort"];
    assert_eq!(*sort, json!({ "M": { "S": { "S": "PROFILE" } } }));
}

#[tokio::test]
async fn a_record_of_another_version_is_no_event() {
    let app = with_bus().start().await;
    event_of_change(&app, DEMO).await;
    let mut later = app.notice().await;
    later["pk"] = json!(format!("notice#{:032x}", 1));
    later["v"] = json!(2);
    app.put("TokensTable", &later).await;
    assert_eq!(app.published().await.len(), 1);
}

#[tokio::test]
async fn a_record_that_makes_no_event_holds_back_those_behind_it_for_half_a_day() {
    let app = with_bus().start().await;
    event_of_change(&app, DEMO).await;
    let good = app.notice().await;
    let write = async |number: u32, edit: fn(&mut Map<String, Value>)| {
        let mut item = good.clone();
        item["pk"] = json!(format!("notice#{number:032x}"));
        edit(item.as_object_mut().expect("a map"));
        app.put("TokensTable", &item).await;
    };
    write(1, |_| ()).await;
    write(2, |item| drop(item.remove("app"))).await;
    write(3, |_| ()).await;
    // The batch is split, so that what came before the bad one is published.
    assert_eq!(app.published().await.len(), 2);
    app.clock.advance(Duration::from_hours(11));
    write(4, |_| ()).await;
    assert_eq!(app.published().await.len(), 2);
    app.clock.advance(Duration::from_mins(61));
    assert_eq!(app.published().await.len(), 3);
}

#[tokio::test]
async fn a_held_job_delays_a_warning_where_there_are_events() {
    for (bus, at_once) in [("", 1), ("company", 0)] {
        let app = TestApp::builder().parameter("EventBusName", bus);
        let app = app.start().await;
        let token = token_in(&app.mailed_reset(DEMO).await);
        // A job that fails by itself, until it is given up.
        let mut job = app.items("request#").await.remove(0);
        job["app"] = json!("removed-app");
        app.put("TokensTable", &job).await;
        assert_eq!(app.deliver_once().await.pending, 1);
        assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
        let before = app.ses.mails().len();
        app.deliver_once().await;
        assert_eq!(app.ses.mails().len() - before, at_once, "bus {bus:?}");
        app.deliver_once().await;
        app.deliver().await;
        assert_eq!(app.ses.mails().len() - before, 1, "bus {bus:?}");
    }
}

#[test]
fn without_a_bus_nothing_is_read_but_what_the_worker_reads() {
    let plain = template();
    assert!(plain.pipes.is_empty());
    let bus = [("EventBusName".to_owned(), "company".to_owned())];
    let with_bus = template_with(bus.into());
    assert_eq!(with_bus.pipes[0].bus, "company");
    // Nothing of it is told to a function.
    assert_eq!(plain.functions, with_bus.functions);
    for it in [&plain, &with_bus] {
        assert_eq!(it.streams.len() + it.pipes.len(), 2);
        let filters: Vec<_> = it.streams.iter().flat_map(|it| &it.filters).collect();
        assert_eq!(filters.len(), 2);
    }
}
