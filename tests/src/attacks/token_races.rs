//! The token, many at once and half way: lines 12, 17 and 19.

use local_stack::api_gateway::ApiRequest;
use serde_json::json;

use super::report::Trial;
use super::target::{WAVE, granted, problem};
use super::{InProcessTarget, NotRun, Target, TrialResult};
use crate::Fault;
use crate::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD};
use crate::mailbox::wrong_code;

pub(super) async fn reuse_race(target: &Target) -> TrialResult {
    let mut trial =
        Trial::of("50 confirmations of one link at once, each with a password of its own");
    let token = target.reset_mail(&target.known()).await?.token()?;
    let confirm = |n: u32| {
        let body = json!({ "token": token, "password": format!("{NEW_PASSWORD} number {n}") });
        ApiRequest::new("POST", "/v1/confirm-reset").json(&body)
    };
    for at_once in target.concurrency_levels() {
        let answers = target.send_at_once((0..*at_once).map(confirm)).await;
        let won = answers.iter().filter(|it| granted(it)).count();
        trial.require(won <= 1, || format!("{won} successes"));
        for answer in answers.iter().filter(|it| !granted(it)) {
            let fits = problem(answer) == "invalid-token" || matches!(answer.status, 429 | 503);
            trial.require(fits, || format!("{} for a loser", answer.status));
        }
        if won > 0 {
            return Ok(trial.finish(format!("one success, {} refusals", at_once - 1)));
        }
    }
    // A winner whose answer came too late has won all the same.
    let answer = target.verify(&token).await;
    if granted(&answer) {
        return Err(NotRun::because("nobody got an answer in time"));
    }
    Ok(trial.finish("one change, whose answer came too late, and refusals"))
}

pub(super) async fn guessing(target: &Target) -> TrialResult {
    let count = target.repetitions(1000, 200, 30);
    let mut trial = Trial::of(format!(
        "{count} guesses of one code, {WAVE} at once; one guess for each of many addresses"
    ));
    let email = target.known();
    let mail = target.reset_mail(&email).await?;
    let code = mail.code()?;
    let wrong = json!({ "email": email, "code": wrong_code(&code) });
    for wave in 0..count.div_ceil(WAVE) {
        let size = WAVE.min(count - wave * WAVE);
        let guess = || ApiRequest::new("POST", "/v1/verify-token").json(&wrong);
        let answers = target.send_at_once((0..size).map(|_| guess())).await;
        let right = answers.iter().filter(|it| granted(it)).count();
        trial.require(right == 0, || "a wrong guess was taken for right");
    }
    let answer = target.verify_code(&email, &code).await;
    trial.require(problem(&answer) == "invalid-token", || {
        format!("the right code is still evaluated ({})", answer.status)
    });
    trial.require_granted("the link", &target.verify(&mail.token()?).await);
    if let Some(in_process) = target.in_process() {
        evaluated(in_process, &mut trial).await;
    }
    let limited = spray(target, &mut trial).await;
    Ok(trial.finish(format!(
        "five evaluated at most, the code dead, the link alive; the spray {limited}"
    )))
}

/// What the table says of how many guesses were evaluated.
async fn evaluated(in_process: &InProcessTarget, trial: &mut Trial) {
    for record in in_process.app.items("token#").await {
        let tries = record["code_attempts"].as_u64().unwrap_or_default();
        trial.require(tries <= 5, || format!("{tries} guesses evaluated"));
    }
}

/// One code for many addresses, from one source.
async fn spray(target: &Target, trial: &mut Trial) -> &'static str {
    if !target.chooses_sources() {
        return "was left out, because it would use up the only source";
    }
    let body = json!({ "email": target.unknown(), "code": "0123-ABCD" });
    let guess = ApiRequest::new("POST", "/v1/verify-token").json(&body);
    let limited = target.flood_from("198.51.100.7", &guess).await.is_some();
    trial.require(limited, || "a spray of codes that nothing limits");
    "limited"
}

pub(super) async fn half_way(target: &Target) -> TrialResult {
    let mut trial = Trial::of(
        "rejected passwords; in one process also refused, conflicting and lost transactions",
    );
    let email = target.known();
    let mail = target.reset_mail(&email).await?;
    let token = mail.token()?;
    for password in [
        "password",
        "x",
        "12345678",
        email.as_str(),
        &"a b c d ".repeat(40),
    ] {
        let answer = target.confirm(&token, password).await;
        trial.require_status(422, "a weak password", &answer);
    }
    trial.require_granted("the link", &target.verify(&token).await);
    if let Some(in_process) = target.in_process() {
        failing_transactions(in_process, &token, &mut trial).await?;
    } else {
        trial.require_granted("the link", &target.confirm(&token, NEW_PASSWORD).await);
    }
    Ok(trial.finish("the link works until the password has changed, and no longer"))
}

async fn failing_transactions(
    in_process: &InProcessTarget,
    token: &str,
    trial: &mut Trial,
) -> Result<(), NotRun> {
    let app = &in_process.app;
    for fault in [
        Fault::INTERNAL,
        Fault::Refuse(400, "ThrottlingException", ""),
        Fault::Cancel(["None", "TransactionConflict", "None"]),
    ] {
        app.aws.fail("TransactWriteItems", fault.clone());
        let answer = app.confirm_link(token, NEW_PASSWORD).await;
        app.aws.clear_faults();
        trial.require_status(503, &format!("{fault:?}"), &answer.0);
        let alive = app.verify_link(token).await.status() == 200;
        trial.require(alive && app.password_is(OLD_PASSWORD).await, || {
            format!("a spent link or a changed password after {fault:?}")
        });
    }
    app.aws.inject("TransactWriteItems", [Fault::LoseAnswer]);
    let answer = app.confirm_link(token, NEW_PASSWORD).await;
    let changed = app.password_is(NEW_PASSWORD).await;
    let dead = app.verify_link(token).await.status() == 400;
    trial.require(answer.status() == 200 && changed && dead, || {
        format!("{} after a lost answer in {DEMO}'s name", answer.status())
    });
    Ok(())
}
