use serde_json::Value;

use super::outcome::Outcome;
use crate::template::StreamMapping;

/// The delay after the first failure, in seconds; it doubles with each further one.
const FIRST_DELAY: f64 = 0.5;
/// The longest delay, in seconds.
const MAX_DELAY: f64 = 30.0;

/// Records that go to the function together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) records: Vec<Value>,
    /// Failed invocations that count against the mapping's retries.
    pub(super) attempts: u32,
    /// Failures in a row, for the delay alone.
    failures: u32,
    /// When it may be tried, in seconds since the epoch.
    pub(super) not_before: f64,
}

/// What to do with a batch that was not finished.
#[derive(Debug)]
pub(super) enum Stage {
    /// Try these, in this order.
    Retry(Vec<Batch>),
    /// No further try.
    GiveUp(Batch),
}

impl Batch {
    pub(super) fn new(records: Vec<Value>) -> Self {
        Self {
            records,
            ..Self::default()
        }
    }

    /// The next stage of a batch after a failure at the time `now`.
    pub(super) fn after(
        mut self,
        outcome: &Outcome,
        mapping: &StreamMapping,
        unreachable: bool,
        now: f64,
    ) -> Stage {
        if outcome.done > 0 {
            self.records.drain(..outcome.done);
            self.attempts = 0;
            self.failures = 0;
        }
        self.delay(now);
        // A function that never ran says nothing about the records.
        if unreachable {
            return Stage::Retry(vec![self]);
        }
        // A checkpoint is the split already; and a split does not use up a retry.
        if mapping.bisect && !outcome.checkpoint && self.records.len() > 1 {
            return Stage::Retry(self.split());
        }
        self.attempts += 1;
        if mapping.max_retries.is_some_and(|most| self.attempts > most) {
            return Stage::GiveUp(self);
        }
        Stage::Retry(vec![self])
    }

    fn delay(&mut self, now: f64) {
        let doubled = FIRST_DELAY * 2_f64.powi(i32::try_from(self.failures.min(16)).unwrap_or(16));
        self.not_before = now + doubled.min(MAX_DELAY);
        self.failures += 1;
    }

    fn split(mut self) -> Vec<Self> {
        let half = self.records.len().div_ceil(2);
        let second = self.records.split_off(half);
        let (attempts, not_before) = (self.attempts, self.not_before);
        let part = |records| Self {
            records,
            attempts,
            failures: 0,
            not_before,
        };
        vec![part(self.records), part(second)]
    }
}
