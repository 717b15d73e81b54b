//! Who exists: lines 8 to 10.

use std::time::Instant;

use local_stack::api_gateway::{ApiRequest, ApiResponse};
use serde_json::json;

use super::report::Trial;
use super::target::visible_answer;
use super::{InProcessTarget, Target, TrialResult};
use crate::app::OLD_PASSWORD;
use crate::statistics::Comparison;

pub(super) async fn answers_and_times(target: &Target) -> TrialResult {
    let pairs = target.repetitions(250, 150, 25);
    let mut trial = Trial::of(format!(
        "{pairs} pairs of requests, for an account and for nobody, in random order"
    ));
    let (known, unknown) = (target.known(), target.unknown());
    let mut times = [Vec::new(), Vec::new()];
    let mut answers = [Vec::new(), Vec::new()];
    for pair in 0..pairs {
        // In this process the next pair comes when both may be mailed again, so that all are.
        if target.in_process().is_some() {
            target.cool_down(&known).await;
        }
        let first = usize::from(is_odd(pair));
        for kind in [first, 1 - first] {
            let request = target.ask([&known, &unknown][kind]);
            let start = Instant::now();
            let answer = target.send(request).await;
            times[kind].push(start.elapsed().as_secs_f64());
            answers[kind].push(visible_answer(&answer));
        }
    }
    trial.require(
        answers[0] == answers[1],
        || "answers that differ between the two",
    );
    let comparison = Comparison::of(&times[0], &times[1]);
    trial.require(!comparison.is_distinguishable(), || {
        format!("times that differ: {comparison}")
    });
    match target {
        Target::InProcess(in_process) => count_calls(in_process, &mut trial).await,
        // Of a stack the worker is busy with hundreds of jobs now, behind which the mails of the
        // next lines would wait. A deployment got few, and its accounts may get few mails.
        Target::Remote(remote) if target.chooses_sources() => {
            let last = target.known_beside(&known)?;
            remote.drain(&last, target.ask(&last)).await?;
        }
        Target::Remote(_) => {}
    }
    Ok(trial.finish(format!("the same answers; {comparison}")))
}

/// A bit that looks random: the order within a pair must follow no pattern of the machine's.
fn is_odd(pair: usize) -> bool {
    let mixed = u64::try_from(pair)
        .unwrap_or_default()
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed.count_ones() % 2 == 1
}

/// Counts calls of the database for every kind of address.
async fn count_calls(in_process: &InProcessTarget, trial: &mut Trial) {
    let app = &in_process.app;
    app.add_user("off", "off@example.com", OLD_PASSWORD).await;
    app.disable_user("off").await;
    let mut seen = Vec::new();
    for email in [
        "second@example.com",
        "off@example.com",
        "nobody@example.com",
    ] {
        // The second time it is too early, which must not show either.
        for _ in 0..2 {
            app.aws.forget_calls();
            let answer = app.request_reset(email).await;
            seen.push((app.aws.take_calls(), visible_answer(&answer.0)));
        }
    }
    let same = seen.iter().all(|it| *it == seen[0]);
    trial.require(same, || format!("calls or answers that differ: {seen:?}"));
}

pub(super) async fn limits(target: &Target) -> TrialResult {
    let count = target.repetitions(8, 8, 5);
    let mut trial = Trial::of(format!(
        "{count} requests in a row for an account, and as many for nobody"
    ));
    let mut series = Vec::new();
    for email in [target.known(), target.unknown()] {
        let mut answers = Vec::new();
        for _ in 0..count {
            answers.push(visible_answer(&target.send(target.ask(&email)).await));
        }
        series.push(answers);
    }
    trial.require(series[0] == series[1], || {
        let differs = |(one, other): &(&String, &String)| one != other;
        let found = series[0].iter().zip(&series[1]).find(differs);
        format!("different answers: {found:?}")
    });
    Ok(trial.finish("the same series of answers"))
}

pub(super) async fn errors(target: &Target) -> TrialResult {
    let mut trial =
        Trial::of("requests with a second fault, beside an account's address and beside nobody's");
    let (known, unknown) = (target.known(), target.unknown());
    let pairs = faulty(&known).into_iter().zip(faulty(&unknown));
    let mut count = 0;
    for (one, other) in pairs {
        let place = one.target.clone();
        let one = anonymous(&target.send(one).await, &known);
        let other = anonymous(&target.send(other).await, &unknown);
        trial.require(one == other, || format!("{one} against {other} at {place}"));
        count += 1;
    }
    Ok(trial.finish(format!("{count} pairs of equal answers")))
}

fn faulty(email: &str) -> Vec<ApiRequest> {
    let post = |path: &str, body: serde_json::Value| ApiRequest::new("POST", path).json(&body);
    let link = "https://evil.example/{{code}}";
    let request = "/v1/request-reset";
    vec![
        post(request, json!({ "email": email, "locale": 7 })),
        post(request, json!({ "email": email, "unknown": 1 })),
        post(request, json!({ "email": email, "resetPasswordUrl": link })),
        post(request, json!({ "email": email })).header("X-App-Name", "nobody"),
        post("/auth/forgot", json!({ "email": [email] })),
        post("/v1/verify-token", json!({ "email": email, "code": 7 })),
        post(
            "/v1/verify-token",
            json!({ "email": email, "code": "nonsense" }),
        ),
        post(
            "/v1/verify-token",
            json!({ "email": email, "token": "fpr_x" }),
        ),
        post(
            "/v1/confirm-reset",
            json!({ "email": email, "code": "0000-0000" }),
        ),
        post(
            "/v1/confirm-reset",
            json!({ "email": email, "code": "x", "password": "y" }),
        ),
        post(
            "/auth/reset",
            json!({ "email": email, "token": "fpr_x", "password": "y" }),
        ),
    ]
}

fn anonymous(answer: &ApiResponse, email: &str) -> String {
    visible_answer(answer).replace(email, "[email]")
}
