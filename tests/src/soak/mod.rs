//! A soak: mixed flows for minutes, with faults going on and off, and then an audit of every
//! request that was accepted.
//!
//! The functions are the real binaries in processes of their own. People ask, wait for mail, mistype
//! codes, set passwords, cancel or walk away; between the functions and AWS there is weather. When
//! it is over the outbox is drained, and what stands in the stream, the tables, the logs and the
//! mailbox must tell one story.

mod audit;
mod inbox;
mod jobs;
mod memory;
mod people;
mod person;
mod weather;

use std::cell::Cell;
use std::time::{Duration, Instant};

pub use audit::{Audit, Outcome};
pub use memory::{Growth, Samples};

use crate::TestApp;
use inbox::Inbox;
use people::Crowd;

/// Processes of each function.
const PROCESSES: usize = 2;
/// People who do something at the same time.
const PEOPLE: usize = 12;
/// The age at which the stream gives a job up: less than the longest outage of SES, so that some
/// jobs are given up.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often the stream and the mailbox are looked at, and the processes are measured.
const INTERVAL: Duration = Duration::from_millis(100);
/// In the subject of every mail with a link.
const RESET: &str = "Reset";
/// In the subject of every mail that tells of a change.
const CHANGED: &str = "was changed";

/// What a soak came to.
pub struct Soaked {
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
pub async fn soak(length: Duration, seed: u64) -> Soaked {
    let app = app().await;
    let inbox = Inbox::default();
    app.aws.set_weather(weather::over(length, PATIENCE, seed));
    let crowd = Crowd {
        app: &app,
        inbox: &inbox,
        until: Instant::now() + length,
    };
    let over = Cell::new(false);
    let life = async {
        let stories = crowd.live(PEOPLE, seed).await;
        over.set(true);
        stories
    };
    let (stories, memory, ()) = tokio::join!(
        life,
        Samples::measure(app.lambda(), &over),
        keep_delivering(&app, &over)
    );
    app.aws.set_weather(weather::fair());
    drain(&app).await;
    crowd.find_all_well().await;
    let audit = Audit::of(&app, &inbox, &stories).await;
    Soaked { audit, memory }
}

/// Lets the stream deliver what is left. It takes several goes, because a mail that SES refuses is
/// parked at its third failure; and it ends, because the stream has no patience for ever.
async fn drain(app: &TestApp) {
    while app.deliver().await.pending > 0 {
        tokio::time::sleep(INTERVAL).await;
    }
}

async fn app() -> TestApp {
    TestApp::builder()
        .set("SOURCE_LIMIT", "100000")
        .set("MAILS_PER_HOUR", "1000000")
        .set("ADDRESS_COOLDOWN_SECONDS", "1")
        .set("ADDRESS_REQUESTS_PER_LIFETIME", "20")
        .set("LINK_LIFETIME_SECONDS", "86400")
        .set("CODE_LIFETIME_SECONDS", "3600")
        .patience(PATIENCE)
        .processes(PROCESSES)
        .start()
        .await
}

/// Lets the stream deliver what there is, again and again, until `over`. It is never dropped in the
/// middle of a delivery, as Lambda would not drop one.
async fn keep_delivering(app: &TestApp, over: &Cell<bool>) {
    while !over.get() {
        app.deliver_once().await;
        app.aws.forget_calls();
        tokio::time::sleep(INTERVAL).await;
    }
}
