use super::{JobError, Worker, WorkerPorts};
use crate::domain::{ResetRecord, UserKey};
use crate::ports::{Clock as _, MailCapCounter as _, MailCapDecision, MailPriority, MailSlot};

impl<P: WorkerPorts> Worker<P> {
    /// Room for the mail to a user with this record. None when it would be a repeat that there is
    /// no room for: the person has a link that works.
    pub(super) async fn acquire_slot(
        &self,
        record: &ResetRecord,
        user: Option<&UserKey>,
    ) -> Result<Option<MailSlot>, JobError> {
        let now = self.clock.now();
        let priority = if record.has_working_link(user, now) {
            MailPriority::Repeat
        } else {
            MailPriority::First
        };
        match self.store.acquire(&self.mail_cap, priority, now).await? {
            MailCapDecision::Slot(slot) => Ok(Some(slot)),
            MailCapDecision::FullUntil(_) if priority == MailPriority::Repeat => Ok(None),
            MailCapDecision::FullUntil(until) => Err(JobError::Held { until }),
        }
    }

    /// Gives room back. When that fails the cap is reached a mail earlier, and nothing worse.
    pub(super) async fn release_slot(&self, slot: Option<MailSlot>) {
        let Some(slot) = slot else { return };
        if let Err(error) = self.store.release(slot).await {
            tracing::warn!(%error, "failed to give back the room of a mail that was not sent");
        }
    }
}
