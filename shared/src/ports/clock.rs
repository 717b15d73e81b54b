use std::time::{Duration, Instant};

use crate::domain::Timestamp;

/// What time it is.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// Lets time pass.
pub trait Sleep: Send + Sync {
    /// This moment, on a clock that nobody sets, for spans below a second.
    fn instant(&self) -> Instant;

    /// Waits until `moment`.
    fn sleep_until(&self, moment: Instant) -> impl Future<Output = ()> + Send;

    /// Waits until the [`Clock`] says `time`.
    fn sleep_until_time(&self, time: Timestamp) -> impl Future<Output = ()> + Send;

    /// Waits.
    fn sleep(&self, span: Duration) -> impl Future<Output = ()> + Send {
        self.sleep_until(self.instant() + span)
    }
}
