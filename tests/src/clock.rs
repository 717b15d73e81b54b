//! The test's clock, which everything in the process reads.

use std::sync::Arc;
use std::time::Duration;

use local_stack::clock::{Clock as _, ManualClock};
use shared::domain::Timestamp;
use shared::ports::{Clock, Pause};

/// A clock that stands still until a test moves it.
#[derive(Debug, Clone)]
pub struct TestClock(ManualClock);

impl TestClock {
    /// A clock at a round time of 2027, the start of a minute and of a window of ten.
    #[must_use]
    pub fn new() -> Self {
        Self(ManualClock::new(1_800_000_000))
    }

    /// Moves on.
    pub fn advance(&self, span: Duration) {
        self.0.tick(span);
    }

    /// Goes to a time.
    pub fn set(&self, time: Timestamp) {
        self.0.set(time.unix_seconds().unsigned_abs());
    }

    /// The same clock, as the local stack wants it.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn local_stack::clock::Clock> {
        self.0.arc()
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let seconds = i64::try_from(self.0.now_unix_secs()).unwrap_or(i64::MAX);
        Timestamp::from_unix_seconds(seconds)
    }
}

impl Pause for TestClock {
    /// Time stands still, so that a test that does not look at waits need not count them.
    async fn pause(&self, _: Duration) {}
}
