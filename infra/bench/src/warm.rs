//! Warm requests: how long one takes, and how much of a processor.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Failure;
use crate::process::Process;
use crate::statistics::{mean, milliseconds, percentile};
use crate::subjects::{Aws, Subject, Subjects};
use crate::world::{PASSWORD, Secrets, World};

/// Requests that are not counted, so that all is loaded and every buffer has its size.
const UNCOUNTED: usize = 50;
/// Requests of what is quick.
pub(crate) const MANY: usize = 1_000;
/// Requests of what computes a slow hash.
const SOME: usize = 150;
/// Requests whose processor time is read at once; the median of such batches is told, so that a
/// bad moment of the machine is not.
const BATCH: usize = 25;
const BATCH_SIZE: f64 = 25.0;

pub(crate) fn measure(world: &mut World, subjects: &Subjects) -> Result<Value, Failure> {
    let mut measured = serde_json::Map::new();
    let mut put = |name: &str, value: Value| measured.insert(name.to_owned(), value);
    let hello = vec![world.event("/v1/request-reset", &json!({}))?; MANY];
    put("hello", run(Subject::Hello, &hello, world, subjects)?);

    let requests: Result<Vec<_>, _> = (0..MANY).map(|_| world.request_event()).collect();
    put(
        "request",
        run(Subject::Request, &requests?, world, subjects)?,
    );
    let (worker, batches) = empty_outbox(world, subjects)?;
    put("reset mail, in batches", per_record(&worker, &batches));

    let people = subjects.mailed(SOME + UNCOUNTED, world)?;
    let by_link = events(
        world,
        "/v1/verify-token",
        &people,
        |it| json!({ "token": it.token }),
    )?;
    let by_link: Vec<_> = by_link.into_iter().cycle().take(MANY).collect();
    put(
        "verify by link",
        run(Subject::Verify, &by_link, world, subjects)?,
    );
    let by_code = |it: &Secrets| json!({ "email": it.email, "code": it.code });
    let by_code = events(world, "/v1/verify-token", &people, by_code)?;
    put(
        "verify by code",
        run(Subject::Verify, &by_code, world, subjects)?,
    );
    let by_link = |it: &Secrets| json!({ "token": it.token, "password": PASSWORD });
    let confirms = events(world, "/v1/confirm-reset", &people, by_link)?;
    put(
        "confirm by link",
        run(Subject::Confirm, &confirms, world, subjects)?,
    );
    Ok(Value::Object(measured))
}

fn events(
    world: &World,
    path: &str,
    people: &[Secrets],
    body: impl Fn(&Secrets) -> Value,
) -> Result<Vec<Value>, Failure> {
    people
        .iter()
        .map(|it| world.event(path, &body(it)))
        .collect()
}

/// Gives the events to one process, one after the other.
fn run(
    subject: Subject,
    events: &[Value],
    world: &World,
    subjects: &Subjects,
) -> Result<Value, Failure> {
    let (mut process, _) = subjects.start(subject, world, Aws::Embedded)?;
    give(&mut process, subject, events)
}

/// Gives the events to this process.
pub(crate) fn give(
    process: &mut Process,
    subject: Subject,
    events: &[Value],
) -> Result<Value, Failure> {
    let (first, counted) = events.split_at(UNCOUNTED.min(events.len() / 2));
    for event in first {
        expect_success(&process.invoke(event)?.0, subject)?;
    }
    let (mut times, mut cpu) = (Vec::new(), Vec::new());
    for batch in counted.chunks_exact(BATCH) {
        let before = process.cpu();
        for event in batch {
            let (answer, took) = process.invoke(event)?;
            expect_success(&answer, subject)?;
            times.push(milliseconds(took));
        }
        let used = process.cpu().saturating_sub(before);
        cpu.push(milliseconds(used) / BATCH_SIZE);
    }
    Ok(summary(&times, &cpu))
}

/// A benchmark of refusals would be fast and worthless.
fn expect_success(answer: &Value, subject: Subject) -> Result<(), Failure> {
    let status = answer["statusCode"].as_u64().unwrap_or_default();
    if (200..300).contains(&status) {
        Ok(())
    } else {
        Err(format!("{} answers {answer}", subject.name()).into())
    }
}

/// Lets a new worker send all that is in the outbox.
fn empty_outbox(
    world: &mut World,
    subjects: &Subjects,
) -> Result<(Duration, Vec<(Duration, usize)>), Failure> {
    let (mut worker, _): (Process, _) = subjects.start(Subject::Worker, world, Aws::Embedded)?;
    let before = worker.cpu();
    let batches = world.deliver(&mut worker)?;
    world.mails();
    Ok((worker.cpu().saturating_sub(before), batches))
}

fn per_record(cpu: &Duration, batches: &[(Duration, usize)]) -> Value {
    let records = batches.iter().map(|(_, records)| records).sum::<usize>();
    let each = batches.iter().flat_map(|(took, records)| {
        let count = u32::try_from(*records).unwrap_or(1).max(1);
        vec![milliseconds(*took / count); *records]
    });
    let cpu = *cpu / u32::try_from(records).unwrap_or(1).max(1);
    summary(&each.collect::<Vec<_>>(), &[milliseconds(cpu)])
}

/// Of requests that took so many milliseconds, and in batches so many of a processor each. What is
/// billed is the mean.
fn summary(times: &[f64], batches: &[f64]) -> Value {
    json!({
        "p50": percentile(times, 50),
        "cpu": percentile(batches, 50),
        "cpu_mean": mean(batches),
    })
}
