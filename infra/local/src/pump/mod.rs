//! The event source mapping: a table's stream goes to a function, as Lambda would bring it there.

mod batch;
mod filter;
mod outcome;
mod source;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dynoxide::Database;
use serde_json::{Value, json};

pub use filter::{Filter, FilterError};

use crate::clock::Clock;
use crate::invoke::{Invoke, InvokeError};
use crate::template::StreamMapping;
use batch::{Batch, Stage};
use outcome::Outcome;
use source::Source;

/// Why the pump cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum PumpError {
    /// The emulator refused something.
    #[error("the stream cannot be read: {0}")]
    Database(#[from] dynoxide::DynoxideError),
    /// The table has no stream.
    #[error("table {0} has no stream")]
    NoStream(String),
    /// The template's filter uses a form that is not known here.
    #[error("{place}.FilterCriteria: {error}")]
    Filter {
        /// The mapping's place in the template.
        place: String,
        /// What is not known.
        error: FilterError,
    },
    /// A record cannot be written as JSON.
    #[error("a stream record cannot be written: {0}")]
    Record(#[from] serde_json::Error),
}

/// Why records were given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discarded {
    /// They were older than the mapping allows.
    TooOld,
    /// They failed more often than the mapping allows.
    RetriesExhausted,
}

/// Records that were given up: what the failure destination gets.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// Why.
    pub reason: Discarded,
    /// The records, as the function would have got them.
    pub records: Vec<Value>,
    /// How often the function failed on them.
    pub attempts: u32,
    /// When they were given up, in seconds since the epoch.
    pub at: u64,
}

/// The failure destination; clones share what they hold.
#[derive(Debug, Clone, Default)]
pub struct DeadLetters(Arc<Mutex<Vec<DeadLetter>>>);

impl DeadLetters {
    /// Everything that was given up so far.
    #[must_use]
    pub fn all(&self) -> Vec<DeadLetter> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<DeadLetter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one run of the pump did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records that the function dealt with.
    pub delivered: usize,
    /// Records that were given up.
    pub discarded: usize,
    /// Invocations.
    pub invocations: usize,
    /// Records that wait for another try.
    pub pending: usize,
    /// The last failure, if any invocation failed.
    pub failure: Option<String>,
}

/// Brings a stream's records to a function.
///
/// A stream here has one shard, so records come strictly in order and a batch that fails holds up
/// all behind it.
pub struct Pump {
    function: String,
    source: Source,
    mapping: StreamMapping,
    filters: Vec<Filter>,
    clock: Arc<dyn Clock>,
    /// Read, and passed by the filter, but in no batch yet.
    records: VecDeque<Value>,
    /// Formed batches; only the first is tried.
    batches: VecDeque<Batch>,
    dead_letters: DeadLetters,
    observer: Box<dyn Fn(&str) + Send + Sync>,
}

impl Pump {
    /// A pump from the mapping's table in `database`, at the stream's beginning.
    ///
    /// # Errors
    ///
    /// When the table has no stream or the filter uses a form that is not known here.
    pub fn new(
        database: Database,
        mapping: StreamMapping,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PumpError> {
        let filters = mapping
            .filters
            .iter()
            .map(Filter::compile)
            .collect::<Result<_, _>>()
            .map_err(|error| PumpError::Filter {
                place: mapping.place.clone(),
                error,
            })?;
        Ok(Self {
            function: mapping.function.clone(),
            source: Source::open(database, &mapping)?,
            mapping,
            filters,
            clock,
            records: VecDeque::new(),
            batches: VecDeque::new(),
            dead_letters: DeadLetters::default(),
            observer: Box::new(|_| ()),
        })
    }

    /// Tells `observer` a line about each failure and each record that is given up.
    #[must_use]
    pub fn with_observer(mut self, observer: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.observer = Box::new(observer);
        self
    }

    /// The failure destination.
    #[must_use]
    pub fn dead_letters(&self) -> DeadLetters {
        self.dead_letters.clone()
    }

    /// Records that were read and not yet dealt with.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.records.len()
            + self
                .batches
                .iter()
                .map(|batch| batch.records.len())
                .sum::<usize>()
    }

    /// Reads what the stream holds and invokes the function until an invocation fails or nothing is
    /// left. No delay between retries is kept: each call tries at once.
    ///
    /// # Errors
    ///
    /// When the stream cannot be read. A function that fails is no error but part of the progress.
    pub async fn run_once(&mut self, invoker: &impl Invoke) -> Result<Progress, PumpError> {
        let mut progress = Progress::default();
        self.read()?;
        while progress.failure.is_none() && self.step(invoker, &mut progress).await {}
        progress.pending = self.pending();
        Ok(progress)
    }

    /// Runs until nothing is pending or a run makes no progress, and adds the runs up.
    ///
    /// # Errors
    ///
    /// When the stream cannot be read.
    pub async fn drain(&mut self, invoker: &impl Invoke) -> Result<Progress, PumpError> {
        let mut total = Progress::default();
        loop {
            let batches = self.batches.len();
            let run = self.run_once(invoker).await?;
            let split = self.batches.len() > batches.max(1);
            total.delivered += run.delivered;
            total.discarded += run.discarded;
            total.invocations += run.invocations;
            total.pending = run.pending;
            total.failure = run.failure.or(total.failure);
            let progressed = run.delivered + run.discarded > 0 || split;
            // A function may itself write what comes next: a run that delivered is followed by another.
            if !progressed {
                return Ok(total);
            }
        }
    }

    /// Runs until the future is dropped: looks every `interval`, and keeps a growing delay after each
    /// failure.
    ///
    /// # Errors
    ///
    /// When the stream cannot be read.
    pub async fn run_forever(
        mut self,
        invoker: &impl Invoke,
        interval: Duration,
    ) -> Result<(), PumpError> {
        loop {
            self.run_due(invoker).await?;
            tokio::time::sleep(interval).await;
        }
    }

    async fn run_due(&mut self, invoker: &impl Invoke) -> Result<(), PumpError> {
        self.read()?;
        let mut progress = Progress::default();
        while self.is_due() && self.step(invoker, &mut progress).await {}
        Ok(())
    }

    fn read(&mut self) -> Result<(), PumpError> {
        for record in self.source.read()? {
            if self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(&record))
            {
                self.records.push_back(record);
            }
        }
        Ok(())
    }

    fn is_due(&self) -> bool {
        self.batches
            .front()
            .is_none_or(|batch| batch.not_before <= self.clock.now_unix_secs_f64())
    }

    /// Tries the first batch; false when there was none.
    async fn step(&mut self, invoker: &impl Invoke, progress: &mut Progress) -> bool {
        let Some(mut batch) = self.next_batch() else {
            return false;
        };
        progress.discarded += self.discard_expired(&mut batch);
        if batch.records.is_empty() {
            return true;
        }
        let event = json!({"Records": batch.records});
        progress.invocations += 1;
        let answer = invoker.invoke(&self.function, event).await;
        let outcome = Outcome::read(&answer, &batch.records, self.mapping.reports_item_failures);
        if let Some(failure) = &outcome.failure {
            (self.observer)(&format!("{}: {failure}", self.function));
            progress.failure = Some(failure.clone());
        }
        progress.delivered += outcome.done;
        let unreachable = matches!(answer, Err(InvokeError::Unreachable(_)));
        progress.discarded += self.settle(batch, &outcome, unreachable);
        true
    }

    fn next_batch(&mut self) -> Option<Batch> {
        self.batches.pop_front().or_else(|| {
            let size = self.mapping.batch_size.min(self.records.len());
            let records: Vec<_> = self.records.drain(..size).collect();
            (!records.is_empty()).then(|| Batch::new(records))
        })
    }

    /// Puts back what is to be tried again, and gives how many records were given up.
    fn settle(&mut self, batch: Batch, outcome: &Outcome, unreachable: bool) -> usize {
        if outcome.done == batch.records.len() {
            return 0;
        }
        let now = self.clock.now_unix_secs_f64();
        let stage = batch.after(outcome, &self.mapping, unreachable, now);
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
        let Some(max_age) = self.mapping.max_age else {
            return 0;
        };
        let oldest = self.clock.now_unix_secs_f64() - max_age.as_secs_f64();
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
        let whereto = if self.mapping.has_failure_destination {
            "went to the failure destination"
        } else {
            "are lost: the mapping has no failure destination"
        };
        (self.observer)(&format!(
            "{}: {count} records were given up ({reason:?}) and {whereto}",
            self.function
        ));
        if self.mapping.has_failure_destination {
            self.dead_letters.lock().push(DeadLetter {
                reason,
                records,
                attempts,
                at: self.clock.now_unix_secs(),
            });
        }
        count
    }
}

#[cfg(test)]
mod tests;
