//! What the mail worker's batches do to people: how long a mail waits behind a flood, and what the
//! times of one's own mails tell of somebody else's account.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use local_stack::clock::{Clock as _, SystemClock};
use local_stack::invoke::InvokeError;
use serde_json::{Value, json};

use crate::process::Process;
use crate::statistics::{milliseconds, percentile, wins};
use crate::subjects::{Aws, Subject, Subjects};
use crate::world::World;
use crate::{Failure, UNPOISONED};

/// Batches that are worked on at once.
const LANES: usize = 4;
/// Requests for nobody, in front of the one that is waited for.
const FLOOD: usize = 300;
/// How often the stream is looked at, as on AWS.
const POLL: Duration = Duration::from_millis(250);
/// How often it is looked whether the mail is there.
const LOOK: Duration = Duration::from_millis(10);
/// Longest wait for it.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long SES takes, where own mails are timed.
const SES: Duration = Duration::from_millis(100);
/// Batches around somebody with an account, and as many around nobody, of each lane.
const ROUNDS: usize = 30;

/// What the stream brings to the worker of one request, and whose it is.
const EVENT: &str = include_str!("../../events/mail-worker.json");
const DEMO: &str = "demo@example.com";
const DEMO_LOCATOR: &str = "BE2rsn4Jpnp3RVRkIFpmjQ";

pub(crate) fn measure(root: &Path, subjects: &Subjects) -> Result<Value, Failure> {
    Ok(json!({
        "behind_a_flood": behind_a_flood(&mut World::new(root)?, subjects)?.as_secs_f64(),
        "own_mails": own_mails(&mut World::new(root)?, subjects)?,
    }))
}

/// How long somebody with an account waits for a mail who asks behind a flood.
fn behind_a_flood(world: &mut World, subjects: &Subjects) -> Result<Duration, Failure> {
    let workers: Result<Vec<_>, Failure> = (0..LANES)
        .map(|_| Ok(subjects.start(Subject::Worker, world, Aws::Embedded)?.0))
        .collect();
    let workers = Mutex::new(workers?);
    let (mut request, _) = subjects.start(Subject::Request, world, Aws::Embedded)?;
    for _ in 0..FLOOD {
        let email = world.stranger();
        request.invoke(&world.event("/v1/request-reset", &json!({ "email": email }))?)?;
    }
    request.invoke(&world.request_event()?)?;
    let accepted = Instant::now();
    let poller = world.poller(LANES)?;
    world.block_on(async {
        let invoker = async |_: String, event: Value| {
            let worker = workers.lock().expect(UNPOISONED).pop();
            let mut worker: Process = worker.ok_or(InvokeError::Unreachable(String::new()))?;
            let invoked = tokio::task::spawn_blocking(move || {
                let answer = worker.invoke(&event).map(|(answer, _)| answer);
                (worker, answer)
            });
            let failed = |error: String| InvokeError::function("Error", error);
            let (worker, answer) = invoked.await.map_err(|error| failed(error.to_string()))?;
            workers.lock().expect(UNPOISONED).push(worker);
            answer.map_err(failed)
        };
        let mailed = async {
            while world.mails().is_empty() {
                tokio::time::sleep(LOOK).await;
            }
            accepted.elapsed()
        };
        let invoker = |function, event| invoker(function, event);
        tokio::select! {
            took = tokio::time::timeout(PATIENCE, mailed) => Ok(took?),
            ended = poller.run_forever(&invoker, POLL) => {
                ended?;
                Err("the stream came to an end".into())
            }
        }
    })
}

/// When SES got the mail of each recipient.
type Inbox = Arc<Mutex<BTreeMap<String, Instant>>>;

async fn take_mail(State(inbox): State<Inbox>, Json(mail): Json<Value>) -> Json<Value> {
    let at = Instant::now();
    let to = mail["Destination"]["ToAddresses"][0].as_str();
    let to = to.unwrap_or_default().to_owned();
    inbox.lock().expect(UNPOISONED).insert(to, at);
    tokio::time::sleep(SES).await;
    Json(json!({ "MessageId": "m" }))
}

/// The time between two own mails around a request of somebody else's, and how often it tells whether
/// that one has an account.
fn own_mails(world: &mut World, subjects: &Subjects) -> Result<Value, Failure> {
    let inbox = Inbox::default();
    let router = Router::new()
        .route("/v2/email/outbound-emails", post(take_mail))
        .with_state(Arc::clone(&inbox));
    let ses = world.serve(router)?;
    let program = subjects.path(Subject::Worker.binary());
    let variables = world.variables("MailWorkerFunction", world.dynamodb_url(), ses.url());
    let mut lanes = Vec::new();
    for _ in 0..LANES {
        // Nobody and somebody by turns: whatever else the machine does befalls both alike.
        let rounds: Result<Vec<_>, Failure> = (0..2 * ROUNDS)
            .map(|round| {
                let has_account = round % 2 == 1;
                let target = if has_account {
                    world.person()?
                } else {
                    world.stranger()
                };
                Ok((has_account, [world.person()?, target, world.person()?]))
            })
            .collect();
        let (mut worker, _) = Process::start(&[&program], &variables)?;
        let (rounds, inbox) = (rounds?, Arc::clone(&inbox));
        lanes.push(thread::spawn(move || -> Result<_, String> {
            let mut gaps = [Vec::new(), Vec::new()];
            for (has_account, [first, target, last]) in rounds {
                let records: Vec<_> = [&first, &target, &last].map(|it| record(it)).into();
                worker.invoke(&json!({ "Records": records }))?;
                let held = inbox.lock().expect(UNPOISONED);
                let at = |email| held.get(email).copied().ok_or("an own mail is missing");
                let gap = at(&last)?.saturating_duration_since(at(&first)?);
                gaps[usize::from(has_account)].push(milliseconds(gap));
            }
            Ok(gaps)
        }));
    }
    let mut all = [Vec::new(), Vec::new()];
    for lane in lanes {
        let gaps = lane.join().map_err(|_| "a lane panicked")??;
        for (all, gaps) in all.iter_mut().zip(gaps) {
            all.extend(gaps);
        }
    }
    let [nobody, account] = all;
    Ok(json!({
        "around_nobody": percentile(&nobody, 50),
        "around_an_account": percentile(&account, 50),
        "auc": wins(&account, &nobody),
    }))
}

/// A stream record of a request that is some seconds old.
fn record(email: &str) -> Value {
    let now = SystemClock.now_unix_secs();
    let asked = (now - 10).to_string();
    let replaced = [
        (DEMO, email),
        (DEMO_LOCATOR, email),
        ("invoke-{{NOW}}", email),
        ("{{NOW}}", &asked),
        ("{{IN_AN_HOUR}}", &asked),
    ];
    let replace = |text: String, (from, to): (&str, &str)| text.replace(from, to);
    let text = replaced.into_iter().fold(EVENT.to_owned(), replace);
    let mut event: Value = serde_json::from_str(&text).expect("the event is JSON");
    let mut record = event["Records"][0].take();
    record["dynamodb"]["ApproximateCreationDateTime"] = json!(now);
    record["dynamodb"]["SequenceNumber"] = json!(email);
    record
}
