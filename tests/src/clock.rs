//! The clock of a test, which everything in the process reads.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use local_stack::clock::{Clock as _, ManualClock, SystemClock};
use shared::domain::Timestamp;
use shared::ports::{Clock, Sleep};

/// A clock that stands still until a test moves it, or the system's.
#[derive(Debug, Clone)]
pub struct TestClock {
    time: Time,
    started: Instant,
    waits: Arc<Mutex<Vec<Duration>>>,
}

#[derive(Debug, Clone)]
enum Time {
    Still(ManualClock),
    /// The one that other processes read too.
    System(SystemClock),
}

impl TestClock {
    /// A clock at a round time of 2027, the start of a minute and of a window of ten.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Time::Still(ManualClock::new(1_800_000_000)))
    }

    fn of(time: Time) -> Self {
        Self {
            time,
            started: Instant::now(),
            waits: Arc::default(),
        }
    }

    /// How long the functions have waited so far for the time to be another, each time.
    #[must_use]
    pub fn take_waits(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.waits.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The system's clock, which nobody moves.
    #[must_use]
    pub fn of_system() -> Self {
        Self::of(Time::System(SystemClock))
    }

    /// Moves the time on.
    ///
    /// # Panics
    ///
    /// When it is the system's.
    pub fn advance(&self, span: Duration) {
        self.still().tick(span);
    }

    fn still(&self) -> &ManualClock {
        match &self.time {
            Time::Still(clock) => clock,
            Time::System(_) => panic!("a test cannot move the system's clock"),
        }
    }

    /// The same clock, as the local stack wants it.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn local_stack::clock::Clock> {
        match &self.time {
            Time::Still(clock) => clock.arc(),
            Time::System(_) => SystemClock::arc(),
        }
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let seconds = match &self.time {
            Time::Still(clock) => clock.now_unix_secs(),
            Time::System(clock) => clock.now_unix_secs(),
        };
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Timestamp::from_unix_seconds(seconds)
    }
}

impl Sleep for TestClock {
    fn instant(&self) -> Instant {
        match self.time {
            Time::Still(_) => self.started,
            Time::System(_) => Instant::now(),
        }
    }

    /// Where time stands still nobody waits, so that a test that does not look at waits need not
    /// count them.
    async fn sleep_until(&self, moment: Instant) {
        if let Time::System(_) = self.time {
            tokio::time::sleep_until(moment.into()).await;
        }
    }

    /// No time passes where it stands still.
    async fn within<T: Send>(
        &self,
        span: Duration,
        work: impl Future<Output = T> + Send,
    ) -> Option<T> {
        match self.time {
            Time::Still(_) => Some(work.await),
            Time::System(_) => shared::adapters::SystemClock.within(span, work).await,
        }
    }

    async fn sleep_until_time(&self, time: Timestamp) {
        match self.time {
            Time::Still(_) => {
                let waits = self.waits.lock();
                let span = Duration::from_secs(self.now().seconds_until(time));
                waits.unwrap_or_else(PoisonError::into_inner).push(span);
            }
            Time::System(_) => shared::adapters::SystemClock.sleep_until_time(time).await,
        }
    }
}
