use super::items::{number, text};
use super::records::record_from_item;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{CodeHash, Locator, Timestamp};
use crate::ports::{CodeTries, ReservedCode, StoreError};

impl CodeTries for DynamoStore {
    async fn reserve(
        &self,
        locator: &Locator,
        now: Timestamp,
    ) -> Result<Option<ReservedCode>, StoreError> {
        let update = Update::default()
            .name("code_attempts")
            .name("code_expires_at")
            .value("one", number(1))
            .value("most", number(self.limits.code_max_tries))
            .value("now", number(now.unix_seconds()))
            .set_expression("#code_attempts = #code_attempts + :one");
        let condition = sabotage!(
            TriesUncounted => "(#code_attempts < :most OR :most < :now) AND #code_expires_at > :now",
            else "#code_attempts < :most AND #code_expires_at > :now"
        );
        let item = self
            .update_and_get(keys::token(locator), &update, condition)
            .await?;
        let record = item.map_or(Ok(None), record_from_item)?;
        Ok(record.and_then(|record| {
            let code = record.code.clone()?;
            Some(ReservedCode { code, record })
        }))
    }

    async fn refund(&self, locator: &Locator, hash: &CodeHash) -> Result<(), StoreError> {
        let update = Update::default()
            .name("code_attempts")
            .name("code_hash")
            .value("one", number(1))
            .value("hash", text(hash.as_str()))
            .set_expression("#code_attempts = #code_attempts - :one");
        // Refused when the code has been replaced, whose tries start anew.
        let condition = "#code_hash = :hash AND #code_attempts >= :one";
        self.update_if(keys::token(locator), &update, condition)
            .await?;
        Ok(())
    }
}
