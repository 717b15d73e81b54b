use thiserror::Error;

use crate::domain::{SkipReason, Timestamp};
use crate::ports::{ComposeError, HashError, StoreError};

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    Sent {
        message_id: String,
        /// Whether other accounts have the address in another spelling.
        shares_address: bool,
    },
    /// Nobody is to get a mail.
    Skipped { reason: SkipReason },
    /// The recipient cannot be mailed.
    Failed {
        /// Why, in the mail service's words.
        reason: String,
    },
    /// It was done before.
    Duplicate,
    /// It failed by itself too often and is given up, so that it does not hold up the others.
    Parked { reason: String },
}

/// Why a job must be tried again.
#[derive(Debug, Error)]
pub enum JobError {
    /// An outage, throttling or a paused mail account: tried again without a limit.
    #[error("{0}")]
    Retry(String),
    /// The deployment has sent all the mails that its cap allows for now. Nothing was written, so
    /// that the link is made, and begins to live, when there is room for its mail.
    #[error("the hourly cap on mails is reached")]
    Held { until: Timestamp },
    /// The job itself is at fault.
    #[error("{0}")]
    Broken(String),
}

/// How a job ended.
pub(super) type JobResult = Result<JobOutcome, JobError>;

/// A job that has no further step.
#[derive(Debug)]
pub(super) struct Ended(JobResult);

/// What a step gives the next one, unless the job has ended.
pub(super) type Step<T> = Result<T, Ended>;

impl From<JobOutcome> for Ended {
    fn from(outcome: JobOutcome) -> Self {
        Self(Ok(outcome))
    }
}

impl<E: Into<JobError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self(Err(error.into()))
    }
}

impl From<Ended> for JobResult {
    fn from(ended: Ended) -> Self {
        ended.0
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) => Self::Broken(error.to_string()),
            StoreError::Throttled(_)
            | StoreError::Contended(_)
            | StoreError::Unavailable(_)
            | StoreError::Misconfigured(_) => Self::Retry(error.to_string()),
        }
    }
}

impl From<HashError> for JobError {
    fn from(error: HashError) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<ComposeError> for JobError {
    fn from(error: ComposeError) -> Self {
        Self::Broken(error.to_string())
    }
}
