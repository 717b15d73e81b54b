//! What becomes of links, and of the accounts that they are for: lines 34 to 37.

use std::time::Duration;

use serde_json::json;

use super::report::Trial;
use super::target::{granted, problem};
use super::{Target, TrialResult};
use crate::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, OTHER_PASSWORD, account_changes};
use crate::mailbox::token_in;

pub(super) async fn estimates(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial = Trial::of("a password that is weak only by its estimate, 25 times by one link");
    let token = target.reset_mail(DEMO).await?.token()?;
    let mut estimated = 0;
    for _ in 0..25 {
        let answer = app.confirm_link(&token, "p4ssw0rd").await;
        estimated += usize::from(answer.status() == 422);
        let is_limited = answer.status() == 429 && answer.0.header("retry-after").is_some();
        trial.require(answer.status() == 422 || is_limited, || {
            format!("{} without a time", answer.status())
        });
    }
    trial.require(estimated <= 20, || format!("{estimated} were estimated"));
    trial.require_granted("the link", &target.verify(&token).await);
    app.clock.advance(Duration::from_mins(10));
    let answer = target.confirm(&token, NEW_PASSWORD).await;
    trial.require_granted("the link, later,", &answer);
    Ok(trial.finish(format!("{estimated} estimates, then 429; the link lives")))
}

pub(super) async fn resurrections(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial = Trial::of("links that were refused once, when the account is as it was before");
    for (attribute, value) in account_changes() {
        let id = format!("{attribute}@example.com");
        app.add_user(&id, &id, OLD_PASSWORD).await;
        let mail = target.reset_mail(&id).await?;
        let before = app.user(&id).await;
        app.set_user(&id, attribute, value).await;
        let refused = app.confirm_link(&mail.token()?, NEW_PASSWORD).await;
        app.put("UsersTable", &before).await;
        let by_link = app.confirm_link(&mail.token()?, NEW_PASSWORD).await;
        let by_code = app.confirm_code(&id, &mail.code()?, NEW_PASSWORD).await;
        let dead = [refused, by_link, by_code];
        trial.require(dead.iter().all(|it| it.status() == 400), || {
            format!("a link is back after a change of {attribute}")
        });
    }
    Ok(trial.finish("invalid-token before and after"))
}

pub(super) async fn cancelling(target: &Target) -> TrialResult {
    let mut trial = Trial::of("what lives on after the link in an older mail has cancelled");
    let email = target.known();
    let first = target.reset_mail(&email).await?.token()?;
    let cancel = async || {
        let body = json!({ "token": first });
        granted(&target.post("/v1/cancel-reset", &body).await)
    };
    for when in ["at once", "once more"] {
        let mail = target.reset_mail(&email).await?;
        let (newer, code) = (mail.token()?, mail.code()?);
        trial.require(cancel().await, || format!("it does not cancel {when}"));
        let answers = [
            target.verify(&first).await,
            target.verify(&newer).await,
            target.verify_code(&email, &code).await,
            target.confirm(&newer, NEW_PASSWORD).await,
            target.confirm_code(&email, &code, NEW_PASSWORD).await,
        ];
        let dead = answers.iter().all(|it| problem(it) == "invalid-token");
        trial.require(dead, || format!("{:?} {when}", answers.map(|it| it.status)));
    }
    Ok(trial.finish("invalid-token for all of them, also for what was mailed since"))
}

pub(super) async fn twins(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial = Trial::of("an account whose address differs in case from the victim's");
    let twin = "DEMO@example.com";
    app.add_user("twin", twin, OLD_PASSWORD).await;
    let theirs = target.reset_mail(twin).await?.token()?;
    app.clock.advance(Duration::from_mins(1));
    app.request_reset(DEMO).await;
    app.deliver().await;
    let mail = app.last_mail();
    trial.require(mail.to == [DEMO], || {
        format!("the victim's mail went to {:?}", mail.to)
    });
    for _ in 0..25 {
        app.confirm_link(&theirs, "password").await;
    }
    app.clock.advance(Duration::from_secs(1));
    let answer = app.confirm_link(&token_in(&mail), NEW_PASSWORD).await;
    trial.require_granted("the victim's link", &answer.0);
    app.clock.advance(Duration::from_mins(10));
    let answer = app.confirm_link(&theirs, OTHER_PASSWORD).await;
    trial.require_granted("the other link", &answer.0);
    let apart =
        app.password_is(NEW_PASSWORD).await && app.password_of("twin", OTHER_PASSWORD).await;
    trial.require(apart, || "one's link changes the other's password");
    Ok(trial.finish("each has a mail, a link and a limit of its own"))
}
