use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rand::TryRng as _;
use rand::rngs::SysRng;

use crate::domain::Timestamp;
use crate::ports::{Clock, Entropy, RandomError, Sleep};

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let seconds = since_epoch().as_secs();
        Timestamp::from_unix_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the port's one real implementation"
)]
fn since_epoch() -> Duration {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    elapsed.unwrap_or_default()
}

impl Sleep for SystemClock {
    fn instant(&self) -> Instant {
        Instant::now()
    }

    async fn sleep_until(&self, moment: Instant) {
        tokio::time::sleep_until(moment.into()).await;
    }

    async fn sleep_until_time(&self, time: Timestamp) {
        let time = Duration::from_secs(u64::try_from(time.unix_seconds()).unwrap_or(0));
        tokio::time::sleep(time.saturating_sub(since_epoch())).await;
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        SysRng
            .try_fill_bytes(bytes)
            .map_err(|error| RandomError(error.to_string()))
    }
}
