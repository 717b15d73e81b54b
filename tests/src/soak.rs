//! A soak: mixed flows for minutes, with faults going on and off, and then an audit of every
//! request that was accepted.
//!
//! The functions are the real binaries in processes of their own. People ask, wait for mail, mistype
//! codes, set passwords, cancel or walk away; between the functions and AWS there are faults. When
//! it is over the outbox is drained, and what stands in the stream, the tables, the logs and the
//! mailbox must tell one story.

mod actor;
mod actors;
mod audit;
mod fault_schedule;
mod inbox;
mod jobs;
mod memory;
mod tampering;

use std::cell::Cell;
use std::time::Duration;

pub use audit::{Audit, Outcome};
pub use memory::{Growth, Samples};
pub use tampering::{Tampered, tampered};

use crate::TestApp;
use actors::Actors;
use inbox::Inbox;

/// Processes of each function.
const PROCESSES: usize = 2;
/// People who do something at the same time.
const PEOPLE: usize = 12;
/// The age at which the stream gives a job up: less than the longest outage of SES, so that some
/// jobs are given up.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often the stream and the mailbox are looked at, and the processes are measured.
const INTERVAL: Duration = Duration::from_millis(100);
/// Times that the stream tries again when there are no faults.
const MAX_DRAINS: usize = 50;
/// In the subject of every mail with a link.
const RESET: &str = "Reset";
/// In the subject of every mail that tells of a change.
const CHANGED: &str = "was changed";

/// What a soak came to.
pub struct SoakResult {
    /// What became of every job and every person.
    pub audit: Audit,
    /// The memory of the functions' processes.
    pub memory: Samples,
}

/// Soaks the service for about `length`, as `seed` says.
///
/// # Panics
///
/// When somebody gets an answer that nobody should get.
pub async fn soak(length: Duration, seed: u64) -> SoakResult {
    let app = app().await;
    let inbox = Inbox::default();
    app.aws.set_fault_schedule(fault_schedule::no_faults());
    let actors = Actors::until(&app, &inbox, PATIENCE);
    // Without faults, so that whatever the machine makes of the rest every plan has been followed to
    // its end, and every process has done what it does.
    let mut transcripts = delivering(&app, actors.run_each_plan()).await;
    drain(&app).await;
    app.aws
        .set_fault_schedule(fault_schedule::over(length, PATIENCE, seed));
    let actors = Actors::until(&app, &inbox, length);
    let over = Cell::new(false);
    let life = async {
        let transcripts = delivering(&app, actors.run(PEOPLE, seed)).await;
        over.set(true);
        transcripts
    };
    let (later, memory) = tokio::join!(life, Samples::measure(app.lambda(), &over));
    transcripts.extend(later);
    app.aws.set_fault_schedule(fault_schedule::no_faults());
    drain(&app).await;
    actors.expect_recovery().await;
    let audit = Audit::of(&app, &inbox, &transcripts).await;
    SoakResult { audit, memory }
}

async fn app() -> TestApp {
    TestApp::builder()
        .setting("limits.source_requests", 100_000)
        .setting("mail.per_hour", 1_000_000)
        .setting("limits.address_cooldown_seconds", 1)
        .setting("limits.address_requests", 20)
        .set("LINK_LIFETIME_SECONDS", "86400")
        .setting("codes.lifetime_seconds", 3600)
        .patience(PATIENCE)
        .processes(PROCESSES)
        .start()
        .await
}

/// Lets the stream deliver what is left. On a busy machine a call may take longer than the functions
/// wait for it, and then the stream tries again, as it does on AWS.
async fn drain(app: &TestApp) {
    let mut drained = app.deliver().await;
    for _ in 0..MAX_DRAINS {
        if drained.pending == 0 {
            return;
        }
        tokio::time::sleep(INTERVAL).await;
        drained = app.deliver().await;
    }
    panic!("the outbox does not empty: {drained:?}");
}

/// Lets the stream deliver what there is, again and again, while `life` goes on. It is never dropped
/// in the middle of a delivery, as Lambda would not drop one.
async fn delivering<T>(app: &TestApp, life: impl Future<Output = T>) -> T {
    let over = Cell::new(false);
    let life = async {
        let lived = life.await;
        over.set(true);
        lived
    };
    let deliveries = async {
        while !over.get() {
            app.deliver_once().await;
            app.aws.forget_calls();
            tokio::time::sleep(INTERVAL).await;
        }
    };
    let (lived, ()) = tokio::join!(life, deliveries);
    lived
}
