//! Load and money: lines 22 to 26.

use std::time::{Duration, Instant};

use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};

use super::report::Trial;
use super::target::{refused, visible_answer};
use super::{Target, TrialResult};
use crate::Fault;
use crate::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD};
use crate::mailbox::token_in;
use crate::statistics::median;
use crate::stream::{request_image, stream_event};

pub(super) async fn mail_bombing(target: &Target) -> TrialResult {
    let count: u32 = 30;
    let mut trial = Trial::of(format!(
        "{count} requests at once for one address; 75 addresses from one source"
    ));
    let email = target.known();
    target.cool_down(&email).await;
    let snapshot = target.snapshot().await;
    let start = Instant::now();
    let requests = (0..count).map(|_| target.ask(&email));
    let answers = target.send_at_once(requests).await;
    // The service counts in whole seconds, so that a cooldown may end one second early.
    let rounds = 1 + (start.elapsed().as_secs() + 1) / target.cooldown().max(1);
    let first = visible_answer(&answers[0]);
    let same = answers
        .iter()
        .all(|it| visible_answer(it) == first || it.status == 429);
    trial.require(same, || "answers that tell when the limit was met");
    let mails = target.mails_after(&snapshot).await.len();
    trial.require(u64::try_from(mails).is_ok_and(|it| it <= rounds), || {
        format!("{mails} mails")
    });
    let limited = from_one_source(target, &mut trial).await;
    Ok(trial.finish(format!("{mails} mail; {limited}")))
}

async fn from_one_source(target: &Target, trial: &mut Trial) -> &'static str {
    if !target.chooses_sources() {
        return "the second half was left out, because it would use up the only source";
    }
    let request = target.ask(&target.unknown());
    let refusal = target.flood_from("198.51.100.8", &request).await;
    let is_told = refusal.is_some_and(|it| it.header("retry-after").is_some());
    trial.require(
        is_told,
        || "no 429 with Retry-After for a source that asks without end",
    );
    "429 with Retry-After for the source"
}

pub(super) async fn lock_out(target: &Target) -> TrialResult {
    let mut trial = Trial::of("floods of requests for an address whose owner has a mail");
    let email = target.known();
    let token = target.reset_mail(&email).await?.token()?;
    for _ in 0..target.repetitions(5, 2, 1) {
        let flood = (0..10).map(|_| target.ask(&email));
        target.send_at_once(flood).await;
        target.cool_down(&email).await;
        // One that is accepted again, so that another link is issued beside the owner's.
        target.send(target.ask(&email)).await;
        target.mails_after(&target.snapshot().await).await;
    }
    trial.require_granted("a look at it", &target.verify(&token).await);
    trial.require_granted("the link", &target.confirm(&token, NEW_PASSWORD).await);
    Ok(trial.finish("the owner's link still works"))
}

pub(super) async fn hash_cost(target: &Target) -> TrialResult {
    let app = &target.require_in_process()?.app;
    let mut trial = Trial::of(
        "bad links, and a good one with weak and over-long passwords, where a hash is costly",
    );
    let mail = target.reset_mail(DEMO).await?;
    let (token, code) = (mail.token()?, mail.code()?);
    let long = "seven lanterns ".repeat(20);
    let bad = format!("fpr_{}", "A".repeat(64));
    let cheap = [
        (bad.as_str(), NEW_PASSWORD),
        ("fpr_x", NEW_PASSWORD),
        (&token, "password"),
        (&token, &long),
    ];
    let mut times = Vec::new();
    for _ in 0..target.repetitions(5, 2, 1) {
        for (token, password) in cheap {
            let start = Instant::now();
            let answer = app.confirm_link(token, password).await;
            times.push(start.elapsed().as_secs_f64());
            trial.require(matches!(answer.status(), 400 | 422), || {
                format!("{}", answer.status())
            });
        }
    }
    // One try of a code is one hash.
    let mut hashes = Vec::new();
    for _ in 0..3 {
        let start = Instant::now();
        app.verify_code(DEMO, &code).await;
        hashes.push(start.elapsed().as_secs_f64());
    }
    let (cheap, hash) = (1000.0 * median(&times), 1000.0 * median(&hashes));
    trial.require(cheap < hash / 2.0, || {
        format!("{cheap:.0} ms for what a hash of {hash:.0} ms was spent on")
    });
    Ok(trial.finish(format!(
        "{cheap:.0} ms each, where a hash takes {hash:.0} ms"
    )))
}

pub(super) async fn huge_bodies(target: &Target) -> TrialResult {
    let mut trial = Trial::of("passwords of 1 MB and bodies of 5 MB, in every place");
    let password = "x".repeat(1024 * 1024);
    let body = "x".repeat(5 * 1024 * 1024);
    let requests: [(&str, &str, Value); 6] = [
        (
            "POST",
            "/v1/confirm-reset",
            json!({ "token": "fpr_x", "password": password }),
        ),
        (
            "POST",
            "/auth/reset",
            json!({ "email": "a@example.com", "token": "x", "password": password }),
        ),
        (
            "POST",
            "/app/reset-password",
            json!({ "token": "x", "password": password, "confirm": password }),
        ),
        ("POST", "/v1/request-reset", json!({ "email": body })),
        ("POST", "/v1/verify-token", json!({ "token": body })),
        ("POST", "/account/forgot_password", json!({ "email": body })),
    ];
    let start = Instant::now();
    for (method, path, body) in requests {
        let answer = target.send(ApiRequest::new(method, path).json(&body)).await;
        trial.require(refused(&answer), || {
            format!("{} from {path}", answer.status)
        });
        let native = path == "/v1/confirm-reset" || path == "/v1/request-reset";
        trial.require(!native || answer.status == 413, || {
            format!("{path} read all of it and answered {}", answer.status)
        });
    }
    let took = start.elapsed();
    trial.require(took < Duration::from_mins(1), || {
        format!("{took:?} for six")
    });
    Ok(trial.finish(format!(
        "413 or the dialect's own refusal, six in {} ms",
        took.as_millis()
    )))
}

pub(super) async fn duplicates(target: &Target) -> TrialResult {
    let in_process = target.require_in_process()?;
    let mut trial = Trial::of("one record three times; a mail whose answer is lost");
    let event = stream_event(&request_image("once", DEMO));
    for _ in 0..3 {
        in_process.app.work(&event).await;
    }
    let mails = in_process.app.ses.mails().len();
    trial.require(mails == 1, || format!("{mails} mails of one record"));

    let second = "lost@example.com";
    in_process.app.add_user(second, second, OLD_PASSWORD).await;
    in_process.app.aws.inject("SendEmail", [Fault::CutAfter]);
    in_process.app.request_reset(second).await;
    in_process.app.deliver_once().await;
    in_process.app.deliver().await;
    let mails = in_process.app.ses.mails();
    for mail in mails.iter().filter(|mail| mail.to == [second]) {
        let status = in_process.app.verify_link(&token_in(mail)).await.status();
        trial.require(status == 200, || "a dead link in a mail");
    }
    Ok(trial.finish("one mail; after the lost answer a second one, and both links live"))
}
