//! Starts: how long one takes, what the first request after it takes, and the memory until then.

use axum::Router;
use serde_json::{Value, json};

use crate::Failure;
use crate::process::Process;
use crate::statistics::{milliseconds, percentile};
use crate::subjects::{Aws, Subject, Subjects, event};
use crate::world::World;

/// Starts of each subject, in turn, so that a slow moment of the machine hits all of them.
const ROUNDS: usize = 25;
/// Requests after the first one.
const WARM: usize = 12;

#[derive(Default)]
struct Seen {
    init: Vec<f64>,
    init_at_once: Vec<f64>,
    first: Vec<f64>,
    warm: Vec<f64>,
    peak_kib: Vec<f64>,
}

pub(crate) fn measure(world: &mut World, subjects: &Subjects) -> Result<Value, Failure> {
    // An AWS that answers everything at once, with nothing: what a start takes without its wait.
    let nothing = ([("content-type", "application/x-amz-json-1.0")], "{}");
    let instant = world.serve(Router::new().fallback(async move || nothing))?;
    let mut seen: Vec<_> = Subject::ALL.iter().map(|_| Seen::default()).collect();
    for _ in 0..ROUNDS {
        for (subject, seen) in Subject::ALL.into_iter().zip(&mut seen) {
            measure_start(subject, seen, world, subjects)?;
            let (_, init) = subjects.start(subject, world, Aws::At(instant.url()))?;
            seen.init_at_once.push(milliseconds(init));
        }
    }
    let all = Subject::ALL.into_iter().zip(&seen);
    Ok(all
        .map(|(subject, seen)| (subject.name().to_owned(), summary(seen)))
        .collect())
}

fn measure_start(
    subject: Subject,
    seen: &mut Seen,
    world: &mut World,
    subjects: &Subjects,
) -> Result<(), Failure> {
    let (mut process, init) = subjects.start(subject, world, Aws::Embedded)?;
    seen.init.push(milliseconds(init));
    let times = match subject {
        Subject::Worker => mails(&mut process, world, subjects)?,
        _ => requests(subject, &mut process, world, subjects)?,
    };
    seen.first.extend(times.first());
    seen.warm.extend(&times[1..]);
    let peak = u32::try_from(process.peak_kib())?;
    seen.peak_kib.push(f64::from(peak));
    Ok(())
}

/// Requests, each of which succeeds.
fn requests(
    subject: Subject,
    process: &mut Process,
    world: &mut World,
    subjects: &Subjects,
) -> Result<Vec<f64>, Failure> {
    // A link can be verified again and again, and sets one password.
    let people = if subject == Subject::Confirm {
        1 + WARM
    } else {
        1
    };
    let secrets = subjects.mailed(people, world)?;
    let mut times = Vec::new();
    for secrets in secrets.iter().cycle().take(1 + WARM) {
        let event = event(subject, world, secrets)?;
        times.push(milliseconds(process.invoke(&event)?.1));
    }
    Ok(times)
}

/// Batches of one mail: what somebody waits for who asks in a quiet hour.
fn mails(
    process: &mut Process,
    world: &mut World,
    subjects: &Subjects,
) -> Result<Vec<f64>, Failure> {
    let (mut request, _) = subjects.start(Subject::Request, world, Aws::Embedded)?;
    let mut times = Vec::new();
    for _ in 0..=WARM {
        request.invoke(&world.request_event()?)?;
        let batches = world.deliver(process)?;
        times.extend(batches.iter().map(|(took, _)| milliseconds(*took)));
    }
    Ok(times)
}

fn summary(seen: &Seen) -> Value {
    json!({
        "init": percentile(&seen.init, 50),
        "init_at_once": percentile(&seen.init_at_once, 50),
        "first": percentile(&seen.first, 50),
        "warm": percentile(&seen.warm, 50),
        "peak_kib": percentile(&seen.peak_kib, 50),
    })
}
