use super::{JobError, Parts, Worker};
use crate::domain::{ResetRecord, UserKey};
use crate::ports::{Clock as _, MailQuota as _, MailRoom, MailSlot, MailTurn};

impl<P: Parts> Worker<P> {
    /// Room for the mail to a user with this record. None when it would be a repeat that there is
    /// no room for: the person has a link that works.
    pub(super) async fn take_slot(
        &self,
        record: &ResetRecord,
        user: Option<&UserKey>,
    ) -> Result<Option<MailSlot>, JobError> {
        let now = self.clock.now();
        let turn = if record.is_answered(user, now) {
            MailTurn::Repeat
        } else {
            MailTurn::First
        };
        match self.store.take_slot(&self.mail_cap, turn, now).await? {
            MailRoom::Slot(slot) => Ok(Some(slot)),
            MailRoom::FullUntil(_) if turn == MailTurn::Repeat => Ok(None),
            MailRoom::FullUntil(until) => Err(JobError::Held { until }),
        }
    }

    /// Gives room back. When that fails the cap is reached a mail earlier, and nothing worse.
    pub(super) async fn return_slot(&self, slot: Option<MailSlot>) {
        let Some(slot) = slot else { return };
        if let Err(error) = self.store.return_slot(slot).await {
            tracing::warn!(%error, "failed to give back the room of a mail that was not sent");
        }
    }
}
