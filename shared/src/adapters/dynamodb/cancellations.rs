use super::decoys::{LONG_AGO, no_codes, no_links};
use super::items::{number, text};
use super::records::record_from_item;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Locator, ResetRecord, SecretHash, Timestamp};
use crate::ports::{Cancellations, StoreError};

impl Cancellations for DynamoStore {
    async fn cancel(
        &self,
        locator: &Locator,
        link: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<ResetRecord>, StoreError> {
        let update = kill_all(Update::default())
            .set("cancelled", text(link.encoded()))
            .alias("link", &link.encoded())
            .value("now", number(now.unix_seconds()));
        let cancelled = self
            .update_and_get(keys::token(locator), &update, "#links.#link > :now")
            .await?;
        cancelled.map_or(Ok(None), record_from_item)
    }

    async fn revoke_all(&self, locator: &Locator) -> Result<(), StoreError> {
        let update = kill_all(Update::default());
        // Refused only when there is nothing to kill.
        let key = keys::token(locator);
        self.update_if(key, &update, "attribute_exists(#revision)")
            .await?;
        Ok(())
    }
}

/// Puts decoys in the place of every link and every code.
pub(super) fn kill_all(update: Update) -> Update {
    let update = update
        .set("links", no_links())
        .set("codes", no_codes())
        .set("codes_expire_at", number(LONG_AGO.unix_seconds()));
    revised(update)
}

/// Counts one more change of the record.
pub(super) fn revised(update: Update) -> Update {
    update
        .name("revision")
        .value("one", number(1))
        .set_expression("#revision = #revision + :one")
}
