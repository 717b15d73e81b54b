use serde_json::Value;

use super::outcome::Outcome;

/// The delay after the first failure, in seconds; it doubles with each further one.
const FIRST_DELAY: f64 = 0.5;
/// The longest delay, in seconds.
const MAX_DELAY: f64 = 30.0;

/// Records that go to the function together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) records: Vec<Value>,
    /// Failures in a row, for the delay.
    failures: u32,
    /// When it may be tried, in seconds since the epoch.
    pub(super) not_before: f64,
}

impl Batch {
    pub(super) fn new(records: Vec<Value>) -> Self {
        Self {
            records,
            ..Self::default()
        }
    }

    /// What to try, in this order, after a failure at the time `now`.
    pub(super) fn after(mut self, outcome: &Outcome, unreachable: bool, now: f64) -> Vec<Self> {
        if outcome.done > 0 {
            self.records.drain(..outcome.done);
            self.failures = 0;
        }
        self.delay(now);
        // A function that never ran says nothing about the records; a checkpoint is the split already.
        if unreachable || outcome.checkpoint || self.records.len() == 1 {
            return vec![self];
        }
        self.split()
    }

    fn delay(&mut self, now: f64) {
        let doubled = FIRST_DELAY * 2_f64.powi(i32::try_from(self.failures.min(16)).unwrap_or(16));
        self.not_before = now + doubled.min(MAX_DELAY);
        self.failures += 1;
    }

    fn split(mut self) -> Vec<Self> {
        let half = self.records.len().div_ceil(2);
        let second = self.records.split_off(half);
        let part = |records| Self {
            records,
            failures: 0,
            not_before: self.not_before,
        };
        vec![part(self.records), part(second)]
    }
}
