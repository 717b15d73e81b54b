//! The token: lines 11, 13 to 16, 18 and 20.

use std::time::Duration;

use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};

use super::report::Trial;
use super::target::{granted, problem, refused};
use super::{InProcessTarget, NotRun, Target, TrialResult};
use crate::Fault;
use crate::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, OTHER_PASSWORD, account_changes};
use crate::dialects::dialects;
use crate::mailbox::secrets;
use crate::stream::{request_image, stream_event};

pub(super) async fn types(target: &Target) -> TrialResult {
    let mut trial = Trial::of(
        "objects, lists, numbers, booleans, null and blanks as token and code, in five places",
    );
    let email = target.known();
    let odd = [
        json!({}),
        json!({ "$ne": "" }),
        json!([]),
        json!(["fpr_x"]),
        json!(7),
        json!(0),
        json!(1.5),
        json!(true),
        json!(false),
        Value::Null,
        json!(""),
        json!(" \t"),
    ];
    for value in &odd {
        for (method, path, body) in places(&email, value) {
            let native = path.starts_with("/v1/verify") || path.starts_with("/v1/confirm");
            let answer = target.send(ApiRequest::new(method, path).json(&body)).await;
            let turned_away = answer.status == 400 && problem(&answer) != "invalid-token";
            trial.require(turned_away, || {
                format!("{} {} for {body}", answer.status, problem(&answer))
            });
            trial.require(!native || problem(&answer) == "invalid-request", || {
                format!("{} for {body}", problem(&answer))
            });
        }
    }
    Ok(trial.finish(format!(
        "{} times 400, before anything was looked up",
        5 * odd.len()
    )))
}

fn places(email: &str, value: &Value) -> [(&'static str, &'static str, Value); 5] {
    let password = NEW_PASSWORD;
    [
        ("POST", "/v1/verify-token", json!({ "token": value })),
        (
            "POST",
            "/v1/verify-token",
            json!({ "email": email, "code": value }),
        ),
        (
            "POST",
            "/v1/confirm-reset",
            json!({ "token": value, "password": password }),
        ),
        (
            "POST",
            "/auth/reset",
            json!({ "email": email, "token": value, "password": password }),
        ),
        (
            "PUT",
            "/v1/authentication/users/password",
            json!({ "email": email, "verificationCode": value, "newPassword": password }),
        ),
    ]
}

pub(super) async fn reuse(target: &Target) -> TrialResult {
    let mut trial =
        Trial::of("a used link again, its sibling and the code; links after any other change");
    let email = target.known();
    let first = target.reset_mail(&email).await?.token()?;
    let second = target.reset_mail(&email).await?;
    let (sibling, code) = (second.token()?, second.code()?);
    let answer = target.confirm(&first, NEW_PASSWORD).await;
    if !granted(&answer) {
        return Err(NotRun::because(format!(
            "a live link got {}",
            answer.status
        )));
    }
    for (name, token) in [("the used link", &first), ("its sibling", &sibling)] {
        let answers = [
            target.verify(token).await,
            target.confirm(token, OTHER_PASSWORD).await,
        ];
        let dead = answers.iter().all(|it| problem(it) == "invalid-token");
        trial.require(dead, || {
            format!("{name} answers {:?}", answers.map(|it| it.status))
        });
    }
    let answers = [
        target.verify_code(&email, &code).await,
        target.confirm_code(&email, &code, OTHER_PASSWORD).await,
    ];
    let dead = answers.iter().all(|it| problem(it) == "invalid-token");
    trial.require(dead, || "the code is alive");
    if let Some(in_process) = target.in_process() {
        after_other_changes(in_process, target, &mut trial).await?;
    }
    Ok(trial.finish("invalid-token for all of them"))
}

async fn after_other_changes(
    in_process: &InProcessTarget,
    target: &Target,
    trial: &mut Trial,
) -> Result<(), NotRun> {
    let email = target.known_beside(DEMO)?;
    let token = target.reset_mail(&email).await?.token()?;
    let changed = "$2b$12$changed-elsewhere";
    in_process
        .app
        .set_user(&email, "password_hash", changed)
        .await;
    let answer = target.confirm(&token, OTHER_PASSWORD).await;
    trial.require(
        problem(&answer) == "invalid-token",
        || "a link from before a change of the password works",
    );
    Ok(())
}

pub(super) async fn mixing(target: &Target) -> TrialResult {
    let mut trial = Trial::of(
        "another account's code and link, another app, no proof at all, a stream event over HTTP",
    );
    let mine = target.known();
    let theirs = target.known_beside(&mine)?;
    let mail = target.reset_mail(&mine).await?;
    let (token, code) = (mail.token()?, mail.code()?);
    let snapshot = target.snapshot().await;
    let confirm = |body: Value| ApiRequest::new("POST", "/v1/confirm-reset").json(&body);
    let by_code = json!({ "email": theirs, "code": code, "password": NEW_PASSWORD });
    let by_my_code = json!({ "email": mine, "code": code, "password": NEW_PASSWORD });
    let mut requests = vec![
        confirm(by_code),
        confirm(by_my_code).header("X-App-Name", "other"),
        confirm(json!({ "password": NEW_PASSWORD })),
        confirm(json!({ "email": mine, "password": NEW_PASSWORD })),
        confirm(json!({ "token": token, "email": theirs, "password": NEW_PASSWORD })),
    ];
    // The dialects that name the account beside the link.
    let naming = dialects()
        .iter()
        .filter(|it| ["novel", "razi"].contains(&it.name));
    requests.extend(naming.map(|it| it.confirm(&theirs, &token, NEW_PASSWORD)));
    let paths = [
        "/v1/request-reset",
        "/v1/confirm-reset",
        "/",
        "/auth/forgot",
    ];
    let event = stream_event(&request_image("r1", &mine));
    requests.extend(paths.map(|path| ApiRequest::new("POST", path).json(&event)));
    for request in requests {
        let path = request.target.clone();
        let answer = target.send(request).await;
        trial.require(refused(&answer), || {
            format!("{} from {path}", answer.status)
        });
    }
    let mails = target.mails_after(&snapshot).await.len();
    trial.require(mails == 0, || format!("{mails} mails"));
    trial.require_granted("the link, after it,", &target.verify(&token).await);
    Ok(trial.finish("refused, no mail, and the link lives on"))
}

pub(super) async fn expired_rows(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial =
        Trial::of("a link and a code in their last second, and in the second of their expiry");
    let mail = target.reset_mail(DEMO).await?;
    let (token, code) = (mail.token()?, mail.code()?);
    app.clock.advance(Duration::from_secs(10 * 60 - 1));
    let last = app.verify_code(DEMO, &code).await;
    app.clock.advance(Duration::from_secs(1));
    let over = app.verify_code(DEMO, &code).await;
    let confirmed = app.confirm_code(DEMO, &code, NEW_PASSWORD).await;
    let seen = [last, over, confirmed].map(|it| it.status());
    trial.require(seen == [200, 400, 400], || "a code beyond its time");
    app.clock.advance(Duration::from_secs(20 * 60 - 1));
    let last = app.verify_link(&token).await;
    app.clock.advance(Duration::from_secs(1));
    let rows = app.items("token#").await.len();
    let over = app.verify_link(&token).await;
    trial.require(
        (last.status(), over.status()) == (200, 400),
        || "a link beyond its time",
    );
    let confirmed = app.confirm_link(&token, NEW_PASSWORD).await;
    trial.require(
        confirmed.status() == 400,
        || "a password by an expired link",
    );
    Ok(trial.finish(format!("alive, then dead, with {rows} row still there")))
}

pub(super) async fn changed_accounts(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial = Trial::of(
        "links from before the address, the password, the flag or the account itself changed",
    );
    for (attribute, value) in account_changes() {
        let id = format!("{attribute}@example.com");
        app.add_user(&id, &id, OLD_PASSWORD).await;
        let mail = target.reset_mail(&id).await?;
        app.set_user(&id, attribute, value).await;
        let before = app.user(&id).await;
        let by_link = app.confirm_link(&mail.token()?, NEW_PASSWORD).await;
        let by_code = app.confirm_code(&id, &mail.code()?, NEW_PASSWORD).await;
        let untouched = app.user(&id).await == before;
        let dead = [by_link, by_code]
            .iter()
            .all(|it| problem(&it.0) == "invalid-token");
        trial.require(dead && untouched, || {
            format!("a new password after a change of {attribute}")
        });
    }
    Ok(trial.finish("invalid-token, and the accounts are untouched"))
}

pub(super) async fn scanners(target: &Target) -> TrialResult {
    let count = target.repetitions(300, 100, 25);
    let mut trial = Trial::of(format!(
        "{count} times GET and HEAD of every URL in the mail, and verify"
    ));
    let email = target.known();
    let mail = target.reset_mail(&email).await?;
    let token = mail.token()?;
    let mut urls = mail.urls();
    // Nobody else's pages are to be scanned.
    urls.retain(|url| url.origin().ascii_serialization() == target.link_origin());
    for _ in 0..count {
        for url in &urls {
            for method in ["GET", "HEAD"] {
                target.send(ApiRequest::new(method, url.path())).await;
            }
        }
        target.verify(&token).await;
    }
    trial.require_granted("a look at it", &target.verify(&token).await);
    trial.require_granted("the link", &target.confirm(&token, NEW_PASSWORD).await);
    Ok(trial.finish("the link still works"))
}

pub(super) async fn logs(target: &Target) -> TrialResult {
    let in_process = target.require_in_process()?;
    let logs = in_process.logs.as_ref();
    let logs = logs.ok_or_else(|| NotRun::because("nobody listens to the logs"))?;
    let app = &in_process.app;
    let mut trial = Trial::of("a whole flow with failures, logged at TRACE");
    let mail = target.reset_mail(DEMO).await?;
    let (token, code) = (mail.token()?, mail.code()?);
    app.verify_link(&token).await;
    app.verify_code(DEMO, &code).await;
    app.confirm_link(&token, "password").await;
    let lost = Fault::LoseAnswer;
    app.aws.inject("TransactWriteItems", [lost]);
    app.confirm_link(&token, NEW_PASSWORD).await;
    app.deliver().await;
    app.aws.fail("GetItem", Fault::INTERNAL);
    app.verify_link(&token).await;
    let text = logs.text();
    trial.require(text.contains("reset-confirmed"), || "nothing logged");
    for secret in secrets(&token, &code) {
        trial.require(!text.contains(&secret), || "a secret in the log");
    }
    let lines = text.lines().count();
    Ok(trial.finish(format!("{lines} lines, none with a secret")))
}
