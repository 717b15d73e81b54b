//! Every attack of the list, in this process and against the real binaries of the local stack.

mod defects;

use std::io::Write as _;
use std::time::Duration;

use integration_tests::app::{OLD_PASSWORD, assert_contains};
use integration_tests::attacks::{
    InProcessTarget, LINES, Reach, Remote, RemoteSettings, Report, Target, Verdict, table,
};
use integration_tests::logs::CapturedLogs;
use integration_tests::stack::RunningStack;
use serde_json::json;

fn show(title: &str, reports: &[Report]) {
    // Unlike println, this is not swallowed: the table is what people want to read.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "\n{title}\n\n{}", table(reports));
}

#[test]
fn the_lines_are_numbered_as_in_the_list() {
    let numbers: Vec<_> = LINES.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (1..).take(LINES.len()).collect::<Vec<u8>>());
}

#[tokio::test]
async fn no_attack_succeeds_in_one_process() {
    let logs = CapturedLogs::of_this_process();
    let mut reports = Vec::new();
    for line in LINES {
        let in_process = InProcessTarget::start(&line, Some(logs.clone())).await;
        let target = Target::InProcess(Box::new(in_process));
        reports.push(line.run(&target).await);
    }
    show("Attacks in one process", &reports);
    for report in &reports {
        assert_eq!(report.verdict, Verdict::Repelled, "{report:?}");
    }
}

#[tokio::test]
async fn no_attack_succeeds_against_the_local_stack() {
    let stack = RunningStack::start(&json!({
        "log_level": "trace",
        "limits": { "address_cooldown_seconds": 1, "address_requests": 20 },
    }))
    .await;
    let known: Vec<_> = (1..=6).map(|n| format!("known{n}@example.com")).collect();
    for email in &known {
        stack.add_user(email, OLD_PASSWORD).await;
    }
    let target = Target::Remote(Box::new(Remote::new(RemoteSettings {
        url: stack.url("api").to_owned(),
        inbox: stack.url("ses").to_owned(),
        known,
        unknown: "none@example.com".to_owned(),
        link_origin: stack.url("api").to_owned(),
        allowed_redirect: "https://app.example.com/reset".to_owned(),
        chooses_sources: true,
        quiet: Duration::from_secs(2),
    })));
    let mut reports = Vec::new();
    for line in LINES {
        reports.push(line.run(&target).await);
    }
    show("Attacks against the local stack, over HTTP", &reports);
    for report in &reports {
        assert!(report.is_fine(), "{report:?}");
        let tried = report.verdict == Verdict::Repelled;
        assert_eq!(tried, report.reach == Reach::Http, "{report:?}");
    }
    // Line 20, as far as the real binaries go.
    let logs = stack.stop().await;
    assert_contains(&logs, "reset-confirmed");
    let Target::Remote(remote) = target else {
        unreachable!("it was made so above");
    };
    for secret in remote.secrets() {
        assert!(!logs.contains(&secret), "a secret is in the log");
    }
}
