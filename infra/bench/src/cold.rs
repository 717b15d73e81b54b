//! Starts: how long one takes, what the first request after it takes, and the memory until then.

use serde_json::{Value, json};

use crate::Failure;
use crate::instant_aws;
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
    let instant = instant_aws::start()?;
    let mut seen: Vec<_> = Subject::ALL.iter().map(|_| Seen::default()).collect();
    for _ in 0..ROUNDS {
        for (subject, seen) in Subject::ALL.into_iter().zip(&mut seen) {
            measure_start(subject, seen, world, subjects)?;
            let (_, init) = subjects.start(subject, world, Aws::At(&instant))?;
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
    let mut secrets = subjects.mailed(1 + WARM, world, Aws::Embedded)?.into_iter();
    let (mut process, init) = subjects.start(subject, world, Aws::Embedded)?;
    seen.init.push(milliseconds(init));
    let mut times = Vec::new();
    if subject == Subject::Worker {
        // One mail in a batch: what somebody waits for who asks in a quiet hour.
        for _ in 0..=WARM {
            let (mut request, _) = subjects.start(Subject::Request, world, Aws::Embedded)?;
            let event = world.request_event()?;
            request.invoke(&event)?;
            times.extend(
                world
                    .deliver(&mut process)?
                    .iter()
                    .map(|(took, _)| milliseconds(*took)),
            );
        }
    } else {
        for secrets in secrets.by_ref() {
            let event = event(subject, world, &secrets)?;
            times.push(milliseconds(process.invoke(&event)?.1));
        }
    }
    seen.first.extend(times.first());
    seen.warm.extend(&times[1..]);
    let peak = u32::try_from(process.peak_kib())?;
    seen.peak_kib.push(f64::from(peak));
    Ok(())
}

fn summary(seen: &Seen) -> Value {
    json!({
        "init": percentile(&seen.init, 50),
        "init_p90": percentile(&seen.init, 90),
        "init_at_once": percentile(&seen.init_at_once, 50),
        "first": percentile(&seen.first, 50),
        "warm": percentile(&seen.warm, 50),
        "peak_kib": percentile(&seen.peak_kib, 50),
    })
}
