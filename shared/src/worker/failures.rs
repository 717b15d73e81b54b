use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures_util::future::{BoxFuture, FutureExt as _};

use super::outcome::{JobResult, Step};
use super::{JobError, JobOutcome, Worker, WorkerPorts};
use crate::domain::Job;
use crate::ports::{Clock as _, FailureLog as _};

/// Failures of its own that a job is allowed before it is given up.
const MAX_JOB_FAILURES: u32 = 3;

impl<P: WorkerPorts> Worker<P> {
    /// Counts a job's failure, if it has failed by itself, and tells how it ended: one that keeps
    /// failing by itself, even by a panic, is [`JobOutcome::Parked`] at its third failure.
    pub(super) async fn settle(&self, job: &Job, concluded: JobResult) -> JobResult {
        let concluded = match concluded {
            Err(JobError::Broken(reason)) => self.count_failure(job, reason).await,
            other => other,
        };
        self.log(job, &concluded);
        concluded
    }

    async fn count_failure(&self, job: &Job, reason: String) -> JobResult {
        let counted = self
            .store
            .count_failure(&job.pk, job.name(), self.clock.now());
        if counted.await? < MAX_JOB_FAILURES {
            return Err(JobError::Broken(reason));
        }
        self.record_parked(&job.task).await;
        Ok(JobOutcome::Parked { reason })
    }
}

/// One job's part of a step, in which a panic is a failure of that job alone.
pub(super) fn step<'w, T: 'w>(
    work: impl Future<Output = Step<T>> + Send + 'w,
) -> BoxFuture<'w, Step<T>> {
    let worked = catch_panics(work);
    // Boxed, so that the many layers below count as one for the code that awaits this.
    worked
        .map(|worked| worked.unwrap_or_else(|panic| Err(panic.into())))
        .boxed()
}

/// What comes of some work, in which a panic is an error.
pub(super) fn catch_panics<T>(
    work: impl Future<Output = T> + Send,
) -> impl Future<Output = Result<T, JobError>> + Send {
    let worked = AssertUnwindSafe(work).catch_unwind();
    worked.map(|worked| {
        worked.map_err(|panic| {
            let message = format!("panicked: {}", panic_message(panic.as_ref()));
            JobError::Broken(message)
        })
    })
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("for an unknown reason")
}
