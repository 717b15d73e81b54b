use super::items::number;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{MailCap, Timestamp};
use crate::ports::{MailQuota, MailRoom, MailSlot, StoreError};

/// One item counts all mails of a window.
impl MailQuota for DynamoStore {
    async fn take_slot(&self, cap: &MailCap, now: Timestamp) -> Result<MailRoom, StoreError> {
        let (window, end) = cap.window_at(now);
        let update = Update::default()
            .set(keys::TTL, number(end.unix_seconds()))
            .name("total")
            .value("zero", number(0))
            .value("one", number(1))
            .value("share", number(cap.share()))
            .set_expression("#total = if_not_exists(#total, :zero) + :one");
        let condition = "attribute_not_exists(#total) OR #total < :share";
        let key = keys::mail_cap(window.unix_seconds());
        let taken = self.update_if(key, &update, condition).await?;
        Ok(if taken {
            MailRoom::Slot(MailSlot { window })
        } else {
            MailRoom::FullUntil(end)
        })
    }

    async fn return_slot(&self, slot: MailSlot) -> Result<(), StoreError> {
        let update = Update::default()
            .name("total")
            .value("one", number(1))
            .set_expression("#total = #total - :one");
        // Refused only when the window is over and its item gone.
        let key = keys::mail_cap(slot.window.unix_seconds());
        self.update_if(key, &update, "#total >= :one").await?;
        Ok(())
    }
}
