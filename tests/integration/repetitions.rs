//! A confirmation whose answer was lost may be sent once more, under the same `Idempotency-Key`.

use std::time::Duration;

use futures_util::future::join_all;
use integration_tests::TestApp;
use integration_tests::app::{
    Answer, DEMO, NEW_PASSWORD, OLD_PASSWORD, OTHER_PASSWORD, assert_contains, assert_invalid,
    assert_ok,
};
use integration_tests::aws_proxy::Fault;
use integration_tests::dialects::{dialects, form};
use integration_tests::mailbox::{code_in, token_in};
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use shared::domain::{IdempotencyKey, LinkToken, NewPassword, ShortCode};

const KEY: &str = "c2l4dGVlbiBieXRlcyE-_w";
const OTHER_KEY: &str = "c2l4dGVlbiBieXRlcyE-_v";
/// NFC of the one is the other.
const SPELLINGS: [&str; 2] = [
    "caf\u{e9} lanterns over the bay",
    "cafe\u{301} lanterns over the bay",
];

fn by_link(token: &str, password: &str) -> Value {
    json!({ "token": token, "password": password })
}

fn by_code(code: &str, password: &str) -> Value {
    json!({ "email": DEMO, "code": code, "password": password })
}

async fn confirm(app: &TestApp, body: &Value, key: &str) -> Answer {
    let request = ApiRequest::new("POST", "/v1/confirm-reset").json(body);
    app.send(request.header("idempotency-key", key)).await
}

async fn assert_changed_once(app: &TestApp) {
    assert_eq!(app.items("notice#").await.len(), 1);
    assert_eq!(app.user("demo").await["credential_version"], 1);
}

#[tokio::test]
async fn a_repetition_by_link_gets_the_same_success_and_changes_nothing() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let body = by_link(&token, SPELLINGS[0]);
    app.aws.forget_calls();
    let first = confirm(&app, &body, KEY).await;
    assert_eq!(first.status(), 200, "{first:?}");
    let calls = ["GetItem", "GetItem", "TransactWriteItems"];
    assert_eq!(app.aws.take_calls(), calls, "no more than without a key");
    let before = app.items("").await;
    for password in [SPELLINGS[0], SPELLINGS[1], SPELLINGS[0]] {
        let again = confirm(&app, &by_link(&token, password), KEY).await;
        assert_eq!(again.without_ids(), first.without_ids());
        assert_eq!(app.aws.take_calls(), ["GetItem"]);
    }
    assert_eq!(app.items("").await, before);
    assert_changed_once(&app).await;
}

#[tokio::test]
async fn another_password_or_key_gets_what_a_used_link_gets() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let token = token_in(&mail);
    let body = by_link(&token, NEW_PASSWORD);
    assert_ok(&confirm(&app, &body, KEY).await);
    let used = app.confirm_link(&token, NEW_PASSWORD).await;
    assert_eq!(used.json()["reason"], "used");
    for (password, key) in [
        (OTHER_PASSWORD, KEY),
        (NEW_PASSWORD, OTHER_KEY),
        ("password", KEY),
    ] {
        let answer = confirm(&app, &by_link(&token, password), key).await;
        assert_eq!(answer.without_ids(), used.without_ids(), "{password} {key}");
    }
    // Nor does another proof of the same account get more by the key.
    let answer = confirm(&app, &by_code(&code_in(&mail), NEW_PASSWORD), KEY).await;
    assert_eq!(answer.problem(), "invalid-token");
    assert_eq!(answer.json().get("reason"), None);
    assert_changed_once(&app).await;
}

#[tokio::test]
async fn a_repetition_is_known_for_ten_minutes_beyond_the_life_of_its_link_too() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let body = by_link(&token, NEW_PASSWORD);
    app.clock.advance(Duration::from_secs(30 * 60 - 1));
    assert_ok(&confirm(&app, &body, KEY).await);
    app.clock.advance(Duration::from_secs(10 * 60 - 1));
    app.sweep();
    assert_ok(&confirm(&app, &body, KEY).await);
    app.clock.advance(Duration::from_secs(1));
    let answer = confirm(&app, &body, KEY).await;
    assert_eq!(answer.problem(), "invalid-token");
    assert_eq!(answer.json()["reason"], "used");
}

#[tokio::test]
async fn a_repetition_by_code_costs_neither_a_hash_nor_a_try() {
    let app = TestApp::start().await;
    let used = app.fresh_code().await.to_lowercase();
    app.aws.forget_calls();
    let first = confirm(&app, &by_code(&used, NEW_PASSWORD), KEY).await;
    assert_eq!(first.status(), 200, "{first:?}");
    let calls = [
        "UpdateItem",
        "UpdateItem",
        "UpdateItem",
        "GetItem",
        "TransactWriteItems",
    ];
    assert_eq!(app.aws.take_calls(), calls, "no more than without a key");
    app.clock.advance(Duration::from_mins(1));
    let code = app.fresh_code().await;
    for _ in 0..6 {
        app.aws.forget_calls();
        let again = confirm(&app, &by_code(&used, NEW_PASSWORD), KEY).await;
        assert_eq!(again.without_ids(), first.without_ids());
        // The source, and the try that is not taken.
        assert_eq!(app.aws.take_calls(), ["UpdateItem", "UpdateItem"]);
    }
    assert_eq!(app.record().await["code_attempts"], 0);
    // Others cost what they always did, and five of them still kill.
    for n in 0..5 {
        let wrong = confirm(&app, &by_code(&used, OTHER_PASSWORD), KEY).await;
        assert_eq!(wrong.problem(), "invalid-token", "{n}");
    }
    assert_invalid(&confirm(&app, &by_code(&code, OTHER_PASSWORD), OTHER_KEY).await);
    let again = confirm(&app, &by_code(&used, NEW_PASSWORD), KEY).await;
    assert_eq!(again.status(), 200, "nor do they hide the success");
}

#[tokio::test]
async fn the_next_reset_ends_what_may_be_repeated() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let body = by_link(&token, NEW_PASSWORD);
    assert_ok(&confirm(&app, &body, KEY).await);
    app.clock.advance(Duration::from_mins(1));
    app.set_user("demo", "password_hash", "another hash").await;
    assert_eq!(confirm(&app, &body, KEY).await.status(), 200, "elsewhere");
    let next = app.fresh_token().await;
    assert_eq!(confirm(&app, &body, KEY).await.status(), 200, "a mail");
    assert_ok(&app.confirm_link(&next, OTHER_PASSWORD).await);
    let answer = confirm(&app, &body, KEY).await;
    assert_eq!(answer.json()["reason"], "used");
}

#[tokio::test]
async fn accounts_that_differ_in_case_keep_their_own() {
    let app = TestApp::start().await;
    let twin = "DEMO@example.com";
    app.add_user("twin", twin, OLD_PASSWORD).await;
    let mut bodies = Vec::new();
    for email in [DEMO, twin] {
        let token = token_in(&app.mailed_reset(email).await);
        bodies.push(by_link(&token, NEW_PASSWORD));
        app.clock.advance(Duration::from_mins(1));
    }
    for _ in 0..2 {
        for body in &bodies {
            assert_ok(&confirm(&app, body, KEY).await);
        }
    }
    assert_eq!(app.items("notice#").await.len(), 2);
}

#[tokio::test]
async fn a_lost_answer_of_the_service_itself_is_repeated_in_every_format() {
    for dialect in dialects() {
        let app = TestApp::start().await;
        let token = app.fresh_token().await;
        let request = |password, key: &str| {
            let request = dialect.confirm(DEMO, &token, password);
            request.header("idempotency-key", key)
        };
        let first = app.send(request(NEW_PASSWORD, KEY)).await;
        assert_eq!(first.status(), dialect.confirmed, "{}", dialect.name);
        app.aws.forget_calls();
        let again = app.send(request(NEW_PASSWORD, KEY)).await;
        assert_eq!(again.without_ids(), first.without_ids(), "{}", dialect.name);
        // One format shows the account.
        let reads = 1 + usize::from(dialect.name == "backstack");
        assert_eq!(app.aws.take_calls(), vec!["GetItem"; reads]);
        for request in [
            request(OTHER_PASSWORD, KEY),
            request(NEW_PASSWORD, OTHER_KEY),
        ] {
            let answer = app.send(request).await;
            assert_eq!(answer.status(), 400, "{}", dialect.name);
        }
        assert_changed_once(&app).await;
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_and_says_so() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let said = "The Idempotency-Key must have 22 to 128 visible ASCII characters.";
    let before = app.items("").await;
    for key in [
        "",
        &"k".repeat(21),
        &"k".repeat(129),
        &format!("{KEY} {KEY}"),
    ] {
        let answer = confirm(&app, &by_link(&token, NEW_PASSWORD), key).await;
        answer.assert_problem(400, "invalid-request");
        let errors = json!([{ "pointer": "#", "detail": said }]);
        assert_eq!(answer.json()["errors"], errors, "{key}");
        for dialect in dialects() {
            let request = dialect.confirm(DEMO, &token, NEW_PASSWORD);
            let answer = app.send(request.header("idempotency-key", key)).await;
            assert_eq!(answer.status(), 400, "{}", dialect.name);
            let text = answer.text();
            assert!(text.contains(said), "{}: {text}", dialect.name);
        }
    }
    assert_eq!(app.items("").await, before);
    let bounds = ["k".repeat(22), "k".repeat(128)];
    assert_ok(&confirm(&app, &by_link(&token, NEW_PASSWORD), &bounds[1]).await);
}

/// The fields of the form on a page, as a browser would send them.
fn key_in(page: &Answer) -> String {
    let page = page.text();
    let (_, rest) = page
        .split_once("name=\"idempotency_key\" value=\"")
        .expect("a key");
    rest.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_twice() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let path = format!("/auth/forgot-password/{token}");
    let page = async || app.get(&path).await;
    let key = key_in(&page().await);
    assert_ne!(key, key_in(&page().await), "each page has its own");
    let send = async |password: &str, key: &str| {
        let fields = [
            ("email", DEMO),
            ("password", password),
            ("confirm", password),
            ("idempotency_key", key),
        ];
        app.send(form(&path, &fields)).await
    };
    let weak = send("password", &key).await;
    assert_eq!((weak.status(), key_in(&weak)), (422, key.clone()));
    // The answer that says that it is not known what became of it.
    app.aws
        .inject("TransactWriteItems", vec![Fault::LoseAnswer]);
    app.aws.fail("TransactWriteItems", Fault::INTERNAL);
    let lost = send(NEW_PASSWORD, &key).await;
    app.aws.clear_faults();
    assert_eq!(lost.status(), 200, "it is looked for at once");
    for _ in 0..2 {
        let done = send(NEW_PASSWORD, &key).await;
        assert_eq!(done.without_ids(), lost.without_ids());
    }
    let bad = send(NEW_PASSWORD, "short").await;
    let text = bad.text();
    assert!(bad.status() == 400 && text.contains("22 to 128"), "{text}");
    assert!(!text.contains("name=\"idempotency_key\""), "{text}");
    let used = send(OTHER_PASSWORD, &key).await;
    let text = used.text();
    assert_contains(&text, "data-page=\"used\"");
    assert_changed_once(&app).await;
}

#[tokio::test]
async fn a_form_by_code_that_is_sent_twice_is_done_twice() {
    let app = TestApp::start().await;
    let code = app.fresh_code().await;
    let fields = [("email", DEMO), ("code", code.as_str())];
    let page = app.send(form("/auth/reset-code", &fields)).await;
    let key = key_in(&page);
    let password = [
        ("password", NEW_PASSWORD),
        ("confirm", NEW_PASSWORD),
        ("idempotency_key", key.as_str()),
    ];
    let choose = || {
        form(
            "/auth/reset-code/password",
            &[&fields[..], &password].concat(),
        )
    };
    for _ in 0..3 {
        assert_ok(&app.send(choose()).await);
    }
    assert_changed_once(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_with_one_key_one_changes_the_password_and_all_get_the_success() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let body = by_link(&token, NEW_PASSWORD);
    let answers = join_all((0..50).map(|_| confirm(&app, &body, KEY))).await;
    for answer in &answers {
        assert_eq!(answer.status(), 200, "{answer:?}");
    }
    assert!(app.password_is(NEW_PASSWORD).await);
    assert_changed_once(&app).await;
}

/// By code no more than five get as far as the hash at once; the others hear of it too.
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_by_code_all_get_the_success_over_several_processes() {
    let app = TestApp::builder()
        .setting("limits.source_requests", 1000)
        .processes(8)
        .start()
        .await;
    let code = app.fresh_code().await;
    let body = by_code(&code, NEW_PASSWORD);
    let answers = join_all((0..50).map(|_| confirm(&app, &body, KEY))).await;
    for answer in &answers {
        assert_eq!(answer.status(), 200, "{answer:?}");
    }
    assert_changed_once(&app).await;
    // A wrong one waits as long, and hears nothing.
    for n in 0..6 {
        let wrong = confirm(&app, &by_code("0000-0000", NEW_PASSWORD), KEY).await;
        assert_eq!(wrong.problem(), "invalid-token", "{n}");
    }
}

/// The second one comes while the first one is at work, wherever that is.
#[tokio::test]
async fn the_loser_of_a_race_gets_the_success_at_every_step() {
    for (operation, place) in [("GetItem", 0), ("GetItem", 1), ("TransactWriteItems", 0)] {
        let app = std::sync::Arc::new(TestApp::start().await);
        let body = by_link(&app.fresh_token().await, NEW_PASSWORD);
        let (other, same) = (app.clone(), body.clone());
        app.aws.before(operation, place, async move {
            assert_ok(&confirm(&other, &same, KEY).await);
        });
        let answer = confirm(&app, &body, KEY).await;
        assert_eq!(answer.status(), 200, "{operation} {place}: {answer:?}");
        assert_changed_once(&app).await;
    }
}

#[tokio::test]
async fn what_is_stored_lets_no_password_be_tested() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    let before = app.record().await;
    let body = by_code(&code, NEW_PASSWORD);
    assert_ok(&confirm(&app, &body, KEY).await);
    let after = app.record().await;
    // One entry is new: the tag, in the form of a link.
    let names = |item: &Value| -> Vec<_> {
        let attributes = item.as_object().expect("a map");
        attributes.keys().cloned().collect()
    };
    let links = names(&after["links"]);
    assert_eq!(links.len(), 32);
    let is_new = |hash: &&String| before["links"].get(hash).is_none();
    let tags: Vec<_> = links.iter().filter(is_new).collect();
    assert_eq!(tags.len(), 1);
    let told = "no attribute tells that there was a change";
    assert_eq!(names(&after), names(&before), "{told}");

    // It is made of all three, and of nothing else that stands in the record.
    let key = IdempotencyKey::parse(KEY).expect("a key");
    let password = NewPassword::new(NEW_PASSWORD);
    let code = ShortCode::parse(&code).expect("a code");
    let tag = |code: &ShortCode, key: &IdempotencyKey, password: &NewPassword| {
        code.change_tag(key, password).as_hash().encoded()
    };
    assert_eq!(*tags[0], tag(&code, &key, &password));
    let other_key = IdempotencyKey::parse(OTHER_KEY).expect("a key");
    assert_ne!(*tags[0], tag(&code, &other_key, &password));
    let other_code = ShortCode::parse("0000-0000").expect("a code");
    assert_ne!(*tags[0], tag(&other_code, &key, &password));
    let link = LinkToken::parse(&token).expect("a token");
    assert_ne!(
        *tags[0],
        link.change_tag(&key, &password).as_hash().encoded()
    );
    let stored = format!("{after}");
    for secret in [KEY, NEW_PASSWORD, &code.expose().replace('-', "")] {
        assert!(!stored.contains(secret), "{secret}");
    }
}
