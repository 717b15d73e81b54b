use super::items::number;
use super::records::record_from_item;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Locator, ResetRecord, Timestamp};
use crate::ports::{CodeTries, StoreError};

impl CodeTries for DynamoStore {
    async fn reserve(
        &self,
        locator: &Locator,
        now: Timestamp,
    ) -> Result<Option<ResetRecord>, StoreError> {
        let update = Update::default()
            .name("code_attempts")
            .name("codes_expire_at")
            .value("one", number(1))
            .value("most", number(self.limits.code_max_tries))
            .value("now", number(now.unix_seconds()))
            .set_expression("#code_attempts = #code_attempts + :one");
        let condition = "#code_attempts < :most AND #codes_expire_at > :now";
        let item = self
            .update_and_get(keys::token(locator), &update, condition)
            .await?;
        item.map_or(Ok(None), record_from_item)
    }

    async fn refund(&self, locator: &Locator, round: u64) -> Result<(), StoreError> {
        let update = Update::default()
            .name("code_attempts")
            .name("code_round")
            .value("one", number(1))
            .value("round", number(round))
            .set_expression("#code_attempts = #code_attempts - :one");
        // Refused when another round has begun, whose tries start anew.
        let condition = "#code_round = :round AND #code_attempts >= :one";
        self.update_if(keys::token(locator), &update, condition)
            .await?;
        Ok(())
    }
}
