use super::{JobError, SendMail};
use crate::ports::{
    Clock, CodeHasher, Entropy, FailureLog, Issuing, MailComposer, MailError, MailQuota, MailRoom,
    MailSlot, Mailer, Notices, OutgoingMail, Pause, UserDirectory,
};

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
    /// Room for one mail, or a job that waits for it.
    pub(super) async fn take_slot(&self) -> Result<MailSlot, JobError> {
        let taken = self.store.take_slot(&self.mail_cap, self.clock.now());
        match taken.await? {
            MailRoom::Slot(slot) => Ok(slot),
            MailRoom::FullUntil(until) => Err(JobError::Held { until }),
        }
    }

    /// Hands a mail over. What was certainly not taken does not count: else an outage of SES would
    /// use the cap up by itself, and mails would wait on after it.
    pub(super) async fn hand_over(
        &self,
        mail: &OutgoingMail,
        slot: MailSlot,
    ) -> Result<String, MailError> {
        let sent = self.mailer.send(mail).await;
        match &sent {
            Ok(_) | Err(MailError::Unknown(_)) => {}
            Err(
                MailError::NotAccepted(_)
                | MailError::MailRefused(_)
                | MailError::RecipientRejected(_),
            ) => self.return_slot(slot).await,
        }
        sent
    }

    /// Gives room back. When that fails the cap is reached a mail earlier, and nothing worse.
    pub(super) async fn return_slot(&self, slot: MailSlot) {
        if let Err(error) = self.store.return_slot(slot).await {
            tracing::warn!(%error, "failed to give back the room of a mail that was not sent");
        }
    }
}
