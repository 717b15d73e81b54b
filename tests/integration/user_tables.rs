//! The service in front of users tables that teams already have.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use integration_tests::TestApp;
use integration_tests::app::{
    DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_invalid, assert_ok, hash, is_hash_of,
};
use integration_tests::apps::{app_with, one_app};
use integration_tests::items::{to_attribute, to_item};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::user_tables::{
    ANN, Shape, amplify, by_address, by_id, set_owner, shapes, single_table,
};
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use shared::ports::Clock as _;

/// What somebody else does to a user.
type Change = fn(&mut Value);

/// The hash of a shape's user, wherever it stands.
fn stored_hash<'a>(shape: &Shape, item: &'a mut Value) -> &'a mut Value {
    let setting = |(name, _): &&(&str, &str)| *name == "password_hash_attribute";
    let path = shape.settings.iter().find(setting);
    let path = path.map_or("password_hash", |(_, path)| path);
    path.split('.').fold(item, |value, name| &mut value[name])
}

/// The item of a shape's user, who has this password.
async fn user_with(shape: &Shape, app: &TestApp, password: &str) -> Value {
    let mut item = shape.item(app, &shape.user).await;
    assert!(is_hash_of(stored_hash(shape, &mut item), password));
    item
}

/// An item without what a reset writes.
fn rest(shape: &Shape, mut item: Value) -> Value {
    stored_hash(shape, &mut item).take();
    for name in ["credential_version", "sessions_valid_after"] {
        item.as_object_mut().expect("a map").remove(name);
    }
    item
}

#[tokio::test]
async fn a_reset_works_in_front_of_every_shape_and_touches_nothing_else() {
    for shape in shapes() {
        let app = shape.start().await;
        let before = shape.item(&app, &shape.user).await;

        let mail = app.mailed_reset(ANN).await;
        let done = app.confirm_link(&token_in(&mail), NEW_PASSWORD).await;
        assert_eq!(done.status(), 200, "{shape:?}");
        let after = user_with(&shape, &app, NEW_PASSWORD).await;
        assert_eq!(after["credential_version"], 1);
        assert_eq!(rest(&shape, after), rest(&shape, before), "{shape:?}");

        app.deliver().await;
        assert!(app.last_mail().subject.contains("changed"));

        app.clock.advance(std::time::Duration::from_mins(5));
        let code = code_in(&app.mailed_reset(ANN).await);
        let verified = app.verify_code(ANN, &code).await;
        assert_eq!(verified.status(), 200, "{shape:?}");
        let third = "a third lantern on the pier";
        assert_ok(&app.confirm_code(ANN, &code, third).await);
        let last = user_with(&shape, &app, third).await;
        assert_eq!(last["credential_version"], 2);
    }
}

#[tokio::test]
async fn other_items_under_the_same_address_are_not_users() {
    let shape = single_table();
    let app = shape.start().await;
    for (sort, index_sort) in [("ORDER#1", "ORDER#1"), ("ORDER#2", "ORDER#2")] {
        let order = json!({
            "PK": "USER#1", "SK": sort, "GSI1PK": "EMAIL#ann@example.com", "GSI1SK": index_sort,
            "profile": { "email": ANN },
        });
        shape.put(&app, &order).await;
    }
    assert_eq!(app.mailed_reset(ANN).await.to, [ANN]);
}

/// The user may be changed between being read and being written, wherever the attribute stands.
#[tokio::test]
async fn a_concurrent_change_of_the_user_is_not_lost() {
    let changes: [(&str, Change); 3] = [
        ("password", |user| {
            user["secrets"]["password"]["hash"] = json!(hash("changed elsewhere"));
        }),
        ("address", |user| {
            user["profile"]["email"] = json!("ann@elsewhere.example");
        }),
        ("flag", |user| user["disabled"] = json!(true)),
    ];
    for (name, change) in changes {
        let shape = single_table();
        let app = shape.start().await;
        let token = token_in(&app.mailed_reset(ANN).await);
        let mut user = shape.user.clone();
        change(&mut user);
        let put = app
            .dynamodb()
            .put_item()
            .table_name(shape.table)
            .set_item(Some(to_item(&user)));
        app.aws.before("TransactWriteItems", 0, async move {
            put.send().await.expect("the user is changed");
        });
        let refused = app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(refused.problem(), "invalid-token", "{name}");
        assert_eq!(shape.item(&app, &user).await, user, "{name}");
    }
}

#[tokio::test]
async fn an_attribute_decides_who_is_switched_off_by_the_values_that_are_named() {
    let mut shape = by_id();
    shape.settings = &[
        ("key_attribute", "uid"),
        ("email_index", "by-mail"),
        ("email_attribute", "mail"),
        ("disabled_attribute", "account.status"),
        ("disabled_values", r#"["suspended", "deleted", "0"]"#),
    ];
    let app = shape.start().await;
    let with = |status: Value| {
        let mut user = shape.user.clone();
        user["account"] = json!({ "status": status });
        user
    };
    for (status, mailed) in [
        (json!("suspended"), false),
        (json!("active"), true),
        (json!(0), false),
        (json!(1), true),
    ] {
        shape.put(&app, &with(status.clone())).await;
        let before = app.ses.mails().len();
        app.request_reset(ANN).await;
        app.deliver().await;
        assert_eq!(app.ses.mails().len() > before, mailed, "{status}");
        app.clock.advance(std::time::Duration::from_mins(31));
    }
    let token = token_in(&app.mailed_reset(ANN).await);
    shape.put(&app, &with(json!("deleted"))).await;
    assert_invalid(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_first_password_is_written_even_where_the_map_around_it_is_missing() {
    let without = |change: fn(&mut Value)| {
        let mut user = single_table().user;
        change(&mut user);
        user
    };
    for user in [
        without(|user| drop(user.as_object_mut().expect("an item").remove("secrets"))),
        without(|user| user["secrets"] = json!(null)),
        without(|user| user["secrets"] = json!({ "totp": "JBSW" })),
        without(|user| user["secrets"]["password"] = json!({ "since": 5 })),
        without(|user| user["secrets"]["password"]["hash"] = json!("")),
        without(|user| user["secrets"]["password"]["hash"] = json!(null)),
    ] {
        let shape = Shape {
            user,
            ..single_table()
        };
        let app = shape.start().await;
        let token = token_in(&app.mailed_reset(ANN).await);
        let done = app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(done.status(), 200, "{:?}", shape.user);
        let item = user_with(&shape, &app, NEW_PASSWORD).await;
        let totp = |item: &Value| item["secrets"]["totp"].clone();
        assert_eq!(totp(&item), totp(&shape.user), "the rest of it stays");
    }
}

/// What a change could not write, or would lose, keeps its account from being reset at all: else its
/// link would be refused, or spent for nothing.
#[tokio::test]
async fn an_account_that_cannot_be_changed_is_left_alone() {
    let number = |value: &str| AttributeValue::N(value.to_owned());
    let binary = AttributeValue::B(Blob::new(hash(OLD_PASSWORD)));
    let map = json!({ "salt": "x", "hash": "y" });
    for (attribute, name, stored) in [
        ("password_hash", "password_hash", binary),
        ("password_hash", "password_hash", to_attribute(&map)),
        ("secrets.hash", "secrets", to_attribute(&json!("none"))),
        (
            "password_hash",
            "credential_version",
            to_attribute(&json!("7")),
        ),
        ("password_hash", "credential_version", to_attribute(&map)),
        ("password_hash", "credential_version", number("1E38")),
        (
            "password_hash",
            "credential_version",
            number("0.12345678901234567890123456789012345678"),
        ),
        (
            "password_hash",
            "sessions_valid_after",
            to_attribute(&json!(false)),
        ),
    ] {
        let app = TestApp::with("users.password_hash_attribute", attribute).await;
        let mail = app.mailed_reset(DEMO).await;
        app.set_attribute("demo", name, stored).await;
        let before = app.user("demo").await;
        let by_link = app.confirm_link(&token_in(&mail), NEW_PASSWORD).await;
        let by_code = app.confirm_code(DEMO, &code_in(&mail), NEW_PASSWORD).await;
        for refused in [by_link, by_code] {
            assert_eq!(refused.problem(), "invalid-token", "{name}");
        }
        let mails = app.ses.mails().len();
        app.clock.advance(std::time::Duration::from_mins(5));
        assert_eq!(app.request_reset(DEMO).await.status(), 202);
        assert_eq!(app.deliver().await.pending, 0);
        assert_eq!(app.ses.mails().len(), mails, "{name}");
        assert_eq!(app.user("demo").await, before);
    }
}

#[tokio::test]
async fn the_largest_version_that_can_be_raised_is_raised() {
    let app = TestApp::start().await;
    let largest = AttributeValue::N("9".repeat(38));
    app.set_attribute("demo", "credential_version", largest)
        .await;
    let token = app.fresh_token().await;
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let raised = format!("1{}", "0".repeat(38));
    let stored = app.user("demo").await;
    assert_eq!(stored["credential_version"], json!({ "number": raised }));
}

#[tokio::test]
async fn what_a_reset_writes_counts_as_absent_where_it_is_null() {
    for name in [
        "password_hash",
        "credential_version",
        "sessions_valid_after",
    ] {
        let app = TestApp::start().await;
        app.set_user("demo", name, Value::Null).await;
        let token = app.fresh_token().await;
        let done = app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(done.status(), 200, "{name}");
        assert_eq!(app.user("demo").await["credential_version"], 1);
        assert!(app.password_is(NEW_PASSWORD).await);
    }
}

/// A key of another shape than the table's is from before the settings were changed.
#[tokio::test]
async fn a_key_from_before_the_settings_changed_holds_up_no_mail() {
    let shape = single_table();
    let app = shape.start().await;
    app.mailed_reset(ANN).await;
    let mut record = app.record().await;
    set_owner(&mut record, "1");
    app.put("TokensTable", &record).await;
    app.clock.advance(std::time::Duration::from_mins(5));
    let token = token_in(&app.mailed_reset(ANN).await);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_reset_writes_what_the_team_has_it_write_besides() {
    let mut shape = by_id();
    let mut settings = shape.settings.to_vec();
    settings.push((
        "on_reset",
        r#"{
            "set": { "email-verified": true, "password_changed_at": "{now}", "level": 3, "how": "mail" },
            "remove": ["failed_logins", "locked_until", "not_there"]
        }"#,
    ));
    shape.settings = settings.leak();
    shape.user["failed_logins"] = json!(7);
    shape.user["locked_until"] = json!(4_000_000_000_u64);
    shape.user["how"] = json!({ "a": "map" });
    let app = shape.start().await;
    let token = token_in(&app.mailed_reset(ANN).await);

    // A password that is refused writes nothing.
    assert_eq!(app.confirm_link(&token, "short").await.status(), 422);
    let before = shape.item(&app, &shape.user).await;
    assert!(before["locked_until"].is_number() && before.get("email-verified").is_none());

    app.aws.forget_calls();
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let calls = ["GetItem", "GetItem", "TransactWriteItems"];
    assert_eq!(app.aws.take_calls(), calls, "at no extra call");
    let after = shape.item(&app, &shape.user).await;
    let now = app.clock.now().unix_seconds();
    assert_eq!(after["email-verified"], true);
    assert_eq!(after["password_changed_at"], now);
    assert_eq!(after["level"], 3);
    assert_eq!(after["how"], "mail");
    for gone in ["failed_logins", "locked_until", "not_there"] {
        assert_eq!(after.get(gone), None, "{gone}");
    }
}

#[tokio::test]
async fn the_user_object_has_what_the_settings_make_public() {
    let mut shape = amplify();
    shape.settings = &[
        ("email_index", "byEmail"),
        ("password_hash_attribute", "passwordHash"),
        ("created_attribute", "createdAt"),
        ("last_login_attribute", "seen.last"),
        ("username_attribute", "_version"),
        (
            "public_attributes",
            r#"["created", "last_login", "username"]"#,
        ),
    ];
    shape.user["seen"] = json!({ "last": 12 });
    let app = shape.start().await;
    let token = token_in(&app.mailed_reset(ANN).await);
    let body = json!({ "token": token, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD });
    let user = app.post("/app/reset-password", &body).await;
    assert_eq!(
        user.json(),
        json!({ "created": "2026-01-31T09:30:00.000Z", "last_login": 12, "username": 3 })
    );
}

#[tokio::test]
async fn two_apps_with_tables_of_their_own_work_side_by_side() {
    let mut first = one_app("first", "First");
    first["users"] = json!({ "table": "people", "key_attribute": "mail", "email_attribute": "mail",
        "password_hash_attribute": "pw" });
    let mut second = one_app("second", "Second");
    second["users"] = single_table().settings();
    second["sender"] = json!("no-reply@example.com");
    second["locale"] = json!("de");
    let app = app_with(&json!({ "first": first, "second": second })).await;
    for shape in [by_address(), single_table()] {
        shape.create_in(&app).await;
        shape.put(&app, &shape.user).await;
    }
    let ask = |name| in_app(name, "/v1/request-reset", &json!({ "email": ANN }));
    let mails = [
        app.mailed(ask("first")).await,
        app.mailed(ask("second")).await,
    ];
    assert!(mails[0].subject.contains("First") && mails[1].subject.contains("Second"));
    let code = code_in(&mails[0]);
    let body = json!({ "email": ANN, "code": code, "password": NEW_PASSWORD });
    assert_invalid(&app.send(in_app("second", "/v1/confirm-reset", &body)).await);

    let done = app.confirm_link(&token_in(&mails[1]), NEW_PASSWORD).await;
    assert_eq!(done.json()["login_url"], "https://second.example.com/login");
    let item = by_address().item(&app, &by_address().user).await;
    assert!(
        is_hash_of(&item["pw"], OLD_PASSWORD),
        "another person's, in another table"
    );
    assert_ok(&app.send(in_app("first", "/v1/confirm-reset", &body)).await);
    for shape in [by_address(), single_table()] {
        user_with(&shape, &app, NEW_PASSWORD).await;
    }
}

fn in_app(name: &str, path: &str, body: &Value) -> ApiRequest {
    let request = ApiRequest::new("POST", path).json(body);
    request.header("x-app-name", name)
}
