use super::decoys::{LONG_AGO, filled_up, last_expiry};
use super::items::{number, to_attribute};
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Codes, Locator, ResetRecord};
use crate::ports::{Revocations, SaveOutcome, StoreError};

/// True while a record is the one that was read.
pub(super) const UNCHANGED: &str = "#revision = :expected";

impl Revocations for DynamoStore {
    async fn save_ended(
        &self,
        locator: &Locator,
        record: &ResetRecord,
    ) -> Result<SaveOutcome, StoreError> {
        let update = ended(record)?;
        let saved = self
            .update_if(keys::token(locator), &update, UNCHANGED)
            .await?;
        Ok(if saved {
            SaveOutcome::Saved
        } else {
            SaveOutcome::Outdated
        })
    }

    async fn revoke_all(&self, locator: &Locator) -> Result<(), StoreError> {
        // An entry that expires after `links_expire_at` counts as dead.
        let update = Update::default()
            .set("links_expire_at", number(LONG_AGO.unix_seconds()))
            .set("codes_expire_at", number(LONG_AGO.unix_seconds()));
        // Refused only when there is nothing to kill.
        let key = keys::token(locator);
        self.update_if(key, &revised(update), "attribute_exists(#revision)")
            .await?;
        Ok(())
    }
}

/// Writes which links and codes of a record are alive, and that it was changed.
pub(super) fn ended(record: &ResetRecord) -> Result<Update, StoreError> {
    let codes = &record.codes.hashes;
    let links = to_attribute(&filled_up(&record.links, ResetRecord::MAX_LINKS))?;
    let update = Update::default()
        .set("links", links)
        .set(
            "links_expire_at",
            number(last_expiry(&record.links).unix_seconds()),
        )
        .set("codes", to_attribute(&filled_up(codes, Codes::MAX))?)
        .set("codes_expire_at", number(last_expiry(codes).unix_seconds()))
        .value("expected", number(record.revision));
    Ok(revised(update))
}

/// Counts one more change of the record.
pub(super) fn revised(update: Update) -> Update {
    update
        .name("revision")
        .value("one", number(1))
        .set_expression("#revision = #revision + :one")
}
