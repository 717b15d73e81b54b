use super::items::number;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{MailCap, Timestamp};
use crate::ports::{MailQuota, MailRoom, MailSlot, MailTurn, StoreError};

/// One item counts all mails of a window, and the repeats among them.
impl MailQuota for DynamoStore {
    async fn take_slot(
        &self,
        cap: &MailCap,
        turn: MailTurn,
        now: Timestamp,
    ) -> Result<MailRoom, StoreError> {
        let (window, end) = cap.window_at(now);
        let start = window.unix_seconds();
        // Nobody who counts mails is to know which one is the last.
        let size = cap.size(self.pseudonymizer.draw("mail-cap", start));
        let update = Update::default()
            .set(keys::TTL, number(end.unix_seconds()))
            .name("total")
            .value("zero", number(0))
            .value("one", number(1))
            .value("size", number(size))
            .set_expression("#total = if_not_exists(#total, :zero) + :one");
        let room = "attribute_not_exists(#total) OR #total < :size";
        let taken = match turn {
            MailTurn::First => {
                let key = keys::mail_cap(start);
                self.update_if(key, &update, room).await?
            }
            MailTurn::Repeat => {
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
            MailRoom::Slot(MailSlot { window, turn })
        } else {
            MailRoom::FullUntil(end)
        })
    }

    async fn return_slot(&self, slot: MailSlot) -> Result<(), StoreError> {
        let mut update = Update::default()
            .name("total")
            .value("one", number(1))
            .set_expression("#total = #total - :one");
        if slot.turn == MailTurn::Repeat {
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
