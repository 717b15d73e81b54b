use super::{JobError, Parts, Worker};
use crate::ports::{Clock as _, MailQuota as _, MailRoom, MailSlot};

impl<P: Parts> Worker<P> {
    /// Room for one mail, or a job that waits for it.
    pub(super) async fn take_slot(&self) -> Result<MailSlot, JobError> {
        let taken = self.store.take_slot(&self.mail_cap, self.clock.now());
        match taken.await? {
            MailRoom::Slot(slot) => Ok(slot),
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
