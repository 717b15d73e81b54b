//! What `make check-users` says of users tables.

use check::users::{Report, Verdict, check};
use integration_tests::TestApp;
use integration_tests::app::assert_contains;
use integration_tests::sessions::SessionsTable::{Index, Partition};
use integration_tests::user_tables::{ANN, Shape, by_id, shapes, single_table};
use serde_json::{Value, json};
use shared::domain::EmailAddress;

/// What is said, after a look at whether nothing but reads were done for it.
async fn report(app: &TestApp, shape: &Shape, sample: Option<&str>) -> Report {
    let mapping = shape.mapping().expect("good settings");
    let client = app.counted_dynamodb().await;
    let sample = sample.map(|sample| EmailAddress::parse(sample).expect("an address"));
    app.aws.forget_calls();
    let report = check(&client, &mapping, sample.as_ref()).await;
    for call in app.aws.take_calls() {
        let reads = ["DescribeTable", "Scan", "Query", "GetItem"];
        assert!(reads.contains(&call.as_str()), "{call}");
    }
    report.expect("DynamoDB answers")
}

fn bad(report: &Report) -> Vec<&str> {
    let findings = report.findings().iter();
    let bad = findings.filter(|finding| finding.verdict == Verdict::Bad);
    bad.map(|finding| finding.text.as_str()).collect()
}

#[track_caller]
fn assert_bad(report: &Report, said: &str) {
    assert!(bad(report)[0].contains(said), "{report}");
}

#[tokio::test]
async fn every_shape_that_works_is_good() {
    for shape in shapes() {
        let app = shape.start().await;
        for sample in [None, Some(ANN)] {
            let report = report(&app, &shape, sample).await;
            assert!(report.is_good(), "{shape:?}\n{report}");
            let text = report.to_string();
            assert_contains(&text, "that address finds that user");
            assert_contains(&text, "a***@example.com");
            assert!(!text.contains(ANN) && !text.contains("$argon2"), "{text}");
        }
    }
}

#[tokio::test]
async fn what_the_description_refutes_is_bad() {
    let shape = by_id();
    let app = shape.start().await;
    let with = |settings| Shape {
        settings,
        ..shape.clone()
    };
    for (settings, said) in [
        (
            &[
                ("key_attribute", "id"),
                ("email_index", "by-mail"),
                ("email_attribute", "mail"),
            ][..],
            "its key is uid, but the settings say id",
        ),
        (
            &[
                ("key_attribute", "uid"),
                ("email_index", "by-name"),
                ("email_attribute", "mail"),
            ],
            "there is no global index \"by-name\"",
        ),
        (
            &[("key_attribute", "uid"), ("email_index", "by-mail")],
            "has the partition key mail, but the settings say email",
        ),
        (
            &[("key_attribute", "uid"), ("email_key", "{email}")],
            "uid is not a string",
        ),
    ] {
        let report = report(&app, &with(settings), None).await;
        assert_bad(&report, said);
    }
    let missing = Shape {
        table: "nowhere",
        ..shape.clone()
    };
    let report = report(&app, &missing, None).await;
    assert_eq!(bad(&report), ["there is no table \"nowhere\" here"]);
}

#[tokio::test]
async fn what_a_user_refutes_is_bad() {
    for (change, said) in [
        (
            json!({ "profile": { "mail": ANN } }),
            "no item that was read has an address",
        ),
        (
            json!({ "profile": { "email": "ann" } }),
            "none that mail can be sent to",
        ),
        (
            json!({ "profile": { "email": "bob@example.com" } }),
            "finds nobody",
        ),
        (
            json!({ "credential_version": "1" }),
            "credential_version is no number",
        ),
        (
            json!({ "sessions_valid_after": false }),
            "sessions_valid_after is neither a number nor a string",
        ),
        (json!({ "secrets": "none" }), "secrets is no map"),
        (
            json!({ "secrets": { "password": { "hash": 7 } } }),
            "secrets.password.hash is no string",
        ),
    ] {
        let mut shape = single_table();
        for (name, value) in change.as_object().expect("an object") {
            shape.user[name] = value.clone();
        }
        let app = shape.start().await;
        let found = report(&app, &shape, None).await;
        assert!(
            bad(&found).iter().any(|text| text.contains(said)),
            "{said}\n{found}"
        );
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_changed_is_reported_in_a_scan_and_by_address() {
    let mut shape = by_id();
    shape.user["credential_version"] = json!("1");
    let app = shape.start().await;
    for sample in [None, Some(ANN)] {
        let found = report(&app, &shape, sample).await;
        assert_bad(&found, "credential_version is no number");
        assert!(!found.to_string().contains(ANN), "{found}");
    }
}

#[tokio::test]
async fn two_users_with_one_address_and_mixed_case_are_reported() {
    let mut shape = by_id();
    shape.user["mail"] = json!("Ann@example.com");
    let app = shape.start().await;
    let found = report(&app, &shape, None).await;
    assert!(found.is_good());
    assert_contains(&found.to_string(), "stored in mixed case");
    let mut twin = shape.user.clone();
    twin["uid"] = json!(4712);
    shape.put(&app, &twin).await;
    let found = report(&app, &shape, Some("Ann@example.com")).await;
    assert_bad(&found, "more than one user");
    let found = report(&app, &shape, Some("bob@example.com")).await;
    assert_bad(&found, "nobody is found");
}

#[tokio::test]
async fn addresses_that_find_no_user_are_counted() {
    let mut shape = by_id();
    let app = shape.start().await;
    for (uid, mail) in [
        (1, "jo@Example.COM"),
        (2, "Jo@example.com"),
        (3, "jo@b\u{fc}cher.example"),
        (4, "jo@xn--bcher-kva.example"),
        (5, "no address"),
    ] {
        let mut user = shape.user.clone();
        user["uid"] = json!(uid);
        user["mail"] = json!(mail);
        shape.put(&app, &user).await;
    }
    let text = report(&app, &shape, Some(ANN)).await.to_string();
    assert_contains(&text, "1 of 6 addresses are none that");
    assert_contains(&text, "2 of 6 addresses are stored in mixed");
    let lower = [shape.settings, &[("emails_lowercase", "true")]].concat();
    shape.settings = Box::leak(lower.into_boxed_slice());
    let found = report(&app, &shape, Some(ANN)).await;
    assert_bad(&found, "3 of 6 addresses are not");
}

#[tokio::test]
async fn further_notice_addresses_are_counted() {
    let mut shape = by_id();
    let settings = [shape.settings, &[("notice_emails_attribute", "contacts")]].concat();
    shape.settings = settings.leak();
    let seven: Vec<_> = (1..=7).map(|n| format!("{n}@b.example")).collect();
    for (contacts, said, bad_ones) in [
        (
            json!(["b@b.example", ANN]),
            "1 more addresses are told of a change, of 2 values in",
            0,
        ),
        (
            json!(["x", 7, "b@b.example"]),
            "2 values in contacts are no address",
            1,
        ),
        (
            json!(seven),
            "more addresses than the five that are mailed",
            1,
        ),
    ] {
        shape.user["contacts"] = contacts;
        let app = shape.start().await;
        let found = report(&app, &shape, None).await;
        assert_contains(&found.to_string(), said);
        assert_eq!(bad(&found).len(), bad_ones, "{found}");
        assert!(!found.to_string().contains("b@b.example"), "{found}");
    }
}

#[tokio::test]
async fn a_table_of_sessions_is_looked_at_too() {
    let with = |sessions: &Value| {
        let mut shape = by_id();
        let sessions: &'static str = sessions.to_string().leak();
        let settings = [shape.settings, &[("sessions", sessions)]].concat();
        shape.settings = settings.leak();
        shape
    };
    for table in [Index, Partition] {
        let shape = with(&table.settings());
        let app = shape.start().await;
        let missing = report(&app, &shape, None).await;
        assert_bad(&missing, "no table \"sessions\"");
        table.create_in(&app).await;
        table.open(&app, "dated", "4711", &json!(1)).await;
        let good = report(&app, &shape, None).await;
        assert!(good.is_good(), "{good}");
        assert_contains(&good.to_string(), "are found in sessions by user");
        table.open(&app, "undated", "4711", &json!(null)).await;
        let found = report(&app, &shape, None).await;
        assert_bad(&found, "1 of 2 sessions do not say");
        let mut wrong = table.settings();
        wrong["key_attribute"] = json!("session");
        wrong["user_index"] = json!("by-owner");
        wrong["user_index_attribute"] = json!("owner");
        let found = report(&app, &with(&wrong), None).await;
        let said = bad(&found).join("\n");
        assert_contains(&said, "the key of sessions is");
        assert_contains(&said, "no global index \"by-owner\"");
    }
}
