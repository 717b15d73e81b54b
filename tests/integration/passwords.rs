//! A password that is not accepted costs nothing but a second try.

use futures_util::future::join_all;
use integration_tests::TestApp;
use std::time::Duration;

use integration_tests::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_ok};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::random::Random;
use shared::adapters::{Argon2Cost, Argon2Hasher, Argon2Memory, SystemEntropy};
use shared::domain::{NewPassword, PasswordContext, PasswordPolicy};
use shared::ports::PasswordHasher as _;

#[tokio::test]
async fn a_rejected_password_says_why_and_leaves_the_link_alive() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let too_long = "abcd efgh ".repeat(13);
    for (password, reason) in [
        ("x7!q", "too-short"),
        ("password", "known"),
        ("monday monday monday", "too-weak"),
        ("seven lanterns over\n", "contains-line-break"),
        ("xx demo@example.com xx", "contains-address"),
        (too_long.as_str(), "too-long"),
    ] {
        let answer = app.confirm_link(&token, password).await;
        answer.assert_problem(422, "password-rejected");
        let body = answer.json();
        let codes = answer.reason_codes();
        assert!(codes.iter().any(|it| it == reason), "{password}: {body}");
        assert!(
            body["reasons"][0]["message"]
                .as_str()
                .is_some_and(|it| !it.is_empty())
        );
        assert_eq!(body["password_policy"]["min_length"], 8);
    }
    assert!(app.password_is(OLD_PASSWORD).await);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
}

/// A password that costs an estimate, and is rejected.
const WEAK: &str = "password";

#[tokio::test]
async fn after_twenty_rejections_an_account_waits_and_its_links_live() {
    let app = TestApp::start().await;
    app.add_user("twin", "DEMO@example.com", OLD_PASSWORD).await;
    let twin = token_in(&app.mailed_reset("DEMO@example.com").await);
    app.clock.advance(Duration::from_mins(1));
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    for n in 0..20 {
        let answer = if n % 2 == 0 {
            app.confirm_link(&token, WEAK).await
        } else {
            app.confirm_code(DEMO, &code, WEAK).await
        };
        assert_eq!(answer.problem(), "password-rejected", "{n}");
        app.clock.advance(Duration::from_secs(6));
    }
    app.aws.forget_calls();
    for password in [WEAK, NEW_PASSWORD] {
        let limited = app.confirm_link(&token, password).await;
        assert_eq!(limited.problem(), "too-many-requests");
        let wait = limited.0.header("retry-after");
        assert_eq!(wait, Some("480"), "ten minutes from the first");
        assert_eq!(app.aws.take_calls(), ["GetItem"]);
    }
    let limited = app.confirm_code(DEMO, &code, NEW_PASSWORD).await;
    assert_eq!(limited.problem(), "too-many-requests");
    assert_eq!(app.verify_link(&token).await.status(), 200, "it lives");
    assert_ok(&app.verify_code(DEMO, &code).await);
    let other = app.confirm_link(&twin, WEAK).await;
    assert_eq!(other.problem(), "password-rejected", "another account");
    // Nor does another mail end the wait.
    let newer = token_in(&app.mailed_reset(DEMO).await);
    let limited = app.confirm_link(&newer, NEW_PASSWORD).await;
    assert_eq!(limited.status(), 429);
    app.clock.advance(Duration::from_secs(479));
    let limited = app.confirm_link(&token, NEW_PASSWORD).await;
    assert_eq!(limited.0.header("retry-after"), Some("1"));
    assert!(app.password_is(OLD_PASSWORD).await);
    app.clock.advance(Duration::from_secs(1));
    app.aws.forget_calls();
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let calls = ["GetItem", "GetItem", "TransactWriteItems"];
    assert_eq!(app.aws.take_calls(), calls, "a success counts nothing");
}

#[tokio::test]
async fn rejections_at_once_are_all_counted() {
    let app = TestApp::with("limits.password_rejections", 3).await;
    let token = app.fresh_token().await;
    let answers = join_all((0..20).map(|_| app.confirm_link(&token, WEAK))).await;
    let rejected = answers.iter().filter(|it| it.status() == 422).count();
    assert!(rejected >= 3, "{rejected}");
    assert!(answers.iter().all(|it| [422, 429].contains(&it.status())));
    let counted = &app.record().await["rejections"][0];
    assert_eq!(*counted, 1_800_000_600_000_usize + rejected);
    assert_eq!(app.confirm_link(&token, NEW_PASSWORD).await.status(), 429);
}

#[tokio::test]
async fn the_policy_is_a_setting() {
    let app = TestApp::with("passwords.min_length", 30).await;
    let token = app.fresh_token().await;
    let answer = app.confirm_link(&token, NEW_PASSWORD).await;
    assert_eq!(answer.reason_codes(), ["too-short"]);
}

/// Processor time of this thread, whatever else the machine is doing.
fn processor_time(of: impl FnOnce()) -> Duration {
    let now = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::try_from(time).expect("a time")
    };
    let start = now();
    of();
    now().saturating_sub(start)
}

#[test]
fn no_password_costs_more_than_five_hashes_to_estimate() {
    let cost = Argon2Cost::default();
    let argon2 = Argon2Hasher::new(cost, Argon2Memory::default(), SystemEntropy).expect("a hasher");
    argon2.ready();
    let good = NewPassword::new(NEW_PASSWORD);
    let hash = (0..5).map(|_| processor_time(|| drop(argon2.hash_password(&good))));
    let hash = hash.min().expect("a time");
    let context = PasswordContext {
        email: "demo.person@example.com",
        name: Some("Maria Lopez Abcd Lant Fish Arno Anna Otto Aeio Tass Leet Sila"),
        app_name: "Lanternfish",
    };
    // What is known to be dear, and much that is made of it.
    let alphabets = [
        "4@({[<691!|7$5+",
        "4@({[<691!|7$5+\u{1f980}\u{e9}",
        "4@({[<8369aeiost",
        "1!|17l$5s+7t",
        "lanternfishmaria4@1!$5",
        "abc123",
    ];
    let mut random = Random::new(1);
    let mut worst = (Duration::ZERO, String::new());
    for alphabet in alphabets {
        let letters: Vec<_> = alphabet.chars().collect();
        for length in [24, 40, 64, 100, 128] {
            for _ in 0..4 {
                let text: String = (0..length).map(|_| *random.one_of(&letters)).collect();
                let password = NewPassword::new(&text);
                let policy = PasswordPolicy::default();
                let check = || processor_time(|| drop(policy.check_strength(&password, &context)));
                let time = check().min(check());
                if time > worst.0 {
                    worst = (time, text);
                }
            }
        }
    }
    let (time, text) = worst;
    assert!(
        time < 5 * hash,
        "{time:?} for {text}, where a hash takes {hash:?}"
    );
}
