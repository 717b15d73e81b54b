//! The event source mapping: a table's stream goes to a function, as Lambda would bring it there.

mod batch;
mod filter;
mod lane;
mod outcome;
mod source;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use dynoxide::Database;
use futures_util::future::join_all;
use serde_json::Value;

pub use filter::Filter;

use crate::clock::Clock;
use crate::invoke::Invoke;
use crate::template::StreamMapping;
use lane::Lane;
use source::Source;

/// What one run of the poller did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records that the function dealt with.
    pub delivered: usize,
    /// Records that were given up.
    pub discarded: usize,
    pub invocations: usize,
    /// Records that wait for another try.
    pub pending: usize,
    /// The last failure, if any invocation failed.
    pub failure: Option<String>,
}

impl Progress {
    /// What this run and another one did together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            discarded: self.discarded + other.discarded,
            invocations: self.invocations + other.invocations,
            pending: self.pending + other.pending,
            failure: other.failure.or(self.failure),
        }
    }
}

/// Brings a stream's records to a function.
///
/// A stream here has one shard. Its records go to lanes by their keys, as many as the mapping works on
/// at once: in each lane they come strictly in order, and a batch that fails holds up all behind it.
pub struct StreamPoller {
    source: Source,
    filters: Vec<Filter>,
    route: Arc<Route>,
    lanes: Vec<Lane>,
}

/// Where records go.
struct Route {
    mapping: StreamMapping,
    clock: Arc<dyn Clock>,
    /// What the failure destination got: the records that were given up, each time.
    dead_letters: Mutex<Vec<Vec<Value>>>,
    observer: Box<dyn Fn(&str) + Send + Sync>,
}

impl Route {
    fn now(&self) -> f64 {
        self.clock.now_unix_secs_f64()
    }

    fn dead_letters(&self) -> MutexGuard<'_, Vec<Vec<Value>>> {
        let letters = self.dead_letters.lock();
        letters.unwrap_or_else(PoisonError::into_inner)
    }
}

impl StreamPoller {
    /// A poller from the mapping's table in `database`, at the stream's beginning, which tells
    /// `observer` a line about each failure and each record that is given up.
    pub fn new(
        database: Database,
        mapping: StreamMapping,
        clock: Arc<dyn Clock>,
        observer: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Self> {
        let filters = mapping
            .filters
            .iter()
            .map(Filter::compile)
            .collect::<Result<_>>()
            .with_context(|| format!("{}.FilterCriteria", mapping.place))?;
        let source = Source::open(database, &mapping)?;
        let lanes = mapping.lanes;
        let route = Arc::new(Route {
            mapping,
            clock,
            dead_letters: Mutex::default(),
            observer: Box::new(observer),
        });
        Ok(Self {
            source,
            filters,
            lanes: (0..lanes).map(|_| Lane::new(Arc::clone(&route))).collect(),
            route,
        })
    }

    /// What went to the failure destination: the records that were given up, each time.
    pub fn dead_letters(&self) -> Vec<Vec<Value>> {
        self.route.dead_letters().clone()
    }

    /// Records that were read and not yet dealt with.
    pub fn pending(&self) -> usize {
        self.lanes.iter().map(Lane::pending).sum()
    }

    /// Reads what the stream holds and invokes the function, in each lane until an invocation fails
    /// or nothing is left. Nobody waits for more records or between retries.
    pub async fn run_once(&mut self, invoker: &impl Invoke) -> Result<Progress> {
        self.read()?;
        let runs = self.lanes.iter_mut().map(|lane| lane.run_once(invoker));
        let runs = join_all(runs).await;
        Ok(runs.into_iter().fold(Progress::default(), Progress::and))
    }

    /// Runs until nothing is pending or a run makes no progress, and adds the runs up.
    pub async fn drain(&mut self, invoker: &impl Invoke) -> Result<Progress> {
        let mut total = Progress::default();
        loop {
            let batches = self.batches();
            let run = self.run_once(invoker).await?;
            let split = self.batches() > batches.max(self.lanes.len());
            // A function may itself write what comes next: a run that delivered is followed by another.
            let progressed = run.delivered + run.discarded > 0 || split;
            total = Progress {
                pending: 0,
                ..total
            }
            .and(run);
            if !progressed {
                return Ok(total);
            }
        }
    }

    /// Runs until the future is dropped: looks every `interval`, waits for more records as long as
    /// the mapping does, and keeps a growing delay after each failure.
    pub async fn run_forever(mut self, invoker: &impl Invoke, interval: Duration) -> Result<()> {
        let mut lanes = std::mem::take(&mut self.lanes);
        let queues: Vec<_> = lanes.iter().map(Lane::queue).collect();
        let reading = async {
            loop {
                for (record, lane) in self.read_records(queues.len())? {
                    queues[lane].push(record);
                }
                tokio::time::sleep(interval).await;
            }
        };
        let working = join_all(lanes.iter_mut().map(async |lane| {
            loop {
                lane.run_due(invoker).await;
                tokio::time::sleep(interval).await;
            }
        }));
        tokio::select! {
            ended = reading => ended,
            _ = working => Ok(()),
        }
    }

    fn batches(&self) -> usize {
        self.lanes.iter().map(Lane::batches).sum()
    }

    fn read(&mut self) -> Result<()> {
        for (record, lane) in self.read_records(self.lanes.len())? {
            self.lanes[lane].queue().push(record);
        }
        Ok(())
    }

    /// The records that have come and pass the filter, each with its lane of so many.
    fn read_records(&mut self, lanes: usize) -> Result<Vec<(Value, usize)>> {
        let mut records = self.source.read()?;
        records.retain(|record| self.filters.iter().any(|filter| filter.matches(record)));
        let lane = |record: &Value| {
            let mut hasher = DefaultHasher::new();
            record["dynamodb"]["Keys"].to_string().hash(&mut hasher);
            usize::try_from(hasher.finish() % lanes as u64).unwrap_or_default()
        };
        Ok(records
            .into_iter()
            .map(|record| {
                let lane = lane(&record);
                (record, lane)
            })
            .collect())
    }
}

#[cfg(test)]
mod tests;
