//! What the times of one's own mails tell of somebody else's account, in virtual time.

mod sessions;
mod world;

use std::time::Duration;

use tokio::time::Instant;

use super::Worker;
use crate::domain::{Job, JobTask};
use crate::ports::Sleep as _;
use world::{SeededRandom, Virtual, World};

/// Rounds with an account, and as many without.
const ROUNDS: usize = 500;
/// How long SES takes, in milliseconds: at once, as usual, slowly.
const SES: [(u64, u64); 3] = [(0, 0), (80, 120), (480, 720)];
/// Waits for the next batch of a lane, in milliseconds.
const POLL: (u64, u64) = (1, 250);

/// Who works through a batch.
#[derive(Clone, Copy)]
enum Order {
    /// The worker, in five steps.
    Steps,
    /// One job after the other, as they come, and the next one when a mail is gone.
    OneByOne,
}

/// What an attacker sends around a request of somebody else's.
#[derive(Debug, Clone, Copy)]
enum Arrangement {
    /// One own request before it and one behind it, in one batch.
    Around,
    /// One before it in the same batch and one in the next.
    NextBatch,
    /// As around, with 99 other jobs between.
    AmongOthers,
}

/// Does what is measured once, and gives the time between the own mails.
async fn gap(
    world: &World,
    worker: &Worker<Virtual>,
    (order, arrangement): (Order, Arrangement),
    random: &SeededRandom,
    (round, target): (usize, &str),
) -> Duration {
    let own = |n: usize| world.job(&format!("known-own{n}-{round}@example.com"));
    let target = world.job(&format!("{target}-{round}@example.com"));
    let mut jobs = vec![own(1)];
    let others = |from: usize| {
        let names = (from..from + 50).map(|n| (["known", "nobody"][n % 2], n));
        names.map(|(kind, n)| world.job(&format!("{kind}-other{n}-{round}@example.com")))
    };
    match arrangement {
        Arrangement::Around => jobs.extend([target, own(2)]),
        Arrangement::NextBatch => jobs.push(target),
        Arrangement::AmongOthers => {
            jobs.extend(others(0));
            jobs.push(target);
            jobs.extend(others(50).skip(1));
            jobs.push(own(2));
        }
    }
    run(order, worker, &jobs).await;
    if let Arrangement::NextBatch = arrangement {
        // It came while the first batch was worked on.
        let next = [own(2)];
        let poll = Duration::from_millis(random.from(POLL));
        worker.clock.sleep(poll).await;
        run(order, worker, &next).await;
    }
    let taken = world.take();
    let arrived = |n: usize| {
        let name = format!("known-own{n}-{round}@example.com");
        let mail = taken.iter().find(|mail| mail.recipient == name);
        mail.expect("an own mail").arrived
    };
    // Own mails may overtake each other.
    arrived(2).saturating_duration_since(arrived(1))
}

async fn run(order: Order, worker: &Worker<Virtual>, jobs: &[Job]) {
    match order {
        Order::Steps => assert_eq!(worker.work(jobs).await, None),
        Order::OneByOne => one_by_one(worker, jobs).await,
    }
}

/// The order that the worker does not work in.
async fn one_by_one(worker: &Worker<Virtual>, jobs: &[Job]) {
    for job in jobs {
        let JobTask::Reset(request) = &job.task else {
            unreachable!("there are only requests here");
        };
        let draft = worker.draft_reset(request).await.expect("a draft");
        let Ok(prepared) = worker.write_reset(draft).await else {
            continue;
        };
        worker.send(&worker.mailer, prepared).await.expect("a mail");
    }
}

/// How often an attacker who sees one gap of either kind knows which is which; half of the time by
/// guessing (the area under the curve of hits over false alarms).
fn auc(one: &[Duration], other: &[Duration]) -> f64 {
    let mut wins = 0.0;
    for a in one {
        for b in other {
            wins += match a.cmp(b) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "they are few")]
    let pairs = (one.len() * other.len()) as f64;
    wins / pairs
}

/// What an attacker makes of many gaps of both kinds, in random order.
async fn advantage(order: Order, arrangement: Arrangement, ses: (u64, u64), fresh: bool) -> f64 {
    let world = World::new(7, ses);
    let random = SeededRandom::of(11);
    let mut worker = world.worker();
    let mut gaps = [Vec::new(), Vec::new()];
    let mut round = 0;
    while gaps.iter().any(|gaps| gaps.len() < ROUNDS) {
        let kind = usize::from(random.from((0, 1)) == 1);
        let target = ["nobody", "known"][kind];
        if fresh {
            worker = world.worker();
        }
        // Requests come in any part of a second.
        let idle = Duration::from_millis(random.from((1, 3_000)));
        worker.clock.sleep(idle).await;
        let (how, who) = ((order, arrangement), (round, target));
        gaps[kind].push(gap(&world, &worker, how, &random, who).await);
        round += 1;
    }
    let [nobody, known] = gaps;
    auc(&known, &nobody)
}

#[expect(
    clippy::disallowed_methods,
    reason = "how much is tested is no setting"
)]
fn is_full() -> bool {
    std::env::var("TEST_DEPTH").is_ok_and(|depth| depth == "full")
}

async fn tells_nothing(arrangement: Arrangement, ses: (u64, u64), fresh: bool) {
    let auc = advantage(Order::Steps, arrangement, ses, fresh).await;
    let told = format!("{arrangement:?}, SES at {ses:?}, fresh: {fresh}: {auc:.2}");
    assert!((0.4..=0.6).contains(&auc), "{told}");
}

#[tokio::test(start_paused = true)]
async fn own_mails_around_a_request_do_not_tell_whether_it_found_an_account() {
    for ses in SES {
        for fresh in [false, true] {
            tells_nothing(Arrangement::Around, ses, fresh).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn timing_of_the_next_batch_reveals_no_account() {
    for ses in SES {
        for fresh in [false, true] {
            tells_nothing(Arrangement::NextBatch, ses, fresh).await;
        }
    }
}

/// Each takes ten seconds unoptimised, so a sample is one of them.
#[tokio::test(start_paused = true)]
async fn timing_among_99_jobs_reveals_no_account() {
    tells_nothing(Arrangement::AmongOthers, SES[1], true).await;
    if is_full() {
        for ses in SES {
            tells_nothing(Arrangement::AmongOthers, ses, false).await;
        }
    }
}

/// Else the tests above would show nothing.
#[tokio::test(start_paused = true)]
async fn sequential_processing_is_detected_as_leaking() {
    for arrangement in [Arrangement::Around, Arrangement::NextBatch] {
        let auc = advantage(Order::OneByOne, arrangement, SES[1], false).await;
        assert!(auc > 0.8, "{arrangement:?}: {auc:.2}");
    }
}

#[tokio::test(start_paused = true)]
async fn sends_start_and_batches_end_at_the_same_times_whoever_has_an_account() {
    const JOBS: usize = 5;
    for seed in 0..20 {
        let mut seen: Option<Duration> = None;
        for accounts in 0..1_usize << JOBS {
            let world = World::new(seed, SES[1]);
            let worker = world.worker();
            let begun = Instant::now();
            let jobs: Vec<_> = (0..JOBS)
                .map(|place| {
                    let kind = ["nobody", "known"][(accounts >> place) & 1];
                    world.job(&format!("{kind}-{place}@example.com"))
                })
                .collect();
            assert_eq!(worker.work(&jobs).await, None);
            assert!(world.is_wiped());
            let end = begun.elapsed();
            assert_eq!(*seen.get_or_insert(end), end, "{accounts:b} of seed {seed}");
            let taken = world.take();
            assert_eq!(taken.len(), accounts.count_ones() as usize);
            for mail in taken {
                let place = mail.recipient["known-".len()..].split('@').next();
                let place: u64 = place.and_then(|it| it.parse().ok()).expect("a place");
                // Two seconds until everybody is looked up, and then 200 ms and 5 ms a job.
                let start = Duration::from_millis(2_225 + 10 * place);
                assert_eq!(mail.started - begun, start, "{accounts:b} of seed {seed}");
            }
        }
    }
}
