//! Minutes of mixed flows with faults going on and off, and an audit.

use std::io::Write as _;
use std::time::Duration;

use integration_tests::soak::{Growth, Outcome, soak, tampered};
use integration_tests::test_depth;

/// How long it takes when nobody says otherwise: a sample, and everything.
const SECONDS: [u64; 2] = [10, 60];
/// In less than this no process lives long enough to tell whether it grows.
const ENOUGH_FOR_MEMORY: Duration = Duration::from_secs(30);
/// What is drawn when nobody says otherwise.
const SEED: u64 = 20_261_121;

/// Whose memory is measured.
const FUNCTIONS: [&str; 4] = [
    "RequestResetFunction",
    "MailWorkerFunction",
    "VerifyTokenFunction",
    "ConfirmResetFunction",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_accepted_request_ends_in_one_way_whatever_fails() {
    let length = Duration::from_secs(setting(
        "SOAK_SECONDS",
        test_depth::choose(SECONDS[0], SECONDS[1]),
    ));
    let seed = setting("SOAK_SEED", SEED);
    say(&format!(
        "SOAK_SECONDS={} SOAK_SEED={seed}",
        length.as_secs()
    ));
    let soaked = Box::pin(soak(length, seed)).await;
    say(&soaked.audit.to_string());
    let growth = soaked.memory.growth();
    for process in &growth {
        say(&process.to_string());
    }
    let contradictions = &soaked.audit.contradictions;
    assert!(contradictions.is_empty(), "{}", contradictions.join("\n"));
    // The others are rare, and a short soak may end before one.
    let outcomes = [
        Outcome::Delivered,
        Outcome::NobodyToMail,
        Outcome::Rejected,
        Outcome::DeadLettered,
    ];
    let required = if length < ENOUGH_FOR_MEMORY { 2 } else { 4 };
    for outcome in outcomes.into_iter().take(required) {
        let outcomes = &soaked.audit.outcomes;
        assert!(
            outcomes.contains_key(&outcome),
            "no job ended so: {outcome:?}"
        );
    }
    if length < ENOUGH_FOR_MEMORY {
        return;
    }
    for function in FUNCTIONS {
        let measured = growth.iter().any(|process| process.function == function);
        assert!(measured, "{function} was not measured: {growth:?}");
    }
    assert!(growth.iter().all(Growth::is_flat), "{growth:?}");
}

/// An audit that could not fail would prove nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_audit_notices_what_must_never_happen() {
    let tampered = Box::pin(tampered()).await;
    assert!(tampered.before.is_empty(), "{:?}", tampered.before);
    let is_named = |email: &str| tampered.after.iter().any(|it| it.contains(email));
    for (tampering, email) in &tampered.victims {
        assert!(is_named(email), "{tampering}: {:?}", tampered.after);
    }
    assert!(!is_named(&tampered.bystander), "{:?}", tampered.after);
}

fn setting(name: &str, default: u64) -> u64 {
    let given = std::env::var_os(name).filter(|text| !text.is_empty());
    let Some(given) = given else { return default };
    let number = given.to_str().and_then(|text| text.parse().ok());
    number.unwrap_or_else(|| panic!("{name} must be a number"))
}

fn say(line: &str) {
    // Nobody may be reading; that is no reason to fail.
    let _ = writeln!(std::io::stdout(), "{line}");
}
