//! The mail worker's half of the outbox.

mod issue;
mod job;
mod notify;
mod noting;
mod parking;
mod quota;

pub use job::{JobError, JobOutcome, Look};

use crate::domain::{Apps, Delivery, DeliveryState, JobTask, Limits, MailCap, OwnPages};
use crate::ports::{
    Clock, CodeHasher, Entropy, FailureLog, Issuing, MailComposer, MailError, MailQuota, Mailer,
    Notices, Pause, UserDirectory,
};

/// Turns accepted requests into reset mails, and notices into "your password was changed" mails.
#[derive(Debug, Clone)]
pub struct SendMail<S, U, M, L, H, C, E> {
    /// Records, notices and the failure log.
    pub store: S,
    /// The users table.
    pub users: U,
    /// The mail service.
    pub mailer: M,
    /// The letters.
    pub composer: L,
    /// The slow hash, for codes.
    pub hasher: H,
    /// The time.
    pub clock: C,
    /// Randomness, for secrets.
    pub entropy: E,
    /// The apps.
    pub apps: Apps,
    /// How long secrets live.
    pub limits: Limits,
    /// How many mails may go out.
    pub mail_cap: MailCap,
    /// Links to the pages that this deployment serves itself.
    pub own_pages: OwnPages,
}

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
    async fn work(&self, task: &JobTask, look: Look) -> Result<JobOutcome, JobError> {
        match task {
            JobTask::Reset(request) => self.issue(request, look).await,
            JobTask::Changed(notice) => self.notify(notice).await,
            JobTask::Unreadable { reason, .. } => Err(JobError::Broken(reason.clone())),
        }
    }

    fn delivery(&self, state: DeliveryState, detail: Option<&str>) -> Delivery {
        Delivery::new(state, self.clock.now(), detail)
    }

    /// What handing over a mail means for its delivery and its job.
    fn conclude(&self, sent: Result<String, MailError>) -> (Option<Delivery>, Conclusion) {
        match sent {
            Ok(message_id) => (
                Some(self.delivery(DeliveryState::Sent, Some(&message_id))),
                Ok(JobOutcome::Sent { message_id }),
            ),
            Err(MailError::RecipientRejected(reason)) => (
                Some(self.delivery(DeliveryState::Failed, Some(&reason))),
                Ok(JobOutcome::Failed { reason }),
            ),
            Err(MailError::NotAccepted(reason)) => (
                Some(self.delivery(DeliveryState::Deferred, Some(&reason))),
                Err(JobError::Retry(reason)),
            ),
            Err(MailError::MailRefused(reason)) => (
                Some(self.delivery(DeliveryState::Deferred, Some(&reason))),
                Err(JobError::Broken(reason)),
            ),
            // Still pending: it may be in the inbox, so its link must live.
            Err(MailError::Unknown(reason)) => (None, Err(JobError::Retry(reason))),
        }
    }
}

type Conclusion = Result<JobOutcome, JobError>;
