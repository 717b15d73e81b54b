//! Sessions from before a reset, in a table of their own.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use integration_tests::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_ok};
use integration_tests::items::{item_image, to_item};
use integration_tests::mailbox::token_in;
use integration_tests::sessions::SessionsTable::{self, Index, Partition};
use integration_tests::stream::stream_event;
use integration_tests::user_tables::{ANN, by_id};
use integration_tests::{Fault, TestApp};
use serde_json::{Value, json};
use shared::ports::Clock as _;

/// Tries of the SDK for one call that fails.
const TRIES: usize = 4;

fn ids<const N: usize>(ids: [&str; N]) -> BTreeSet<String> {
    ids.map(str::to_owned).into()
}

fn now(app: &TestApp) -> i64 {
    app.clock.now().unix_seconds()
}

/// What is noted of the sessions: a state, and how many or why.
async fn noted(app: &TestApp) -> (String, String) {
    let sessions = &app.notice().await["sessions"];
    let text = |name: &str| sessions[name].as_str().expect("a string").to_owned();
    (text("state"), text("detail"))
}

/// Nothing of this is a failure of a record, and the person is told.
async fn deliver(app: &TestApp) {
    let mails = app.ses.mails().len();
    let progress = app.deliver_once().await;
    assert_eq!((progress.pending, progress.discarded), (0, 0));
    assert_eq!(app.ses.mails().len(), mails + 1);
    assert!(app.last_mail().subject.contains("was changed"));
}

#[tokio::test]
async fn those_from_before_a_reset_end_page_by_page_and_no_others() {
    for table in [Index, Partition] {
        let app = table.start().await;
        let now = now(&app);
        for n in 0..230 {
            let id = format!("old{n}");
            table.open(&app, &id, "demo", &json!(now - 1)).await;
        }
        table.open_three(&app, "demo", "").await;
        app.change_password().await;
        deliver(&app).await;
        assert_eq!(table.ids(&app).await, ids(["another's", "new"]));
        assert_eq!(noted(&app).await, ("ended".into(), "231".into()));
        let calls = app.aws.take_calls();
        let queries = calls.iter().filter(|it| *it == "Query").count();
        assert!(queries >= 3, "{queries} pages");
    }
}

#[tokio::test]
async fn a_session_says_in_many_ways_when_it_began() {
    for table in [Index, Partition] {
        let app = table.start().await;
        let now = now(&app);
        assert_eq!(now, 1_800_000_000, "a round time, and the texts below");
        for (id, began) in [
            ("seconds", json!(now - 1)),
            ("second", json!(now)),
            ("millis", json!(now * 1000 - 1)),
            ("text", json!("1799999999")),
            ("iso", json!("2027-01-15T07:59:59.000Z")),
            ("offset", json!("2027-01-15T08:59:59+01:00")),
            ("undated", json!(null)),
            ("unknown", json!("this morning")),
            ("kept-seconds", json!(now + 1)),
            ("kept-millis", json!((now + 1) * 1000)),
            ("kept-iso", json!("2027-01-15T08:00:01.000Z")),
            ("kept-offset", json!("2027-01-15T07:00:01-01:00")),
        ] {
            table.open(&app, id, "demo", &began).await;
        }
        app.change_password().await;
        deliver(&app).await;
        let kept = ["kept-iso", "kept-millis", "kept-offset", "kept-seconds"];
        assert_eq!(table.ids(&app).await, ids(kept));
        assert_eq!(noted(&app).await, ("ended".into(), "8".into()));
    }
}

#[tokio::test]
async fn users_with_numbers_for_keys_have_sessions_too() {
    for table in [Index, Partition] {
        let shape = by_id();
        let mut users = shape.settings();
        users["sessions"] = table.settings();
        users["sessions"]["user_key"] = match table {
            Index => json!("{key}"),
            Partition => json!("USER#{key}"),
        };
        let app = TestApp::with("users", users).await;
        shape.create_in(&app).await;
        shape.put(&app, &shape.user).await;
        table.create_in(&app).await;
        table.open(&app, "old", "4711", &json!(1)).await;
        table.open(&app, "another's", "47110", &json!(1)).await;
        let token = token_in(&app.mailed_reset(ANN).await);
        assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
        deliver(&app).await;
        assert_eq!(table.ids(&app).await, ids(["another's"]));
    }
}

#[tokio::test]
async fn a_session_that_changes_while_it_is_looked_at_is_judged_as_it_is() {
    for (to, ends) in [
        (json!({ "user": "second", "data": {} }), false),
        (json!({ "user": "second", "data": { "created": 1 } }), false),
        (
            json!({ "user": "demo", "data": { "created": 1_900_000_000 } }),
            false,
        ),
        (json!({ "user": "demo", "data": { "created": 2 } }), true),
        (json!({ "user": "demo", "data": {} }), true),
    ] {
        let app = Index.start().await;
        Index.open(&app, "it", "demo", &json!(1)).await;
        app.change_password().await;
        let mut item = to.clone();
        item["sid"] = json!("it");
        let put = app.dynamodb().put_item().table_name(SessionsTable::NAME);
        let put = put.set_item(Some(to_item(&item)));
        app.aws.before("DeleteItem", 0, async move {
            put.send().await.expect("it is changed");
        });
        deliver(&app).await;
        assert_eq!(Index.ids(&app).await.is_empty(), ends, "{to}");
    }
}

#[tokio::test]
async fn a_table_that_fails_three_times_is_given_up_and_tried_when_the_record_comes_again() {
    let outage = || Fault::INTERNAL;
    for (operation, fault, faults, gives_up) in [
        ("Query", outage(), 2 * TRIES, false),
        ("Query", outage(), 3 * TRIES, true),
        ("Query", Fault::DENIED, 2, false),
        ("Query", Fault::DENIED, 3, true),
        ("DeleteItem", Fault::DENIED, 12, true),
    ] {
        let app = Index.start().await;
        Index.open_three(&app, "demo", "").await;
        app.change_password().await;
        app.aws.inject(operation, vec![fault; faults]);
        deliver(&app).await;
        let left = if gives_up {
            assert_eq!(noted(&app).await.0, "failed");
            ids(["another's", "new", "old"])
        } else {
            ids(["another's", "new"])
        };
        assert_eq!(Index.ids(&app).await, left, "{operation} {faults}");

        app.aws.clear_faults();
        let mails = app.ses.mails().len();
        let again = stream_event(&item_image(&app.notice().await));
        for _ in 0..2 {
            assert!(app.work(&again).await.is_empty());
        }
        assert_eq!(Index.ids(&app).await, ids(["another's", "new"]));
        assert_eq!(noted(&app).await, ("ended".into(), "1".into()));
        assert_eq!(app.ses.mails().len(), mails, "nobody is told twice");
    }
}

#[tokio::test]
async fn a_page_is_done_before_the_next_one_is_asked_for() {
    let app = Partition.start().await;
    for n in 0..150 {
        let id = format!("old{n:03}");
        Partition.open(&app, &id, "demo", &json!(1)).await;
    }
    Partition.open_three(&app, "demo", "").await;
    app.change_password().await;
    // What is left when the second page is asked for.
    let left = Arc::new(AtomicI32::new(0));
    let (dynamodb, seen) = (app.dynamodb().clone(), Arc::clone(&left));
    app.aws.before("Query", 1, async move {
        let found = dynamodb.scan().table_name(SessionsTable::NAME).send().await;
        seen.store(found.expect("an answer").count(), Ordering::Relaxed);
    });
    deliver(&app).await;
    // All of the first page are gone but the one that stays.
    assert_eq!(left.load(Ordering::Relaxed), 54);
    assert_eq!(Partition.ids(&app).await, ids(["another's", "new"]));
}

#[tokio::test]
async fn a_mail_that_fails_holds_no_session_up_and_these_end_once() {
    let app = Index.start().await;
    Index.open_three(&app, "demo", "").await;
    app.change_password().await;
    app.aws.inject("SendEmail", [Fault::THROTTLED]);
    assert_eq!(app.deliver_once().await.pending, 1);
    assert_eq!(Index.ids(&app).await, ids(["another's", "new"]));
    app.aws.forget_calls();
    deliver(&app).await;
    assert!(!app.aws.take_calls().contains(&"Query".to_owned()));
}

#[tokio::test]
async fn each_app_has_sessions_where_its_users_say() {
    let plain = TestApp::start().await;
    plain.change_password().await;
    deliver(&plain).await;
    let calls = ["GetItem", "GetItem", "SendEmail", "UpdateItem"];
    assert_eq!(
        plain.aws.take_calls(),
        calls,
        "with nothing set nothing differs"
    );
    assert!(plain.notice().await.get("sessions").is_none());

    let app = Index.start().await;
    app.add_user("second", "second@example.com", OLD_PASSWORD)
        .await;
    Index.open_three(&app, "demo", "").await;
    let mail = app.mailed_reset("second@example.com").await;
    assert_ok(&app.confirm_link(&token_in(&mail), NEW_PASSWORD).await);
    app.aws.forget_calls();
    deliver(&app).await;
    assert_eq!(Index.ids(&app).await, ids(["new", "old"]));
    let mut calls = app.aws.take_calls();
    calls.sort();
    let expected = [
        // Beside the mail's: what is noted, a page, the table's last word, the deletion, the note.
        "DeleteItem",
        "DeleteItem",
        "GetItem",
        "GetItem",
        "GetItem",
        "Query",
        "SendEmail",
        "UpdateItem",
        "UpdateItem",
    ];
    assert_eq!(calls, expected);
    app.mailed_reset(DEMO).await;
    assert_eq!(
        Index.ids(&app).await,
        ids(["new", "old"]),
        "a mail ends none"
    );
}

/// A right to delete sessions must never be one to delete users.
#[test]
fn a_users_table_is_no_table_of_sessions() {
    let problems = |sessions: Value, own: Value| {
        let mut file = json!({
            "default_app": "main",
            "users": { "table": "people", "email_index": "by-mail" },
            "apps": { "main": integration_tests::apps::one_app("main", "Main") },
        });
        file["users"]["sessions"] = sessions;
        if !own.is_null() {
            file["apps"]["main"]["users"] = own;
        }
        let settings: shared::settings::Settings = serde_json::from_value(file).expect("settings");
        let tables = settings.user_tables(None);
        tables
            .err()
            .map(|it| it.problems().to_vec())
            .unwrap_or_default()
    };
    let mut sessions = Index.settings();
    let own = json!({ "table": "sessions", "email_index": "by-mail" });
    assert_eq!(problems(sessions.clone(), Value::Null), [""; 0]);
    assert!(problems(sessions.clone(), own)[0].starts_with("users.sessions.table: must not"));
    sessions["table"] = json!("people");
    assert_eq!(problems(sessions.clone(), Value::Null).len(), 1);
    let own = json!({ "table": "others", "email_index": "by-mail", "sessions": sessions });
    let found = problems(Value::Null, own);
    assert!(
        found[0].starts_with("apps.main.users.sessions.table"),
        "{found:?}"
    );
}
