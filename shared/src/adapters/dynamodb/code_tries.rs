use super::items::number;
use super::records::record_from_item;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{IssuedCode, Locator, Timestamp};
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

    async fn refund(&self, locator: &Locator, code: &IssuedCode) -> Result<(), StoreError> {
        let expires_at = code.expires_at.unix_seconds();
        let update = Update::default()
            .name("code_attempts")
            .name("code_expires_at")
            .value("one", number(1))
            .value("expires_at", number(expires_at))
            .set_expression("#code_attempts = #code_attempts - :one");
        // Refused when the code has been replaced, whose tries start anew. Its expiry tells the two
        // apart: verify-token has no right to name the hash in a write.
        let condition = "#code_expires_at = :expires_at AND #code_attempts >= :one";
        self.update_if(keys::token(locator), &update, condition)
            .await?;
        Ok(())
    }
}
