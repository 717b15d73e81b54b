//! Retries of writes that collide with a transaction. Everything else the SDK retries by itself.

use std::future::Future;
use std::time::Duration;

use crate::adapters::SystemEntropy;
use crate::ports::{Entropy as _, StoreError};

const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// Runs `operation` until it no longer collides: five times at most, over about half a second.
pub(super) async fn while_contended<T, F>(mut operation: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    for attempt in 0..ATTEMPTS - 1 {
        // Boxed, because an SDK call is a state machine of many kilobytes and layers.
        match Box::pin(operation()).await {
            Err(StoreError::Contended(_)) => tokio::time::sleep(pause(attempt)).await,
            other => return other,
        }
    }
    Box::pin(operation()).await
}

/// Doubles each time, and half of it is random, so that those who collided do not meet again.
fn pause(attempt: u32) -> Duration {
    // Without randomness the pause is merely regular.
    let [random] = SystemEntropy.bytes().unwrap_or_default();
    let longest = FIRST_PAUSE * 2_u32.pow(attempt);
    longest / 2 + longest * u32::from(random) / 512
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn contention_alone_is_retried_a_bounded_number_of_times() {
        let errors = [StoreError::Contended as fn(_) -> _, StoreError::Throttled];
        for (error, expected) in errors.into_iter().zip([5, 1]) {
            let tries = Cell::new(0);
            let result: Result<(), _> = while_contended(|| {
                tries.set(tries.get() + 1);
                async { Err(error("x".to_owned())) }
            })
            .await;
            let last = result.expect_err("it never works").to_string();
            assert_eq!(last, error("x".to_owned()).to_string());
            assert_eq!(tries.get(), expected);
        }
    }
}
