use super::outcome::JobResult;
use super::{JobError, JobOutcome, Worker, WorkerPorts};
use crate::domain::{AuditEvent, AuditedJob, EmailAddress, Job, JobTask, MailKind};
use crate::ports::{Clock as _, EndedSessions, Measurement, measure, record};

impl<P: WorkerPorts> Worker<P> {
    /// Records how a job ended.
    pub(super) fn log(&self, job: &Job, concluded: &JobResult) {
        self.measure_age(job);
        let job = self.audited(job);
        record(&match concluded {
            Ok(JobOutcome::Sent {
                message_id,
                shares_address,
            }) => AuditEvent::MailSent {
                job,
                message_id,
                shares_address: *shares_address,
            },
            Ok(JobOutcome::Skipped { reason }) => {
                let reason = *reason;
                AuditEvent::MailSkipped { job, reason }
            }
            Ok(JobOutcome::Duplicate) => AuditEvent::MailDuplicate { job },
            Ok(JobOutcome::Failed { reason }) => AuditEvent::MailRejected { job, reason },
            Ok(JobOutcome::Parked { reason }) => AuditEvent::MailParked { job, reason },
            Err(JobError::Held { until }) => {
                let until = until.to_rfc3339();
                AuditEvent::MailHeld { job, until }
            }
            Err(JobError::Retry(reason) | JobError::Broken(reason)) => {
                AuditEvent::MailDeferred { job, reason }
            }
        });
    }

    /// Records what became of the sessions from before a change.
    pub(super) fn log_sessions(&self, job: &Job, ended: &Result<EndedSessions, String>) {
        let job = self.audited(job);
        record(&match ended {
            Ok(EndedSessions { ended, undated }) => AuditEvent::SessionsEnded {
                job,
                ended: *ended,
                undated: *undated,
            },
            Err(reason) => AuditEvent::SessionsGivenUp { job, reason },
        });
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
        measure(Measurement::MailAge(u32::try_from(age).unwrap_or(u32::MAX)));
    }

    fn audited<'j>(&self, job: &'j Job) -> AuditedJob<'j> {
        let (mail, email) = match &job.task {
            JobTask::Reset(request) => (MailKind::Reset, Some(request.email.clone())),
            JobTask::Changed(it) => (MailKind::Changed, EmailAddress::parse(&it.email).ok()),
            JobTask::Unreadable { .. } => (MailKind::Unknown, None),
        };
        AuditedJob {
            mail,
            account: email.map(|email| self.pseudonymizer.email(&email)),
            job: job.name(),
        }
    }
}
