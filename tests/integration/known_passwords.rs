//! Passwords that attackers know are refused, by a list on the disk and by the estimate without it.

use std::collections::BTreeSet;
use std::fs::OpenOptions;

use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD, project};
use integration_tests::known_passwords::{known_lists, known_passwords_file};
use integration_tests::random::Random;
use integration_tests::test_depth;
use shared::adapters::KnownPasswordsFile;
use shared::domain::{NewPassword, PasswordContext, PasswordPolicy};
use shared::ports::KnownPasswords as _;

/// One that the estimate takes for strong.
const KNOWN: &str = "morethanone";

const CONTEXT: PasswordContext<'static> = PasswordContext {
    email: "demo.person@example.com",
    name: Some("Maria Lopez"),
    app_name: "Lanternfish",
};

/// Some hundred English words.
fn words() -> Vec<String> {
    let text = std::fs::read_to_string(project().join("shared/locales/en.ftl"));
    let text = text.expect("the texts").to_lowercase();
    let words = text.split(|c: char| !c.is_ascii_lowercase());
    let words: BTreeSet<_> = words.filter(|it| it.len() > 3).map(str::to_owned).collect();
    words.into_iter().collect()
}

fn list() -> KnownPasswordsFile {
    KnownPasswordsFile::open(&known_passwords_file()).expect("a list")
}

fn is_estimated_good(policy: PasswordPolicy, password: &NewPassword) -> bool {
    let rules = policy.check_rules(password, &CONTEXT);
    rules.is_ok() && policy.check_strength(password, &CONTEXT).is_ok()
}

#[tokio::test]
async fn a_known_password_is_refused_with_its_own_reason_and_the_link_lives() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let policy = PasswordPolicy::default();
    for typed in [KNOWN.to_owned(), KNOWN.to_uppercase()] {
        assert!(
            is_estimated_good(policy, &NewPassword::new(&typed)),
            "{typed}"
        );
        let answer = app.confirm_link(&token, &typed).await;
        assert_eq!(answer.status(), 422);
        let said = answer.json();
        assert_eq!(said["reasons"].as_array().map(Vec::len), Some(1));
        assert_eq!(said["reasons"][0]["code"], "known");
        assert_eq!(said["password_policy"]["known_passwords_refused"], true);
    }
    assert_eq!(app.confirm_link(&token, NEW_PASSWORD).await.status(), 200);
}

#[tokio::test]
async fn a_known_password_in_pieces_between_personal_words_is_too_weak() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let context = PasswordContext {
        email: DEMO,
        name: None,
        ..CONTEXT
    };
    let typed = "Demo12Demo345678Demo";
    let password = NewPassword::new(typed);
    let estimated = PasswordPolicy::default().check_strength(&password, &context);
    assert_eq!(estimated, Ok(()));
    let answer = app.confirm_link(&token, typed).await;
    assert_eq!(answer.json()["reasons"][0]["code"], "too-weak");
    let answer = app
        .confirm_link(&token, "Demo12Demo345678Demo lantern")
        .await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn without_a_list_the_estimate_alone_counts_and_the_policy_says_so() {
    let app = TestApp::builder().setting("passwords.known_list", "off");
    let app = app.start().await;
    let settings = app.get("/v1/settings").await;
    let settings = settings.json();
    assert_eq!(
        settings["password_policy"]["known_passwords_refused"],
        false
    );
    let token = app.fresh_token().await;
    let page = app.get(&format!("/auth/forgot-password/{token}")).await;
    assert!(page.text().contains("Passwords that are easy to guess"));
    assert_eq!(app.confirm_link(&token, KNOWN).await.status(), 200);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_accepts_nothing_and_spends_nothing() {
    let path = std::env::temp_dir().join(format!("known-passwords-{}", std::process::id()));
    std::fs::copy(known_passwords_file(), &path).expect("a copy");
    let app = TestApp::builder().setting("passwords.known_list", path.to_str());
    let app = app.start().await;
    let token = app.fresh_token().await;
    let whole = std::fs::read(&path).expect("the list");
    let cut = OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("the list");
    cut.set_len(1000).expect("it is cut short");
    let answer = app.confirm_link(&token, NEW_PASSWORD).await;
    answer.assert_problem(500, "internal-error");
    assert!(!app.password_is(NEW_PASSWORD).await);
    std::fs::write(&path, whole).expect("it is whole again");
    assert_eq!(app.confirm_link(&token, NEW_PASSWORD).await.status(), 200);
    std::fs::remove_file(&path).expect("the copy goes");
}

#[test]
fn no_entry_of_the_lists_is_accepted() {
    let list = list();
    for (name, passwords) in known_lists() {
        let step = test_depth::choose(100, 1);
        for password in passwords.iter().step_by(step) {
            let password = NewPassword::new(password);
            let known = list.contains(&password).expect("an answer");
            assert!(known, "{name}: {password:?}");
        }
    }
}
#[test]
fn the_ten_thousand_most_common_are_refused_without_the_list() {
    // Its order is how often they were seen.
    let (_, most_common) = known_lists().pop().expect("Django's list");
    assert_eq!(most_common[..2], ["123456", "123456789"]);
    let policy = PasswordPolicy {
        min_strength: 2,
        ..PasswordPolicy::default()
    };
    let passes = |it: &&String| is_estimated_good(policy, &NewPassword::new(it));
    let accepted: Vec<_> = most_common[..10_000].iter().filter(passes).collect();
    assert!(
        accepted.is_empty(),
        "for common_passwords.txt: {accepted:?}"
    );
}

#[test]
#[expect(clippy::print_stdout, reason = "it is a measure")]
fn one_good_password_of_100_000_at_most_is_refused_by_mistake() {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let (list, mut random) = (list(), Random::new(20));
    let words = words();
    let count = test_depth::choose(20_000, 1_000_000);
    let (mut strings, mut passphrases) = (0, 0);
    for _ in 0..count {
        let string: String = (0..12)
            .map(|_| char::from(*random.one_of(LETTERS)))
            .collect();
        let passphrase: Vec<_> = (0..4).map(|_| random.one_of(&words).as_str()).collect();
        let is_refused = |it: &str| list.contains(&NewPassword::new(it)).expect("an answer");
        strings += usize::from(is_refused(&string));
        passphrases += usize::from(is_refused(&passphrase.join(" ")));
    }
    println!("of {count} refused by mistake: {strings} random strings, {passphrases} passphrases");
    // As many as chance may make of ten in a million, in one run of a thousand.
    let most = test_depth::choose(2, 21);
    assert!(
        strings <= most && passphrases <= most,
        "{strings}, {passphrases}"
    );
}
