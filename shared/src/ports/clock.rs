use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use crate::domain::Timestamp;

/// The time that decides about expiry and limits.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// Waiting, which tests do in virtual time.
pub trait Sleep: Send + Sync {
    /// The monotonic time, for spans below a second.
    fn instant(&self) -> Instant;

    /// Waits until `moment`.
    fn sleep_until(&self, moment: Instant) -> impl Future<Output = ()> + Send;

    /// Waits until the [`Clock`] says `time`.
    fn sleep_until_time(&self, time: Timestamp) -> impl Future<Output = ()> + Send;

    /// Sleeps for `span`.
    fn sleep(&self, span: Duration) -> impl Future<Output = ()> + Send {
        self.sleep_until(self.instant() + span)
    }

    /// The result of `work`, or none after the timeout.
    fn within<T: Send>(
        &self,
        span: Duration,
        work: impl Future<Output = T> + Send,
    ) -> impl Future<Output = Option<T>> + Send {
        async move {
            match select(pin!(work), pin!(self.sleep(span))).await {
                Either::Left((done, _)) => Some(done),
                Either::Right(_) => None,
            }
        }
    }
}
