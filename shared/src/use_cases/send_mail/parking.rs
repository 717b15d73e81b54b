use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

use super::{JobError, JobOutcome, Look, SendMail};
use crate::domain::Job;
use crate::ports::{
    Clock, CodeHasher, Entropy, FailureLog, Issuing, MailComposer, MailQuota, Mailer, Notices,
    Pause, UserDirectory,
};

/// Failures of its own that a job is allowed before it is given up.
const MAX_FAILURES: u32 = 3;

impl<S, U, M, L, H, C, E> SendMail<S, U, M, L, H, C, E>
where
    S: Issuing + Notices + FailureLog + MailQuota,
    U: UserDirectory,
    M: Mailer,
    L: MailComposer,
    H: CodeHasher,
    C: Clock + Pause,
    E: Entropy,
{
    /// Does one job. Doing it again after it was done changes nothing.
    ///
    /// # Errors
    ///
    /// [`JobError`] when the job is to be tried again. One that keeps failing by itself, even by a
    /// panic, is [`JobOutcome::Parked`] at its third failure.
    pub async fn execute(&self, job: &Job, look: Look) -> Result<JobOutcome, JobError> {
        // Boxed, so that the many layers below count as one for whoever awaits this.
        let work = Box::pin(self.work(&job.task, look));
        let worked = AssertUnwindSafe(work).catch_unwind().await;
        let reason = match worked {
            Ok(Err(JobError::Broken(reason))) => reason,
            Ok(other) => return other,
            Err(panic) => format!("panicked: {}", panic_message(panic.as_ref())),
        };
        let failures = self
            .store
            .count_failure(&job.pk, job.name(), self.clock.now())
            .await?;
        if failures < MAX_FAILURES {
            return Err(JobError::Broken(reason));
        }
        self.note_parked(&job.task).await;
        Ok(JobOutcome::Parked { reason })
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("for an unknown reason")
}
