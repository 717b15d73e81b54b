//! One lane of a mapping: records of the same keys, in order, one batch at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::batch::Batch;
use super::outcome::Outcome;
use super::{Progress, Route, source};
use crate::invoke::{Invoke, InvokeError};

pub(super) struct Lane {
    route: Arc<Route>,
    queue: RecordQueue,
    /// Formed batches; only the first is tried.
    batches: VecDeque<Batch>,
}

/// Records that are in no batch yet, and since when there are some; clones share what they hold.
#[derive(Clone)]
pub(super) struct RecordQueue {
    route: Arc<Route>,
    records: Arc<Mutex<(VecDeque<Value>, f64)>>,
}

impl RecordQueue {
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

impl Lane {
    pub(super) fn new(route: Arc<Route>) -> Self {
        Self {
            queue: RecordQueue {
                route: Arc::clone(&route),
                records: Arc::default(),
            },
            route,
            batches: VecDeque::new(),
        }
    }

    pub(super) fn queue(&self) -> RecordQueue {
        self.queue.clone()
    }

    pub(super) fn batches(&self) -> usize {
        self.batches.len()
    }

    pub(super) fn pending(&self) -> usize {
        let formed = self.batches.iter().map(|batch| batch.records.len());
        self.queue.len() + formed.sum::<usize>()
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
            || self.queue.is_due(),
            |batch| batch.not_before <= self.route.now(),
        )
    }

    /// Tries the first batch; false when there was none.
    async fn step(&mut self, invoker: &impl Invoke, progress: &mut Progress) -> bool {
        let batch = self.batches.pop_front();
        let Some(mut batch) = batch.or_else(|| self.queue.take_batch()) else {
            return false;
        };
        progress.discarded += self.discard_expired(&mut batch);
        if batch.records.is_empty() {
            return true;
        }
        let function = &self.route.mapping.function;
        let event = json!({"Records": batch.records});
        progress.invocations += 1;
        let answer = invoker.invoke(function, event).await;
        let outcome = Outcome::read(&answer, &batch.records);
        if let Some(failure) = &outcome.failure {
            (self.route.observer)(&format!("{function}: {failure}"));
            progress.failure = Some(failure.clone());
        }
        progress.delivered += outcome.done;
        let unreachable = matches!(answer, Err(InvokeError::Unreachable(_)));
        if outcome.done < batch.records.len() {
            let rest = batch.after(&outcome, unreachable, self.route.now());
            for batch in rest.into_iter().rev() {
                self.batches.push_front(batch);
            }
        }
        true
    }

    /// Takes out what is too old, and gives how many records that were.
    fn discard_expired(&self, batch: &mut Batch) -> usize {
        let oldest = self.route.now() - self.route.mapping.max_age.as_secs_f64();
        let (expired, fresh) = std::mem::take(&mut batch.records)
            .into_iter()
            .partition::<Vec<_>, _>(|record| source::created_at(record) < oldest);
        batch.records = fresh;
        let count = expired.len();
        if count > 0 {
            (self.route.observer)(&format!(
                "{}: {count} records were given up and went to the failure destination",
                self.route.mapping.function
            ));
            self.route.dead_letters().push(expired);
        }
        count
    }
}
