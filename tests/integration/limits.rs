//! How often things may be asked for and tried: at the edges, at once, for any address in any spelling.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use integration_tests::TestApp;
use integration_tests::app::{Answer, DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_invalid, assert_ok};
use integration_tests::mailbox::{code_in, token_in, wrong_code};
use local_stack::api_gateway::ApiRequest;
use serde_json::{Map, Value, json};

fn request_from(source: &str, email: &str) -> ApiRequest {
    let request = ApiRequest::new("POST", "/v1/request-reset");
    request.json(&json!({ "email": email })).source_ip(source)
}

fn guess_from(source: &str, path: &str, body: &Value) -> ApiRequest {
    ApiRequest::new("POST", path).json(body).source_ip(source)
}

/// Sends requests at once, and gives the answers in their order.
async fn send_all(app: &TestApp, requests: Vec<ApiRequest>) -> Vec<Answer> {
    join_all(requests.into_iter().map(|request| app.send(request))).await
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|it| it.status() == status).count()
}

/// How many requests for one address were accepted so far.
async fn accepted(app: &TestApp) -> usize {
    app.deliver().await;
    let records = app.items("token#").await;
    let deliveries = |item: &Value| item["deliveries"].as_object().map_or(0, Map::len);
    records.iter().map(deliveries).sum()
}

#[tokio::test]
async fn an_address_has_one_limit_in_every_spelling() {
    for spellings in [
        [
            "demo@example.com",
            "DEMO@example.com",
            "  demo@EXAMPLE.com\t",
            "Demo@Example.Com",
        ],
        [
            "someone@b\u{fc}cher.example",
            "someone@bu\u{308}cher.example",
            "SOMEONE@B\u{dc}CHER.example",
            "someone@xn--bcher-kva.example",
        ],
    ] {
        let app = TestApp::start().await;
        let requests = spellings.iter().enumerate();
        let requests = requests.map(|(n, it)| request_from(&format!("198.51.100.{n}"), it));
        let answers = send_all(&app, requests.collect()).await;
        assert_eq!(count(&answers, 202), spellings.len());
        assert_eq!(accepted(&app).await, 1, "{spellings:?}");
        assert_eq!(app.items("request#").await.len(), 1, "{spellings:?}");
    }
}

#[tokio::test]
async fn addresses_with_and_without_an_account_have_the_same_limits() {
    let app = TestApp::start().await;
    app.add_user("off", "off@example.com", OLD_PASSWORD).await;
    app.disable_user("off").await;
    let emails = [DEMO, "off@example.com", "nobody@example.com"];
    // Too early, at the cooldown's last second and first, the third, the fourth, after a lifetime.
    for wait in [0, 59, 1, 60, 60, 1620, 59, 1] {
        app.clock.advance(Duration::from_secs(wait));
        let requests = emails.map(|email| request_from("192.0.2.1", email));
        let answers = send_all(&app, requests.to_vec()).await;
        let seen: BTreeSet<_> = answers
            .iter()
            .map(|it| (it.status(), it.0.body.clone()))
            .collect();
        assert_eq!(seen.len(), 1, "{answers:?}");
        let items = app.items("request#").await;
        let times: BTreeSet<_> = items
            .iter()
            .map(|item| ["a1", "a2", "a3"].map(|it| item[it].as_i64()))
            .collect();
        assert_eq!(times.len(), 1, "{times:?}");
    }
    // At 0, 60 and 120 seconds, and at 1800, when the first of them had just left the window.
    assert_eq!(accepted(&app).await, 4 * emails.len());
}

#[tokio::test]
async fn of_many_at_once_the_third_is_accepted_once_and_the_fourth_never() {
    let app = TestApp::start().await;
    let flood = || {
        let sources = (1..=30).map(|n| format!("198.51.100.{n}"));
        sources.map(|source| request_from(&source, DEMO)).collect()
    };
    for expected in [1, 2, 3, 3] {
        assert_eq!(count(&send_all(&app, flood()).await, 202), 30);
        assert_eq!(accepted(&app).await, expected);
        assert_eq!(app.ses.mails().len(), expected);
        app.clock.advance(Duration::from_mins(1));
    }
    // The owner is not locked out: a mail that arrived still works.
    let last = token_in(&app.last_mail());
    assert_ok(&app.confirm_link(&last, NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_source_is_counted_exactly_when_it_asks_at_once() {
    // An IPv4 address in either notation, or any addresses of one /64.
    let v4 = |n: usize| ["192.0.2.7", "::ffff:192.0.2.7"][n % 2].to_owned();
    let v6 = |n: usize| format!("2001:db8:1:1:{n:x}::1");
    for source in [&v4 as &dyn Fn(usize) -> String, &v6] {
        let app = TestApp::with("limits.source_requests", 7).await;
        let requests = (0..30).map(|n| request_from(&source(n), &format!("user{n}@example.com")));
        let answers = send_all(&app, requests.collect()).await;
        assert_eq!((count(&answers, 202), count(&answers, 429)), (7, 23));
        assert_eq!(app.items("request#").await.len(), 7);
        let neighbour = request_from("192.0.2.8", "neighbour@example.com");
        assert_eq!(app.send(neighbour).await.status(), 202);
    }
}

#[tokio::test]
async fn a_48_is_counted_exactly_when_its_64s_ask_at_once() {
    let app = TestApp::with("limits.source_requests", 3).await;
    let source = |n: usize| format!("2001:db8:1:{:x}::{n:x}", n % 20);
    let requests = (0..60).map(|n| request_from(&source(n), &format!("user{n}@example.com")));
    let answers = send_all(&app, requests.collect()).await;
    assert_eq!((count(&answers, 202), count(&answers, 429)), (30, 30));
    let neighbour = request_from("2001:db8:2::1", "neighbour@example.com");
    assert_eq!(app.send(neighbour).await.status(), 202);
}

#[tokio::test]
async fn the_window_of_a_source_is_a_setting_and_ends_to_the_second() {
    let app = TestApp::builder()
        .setting("limits.source_requests", 1)
        .setting("limits.source_window_seconds", 60)
        .start()
        .await;
    let mut asked = 0;
    let mut ask = async || {
        asked += 1;
        let email = format!("user{asked}@example.com");
        app.send(request_from("192.0.2.1", &email)).await
    };
    assert_eq!(ask().await.status(), 202);
    assert_eq!(ask().await.0.header("retry-after"), Some("60"));
    app.clock.advance(Duration::from_secs(59));
    assert_eq!(ask().await.0.header("retry-after"), Some("1"));
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(ask().await.status(), 202);
}

#[tokio::test]
async fn codes_sprayed_at_once_over_many_addresses_and_both_routes_meet_one_limit() {
    let app = TestApp::with("limits.source_requests", 20).await;
    let guesses = (0..50).map(|n| {
        let email = format!("user{n}@example.com");
        if n % 2 == 0 {
            let body = json!({ "email": email, "code": "0123-ABCD" });
            guess_from("192.0.2.1", "/v1/verify-token", &body)
        } else {
            let body = json!({ "email": email, "code": "0123-ABCD", "password": NEW_PASSWORD });
            guess_from("192.0.2.1", "/v1/confirm-reset", &body)
        }
    });
    let answers = send_all(&app, guesses.collect()).await;
    assert_eq!((count(&answers, 400), count(&answers, 429)), (20, 30));
    // Links are never limited by source.
    let token = "fpr_".to_owned() + &"A".repeat(64);
    let link = guess_from("192.0.2.1", "/v1/verify-token", &json!({ "token": token }));
    assert_invalid(&app.send(link).await);
}

#[tokio::test]
async fn a_code_is_tried_no_more_often_from_many_sources_and_in_many_spellings() {
    for tries in [1, 5, 10] {
        let app = TestApp::with("codes.max_tries", tries).await;
        let code = code_in(&app.mailed_reset(DEMO).await);
        let wrong = wrong_code(&code);
        let guesses = (0..40).map(|n| {
            let email = if n % 2 == 0 {
                DEMO.to_owned()
            } else {
                DEMO.to_uppercase()
            };
            let body = json!({ "email": email, "code": wrong });
            guess_from(&format!("198.51.100.{n}"), "/v1/verify-token", &body)
        });
        let answers = send_all(&app, guesses.collect()).await;
        assert_eq!(count(&answers, 400), 40);
        assert_eq!(app.record().await["code_attempts"], tries);
        assert_invalid(&app.verify_code(DEMO, &code).await);
    }
}

#[tokio::test]
async fn an_address_is_mailed_three_times_in_the_life_of_a_link_and_these_still_work() {
    let app = TestApp::start().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(token_in(&app.mailed_reset(DEMO).await));
        app.clock.advance(Duration::from_mins(1));
    }
    for _ in 0..5 {
        assert_eq!(app.request_reset(DEMO).await.status(), 202);
        app.clock.advance(Duration::from_mins(1));
    }
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), 3);
    // The limits need their item for as long as its times count.
    let item = &app.items("request#").await[0];
    let number = |name: &str| item[name].as_i64().expect("a number");
    assert_eq!(number("ttl") - number("a1"), 30 * 60);
    for token in &tokens {
        assert_ok(&app.verify_link(token).await);
    }
    // The first of the three was accepted thirty minutes before this.
    app.clock.advance(Duration::from_mins(22));
    app.request_reset(DEMO).await;
    app.deliver().await;
    assert_eq!(app.ses.mails().len(), 4);
}

#[tokio::test]
async fn the_number_of_mails_is_a_setting() {
    for allowed in [1, 20] {
        let app = TestApp::builder()
            .setting("limits.address_requests", allowed)
            .setting("limits.address_cooldown_seconds", 1)
            .start()
            .await;
        for _ in 0..=allowed {
            assert_eq!(app.request_reset(DEMO).await.status(), 202);
            app.deliver().await;
            app.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(app.ses.mails().len(), allowed);
    }
}

#[tokio::test]
async fn five_wrong_tries_kill_the_code_and_not_the_link() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let code = code_in(&mail);
    let wrong = wrong_code(&code);
    for _ in 0..4 {
        assert_invalid(&app.verify_code(DEMO, &wrong).await);
    }
    for _ in 0..2 {
        let right = app.verify_code(DEMO, &code).await;
        assert_eq!(right.status(), 200, "a right one costs none");
    }
    assert_invalid(&app.verify_code(DEMO, &wrong).await);
    // Exhausted, so the sixth wrong one and the right one are answered alike.
    let sixth = app.verify_code(DEMO, &wrong).await;
    let right = app.verify_code(DEMO, &code).await;
    assert_eq!(sixth.0.body, right.0.body);
    assert_eq!(right.problem(), "invalid-token");
    assert_invalid(&app.confirm_code(DEMO, &code, NEW_PASSWORD).await);
    assert_ok(&app.confirm_link(&token_in(&mail), NEW_PASSWORD).await);
}

/// Else every mail would bring five guesses of all codes that are alive.
#[tokio::test]
async fn a_mail_after_a_wrong_try_begins_a_round_of_five_for_its_own_code_alone() {
    let app = TestApp::start().await;
    let first = app.fresh_code().await;
    let wrong = wrong_code(&first);
    let mut evaluated = 0;
    for round in 1..=3 {
        let code = if round == 1 {
            first.clone()
        } else {
            app.clock.advance(Duration::from_mins(1));
            app.fresh_code().await
        };
        if round > 1 {
            let old = app.verify_code(DEMO, &first).await;
            assert_eq!(old.problem(), "invalid-token", "of an older round");
            evaluated += 1;
        }
        for _ in 0..6 {
            app.verify_code(DEMO, &wrong).await;
        }
        let record = app.record().await;
        assert_eq!(record["code_attempts"], 5);
        assert_eq!(record["code_round"], round);
        assert_eq!(app.alive(&record, "codes"), 1);
        evaluated += 5 - u32::from(round > 1);
        let right = app.verify_code(DEMO, &code).await;
        assert_eq!(right.problem(), "invalid-token", "no try is left");
    }
    assert_eq!(evaluated, 15);
}
