use super::outcome::Conclusion;
use super::{JobError, JobOutcome, Parts, Worker};
use crate::domain::{EmailAddress, Job, JobTask};
use crate::ports::Clock as _;
use crate::telemetry::MEASURED;

impl<P: Parts> Worker<P> {
    /// Writes the audit log's line of a job.
    pub(super) fn log(&self, job: &Job, concluded: &Conclusion) {
        self.measure_age(job);
        let (account, mail, job) = (self.account(job), mail(job), job.name());
        match concluded {
            Ok(JobOutcome::Sent { message_id }) => {
                tracing::info!(event = "mail-sent", mail, account, job, message_id);
            }
            // Somebody has to look into the users table, or whether it is an attack.
            Ok(JobOutcome::Skipped { reason })
                if ["ambiguous-address", "repeat-over-cap"].contains(reason) =>
            {
                tracing::warn!(event = "mail-skipped", mail, account, job, reason);
            }
            Ok(JobOutcome::Skipped { reason }) => {
                tracing::info!(event = "mail-skipped", mail, account, job, reason);
            }
            Ok(JobOutcome::Duplicate) => {
                tracing::info!(event = "mail-duplicate", mail, account, job);
            }
            Ok(JobOutcome::Failed { reason }) => {
                tracing::warn!(event = "mail-rejected", mail, account, job, reason);
            }
            Ok(JobOutcome::Parked { reason }) => {
                tracing::error!(event = "mail-parked", mail, account, job, reason);
            }
            // Rings: whether it is an attack or a busy hour, somebody has to look.
            Err(JobError::Held { until }) => {
                let until = until.to_rfc3339();
                tracing::warn!(event = "mail-held", mail, account, job, until);
            }
            Err(JobError::Retry(reason) | JobError::Broken(reason)) => {
                tracing::warn!(event = "mail-deferred", mail, account, job, reason);
            }
        }
    }

    /// How long somebody has waited for this mail so far; the greatest of these is the age of the
    /// oldest one.
    fn measure_age(&self, job: &Job) {
        let asked = match &job.task {
            JobTask::Reset(request) => request.requested_at,
            JobTask::Changed(notice) => notice.changed_at,
            JobTask::Unreadable { .. } => return,
        };
        let age = asked.seconds_until(self.clock.now());
        let seconds = u32::try_from(age).unwrap_or(u32::MAX);
        tracing::info!(target: MEASURED, mail_age_seconds = f64::from(seconds));
    }

    fn account(&self, job: &Job) -> Option<String> {
        let email = match &job.task {
            JobTask::Reset(request) => Some(request.email.clone()),
            JobTask::Changed(notice) => EmailAddress::parse(&notice.email).ok(),
            JobTask::Unreadable { .. } => None,
        };
        email.map(|email| self.pseudonymizer.email(&email).to_string())
    }
}

/// Which mail a job asks for, as logs say it.
const fn mail(job: &Job) -> &'static str {
    match job.task {
        JobTask::Reset(_) => "reset",
        JobTask::Changed(_) => "changed",
        JobTask::Unreadable { .. } => "unknown",
    }
}
