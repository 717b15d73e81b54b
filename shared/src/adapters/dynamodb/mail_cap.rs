use super::items::number;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{MailCap, Timestamp};
use crate::ports::{MailCapCounter, MailCapDecision, MailPriority, MailSlot, StoreError};

/// One item counts all mails of a window, and the repeats among them.
impl MailCapCounter for DynamoStore {
    async fn acquire(
        &self,
        cap: &MailCap,
        priority: MailPriority,
        now: Timestamp,
    ) -> Result<MailCapDecision, StoreError> {
        let (window, end) = cap.window_at(now);
        let start = window.unix_seconds();
        // A person who counts mails must not learn which one is the last.
        let size = cap.size(self.pseudonymizer.keyed_number("mail-cap", start));
        let update = Update::default()
            .set(keys::TTL, number(end.unix_seconds()))
            .name("total")
            .value("zero", number(0))
            .value("one", number(1))
            .value("size", number(size))
            .set_expression("#total = if_not_exists(#total, :zero) + :one");
        let room = "attribute_not_exists(#total) OR #total < :size";
        let taken = match priority {
            MailPriority::First => {
                let key = keys::mail_cap(start);
                self.update_if(key, &update, room).await?
            }
            MailPriority::Repeat => {
                let update = update
                    .name("repeats")
                    .value("repeats_size", number(MailCap::repeats_of(size)))
                    .set_expression("#repeats = if_not_exists(#repeats, :zero) + :one");
                let room = format!(
                    "({room}) AND (attribute_not_exists(#repeats) OR #repeats < :repeats_size)"
                );
                let key = keys::mail_cap(start);
                self.update_if(key, &update, &room).await?
            }
        };
        Ok(if taken {
            MailCapDecision::Slot(MailSlot { window, priority })
        } else {
            MailCapDecision::FullUntil(end)
        })
    }

    async fn release(&self, slot: MailSlot) -> Result<(), StoreError> {
        let mut update = Update::default()
            .name("total")
            .value("one", number(1))
            .set_expression("#total = #total - :one");
        if slot.priority == MailPriority::Repeat {
            update = update
                .name("repeats")
                .set_expression("#repeats = #repeats - :one");
        }
        // Refused only when the window is over and its item gone.
        let key = keys::mail_cap(slot.window.unix_seconds());
        self.update_if(key, &update, "#total >= :one").await?;
        Ok(())
    }
}
