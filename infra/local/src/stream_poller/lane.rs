//! One lane of a mapping: records of the same keys, in order, one batch at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::batch::{Batch, Stage};
use super::outcome::Outcome;
use super::{DeadLetter, Discarded, Progress, Route, source};
use crate::invoke::{Invoke, InvokeError};

pub(super) struct Lane {
    route: Arc<Route>,
    inbox: Inbox,
    /// Formed batches; only the first is tried.
    batches: VecDeque<Batch>,
}

/// Records that are in no batch yet, and since when there are some; clones share what they hold.
#[derive(Clone)]
pub(super) struct Inbox {
    route: Arc<Route>,
    records: Arc<Mutex<(VecDeque<Value>, f64)>>,
}

impl Inbox {
    pub(super) fn push(&self, record: Value) {
        let mut held = self.lock();
        if held.0.is_empty() {
            held.1 = self.route.now();
        }
        held.0.push_back(record);
    }

    fn lock(&self) -> MutexGuard<'_, (VecDeque<Value>, f64)> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn len(&self) -> usize {
        self.lock().0.len()
    }

    /// Whether a batch is full, or was waited for long enough.
    fn is_due(&self) -> bool {
        let held = self.lock();
        let waited = self.route.now() - held.1;
        held.0.len() >= self.route.mapping.batch_size
            || waited >= self.route.mapping.window.as_secs_f64()
    }

    fn take_batch(&self) -> Option<Batch> {
        let mut held = self.lock();
        let size = self.route.mapping.batch_size.min(held.0.len());
        let records: Vec<_> = held.0.drain(..size).collect();
        held.1 = self.route.now();
        (!records.is_empty()).then(|| Batch::new(records))
    }
}

impl Route {
    pub(super) fn now(&self) -> f64 {
        self.clock.now_unix_secs_f64()
    }
}

impl Lane {
    pub(super) fn new(route: Arc<Route>) -> Self {
        Self {
            inbox: Inbox {
                route: Arc::clone(&route),
                records: Arc::default(),
            },
            route,
            batches: VecDeque::new(),
        }
    }

    pub(super) fn inbox(&self) -> Inbox {
        self.inbox.clone()
    }

    pub(super) fn batches(&self) -> usize {
        self.batches.len()
    }

    pub(super) fn pending(&self) -> usize {
        let formed = self.batches.iter().map(|batch| batch.records.len());
        self.inbox.len() + formed.sum::<usize>()
    }

    pub(super) async fn run_once(&mut self, invoker: &impl Invoke) -> Progress {
        let mut progress = Progress::default();
        while progress.failure.is_none() && self.step(invoker, &mut progress).await {}
        progress.pending = self.pending();
        progress
    }

    pub(super) async fn run_due(&mut self, invoker: &impl Invoke) {
        let mut progress = Progress::default();
        while self.is_due() && self.step(invoker, &mut progress).await {}
    }

    fn is_due(&self) -> bool {
        self.batches.front().map_or_else(
            || self.inbox.is_due(),
            |batch| batch.not_before <= self.route.now(),
        )
    }

    /// Tries the first batch; false when there was none.
    async fn step(&mut self, invoker: &impl Invoke, progress: &mut Progress) -> bool {
        let batch = self.batches.pop_front();
        let Some(mut batch) = batch.or_else(|| self.inbox.take_batch()) else {
            return false;
        };
        progress.discarded += self.discard_expired(&mut batch);
        if batch.records.is_empty() {
            return true;
        }
        let mapping = &self.route.mapping;
        let event = json!({"Records": batch.records});
        progress.invocations += 1;
        let answer = invoker.invoke(&mapping.function, event).await;
        let outcome = Outcome::read(&answer, &batch.records, mapping.reports_item_failures);
        if let Some(failure) = &outcome.failure {
            (self.route.observer)(&format!("{}: {failure}", mapping.function));
            progress.failure = Some(failure.clone());
        }
        progress.delivered += outcome.done;
        let unreachable = matches!(answer, Err(InvokeError::Unreachable(_)));
        progress.discarded += self.settle(batch, &outcome, unreachable);
        true
    }

    /// Puts back what is to be tried again, and gives how many records were given up.
    fn settle(&mut self, batch: Batch, outcome: &Outcome, unreachable: bool) -> usize {
        if outcome.done == batch.records.len() {
            return 0;
        }
        let now = self.route.now();
        let stage = batch.after(outcome, &self.route.mapping, unreachable, now);
        match stage {
            Stage::Retry(batches) => {
                for batch in batches.into_iter().rev() {
                    self.batches.push_front(batch);
                }
                0
            }
            Stage::GiveUp(batch) => {
                self.bury(Discarded::RetriesExhausted, batch.records, batch.attempts)
            }
        }
    }

    fn discard_expired(&mut self, batch: &mut Batch) -> usize {
        let Some(max_age) = self.route.mapping.max_age else {
            return 0;
        };
        let oldest = self.route.now() - max_age.as_secs_f64();
        let (expired, fresh) = std::mem::take(&mut batch.records)
            .into_iter()
            .partition(|record| source::created_at(record) < oldest);
        batch.records = fresh;
        self.bury(Discarded::TooOld, expired, batch.attempts)
    }

    fn bury(&self, reason: Discarded, records: Vec<Value>, attempts: u32) -> usize {
        let count = records.len();
        if count == 0 {
            return 0;
        }
        let whereto = if self.route.mapping.has_failure_destination {
            "went to the failure destination"
        } else {
            "are lost: the mapping has no failure destination"
        };
        (self.route.observer)(&format!(
            "{}: {count} records were given up ({reason:?}) and {whereto}",
            self.route.mapping.function
        ));
        if self.route.mapping.has_failure_destination {
            self.route.dead_letters.lock().push(DeadLetter {
                reason,
                records,
                attempts,
                at: self.route.clock.now_unix_secs(),
            });
        }
        count
    }
}
