use super::items::number;
use super::records::record_from_item;
use super::update::{Update, UpdateOutcome};
use super::{DynamoStore, keys};
use crate::domain::{ChangeTag, Locator};
use crate::ports::{CodeTries, Reservation, StoreError};

impl CodeTries for DynamoStore {
    async fn reserve(
        &self,
        locator: &Locator,
        change: Option<&ChangeTag>,
    ) -> Result<Reservation, StoreError> {
        // Whether a code is alive is not asked: who may write what tells that could bring dead ones back.
        let mut condition = "#code_attempts < :most".to_owned();
        let mut update = Update::default()
            .name("code_attempts")
            .value("one", number(1))
            .value("most", number(self.limits.code_max_tries))
            .set_expression("#code_attempts = #code_attempts + :one");
        if let Some(change) = change {
            condition.push_str(" AND attribute_not_exists(#links.#change)");
            let change = change.as_hash().encoded();
            update = update.name("links").alias("change", &change);
        }
        let key = keys::token(locator);
        Ok(match self.update_and_get(key, &update, &condition).await? {
            UpdateOutcome::New(item) => {
                record_from_item(item)?.map_or(Reservation::Refused(None), Reservation::Taken)
            }
            UpdateOutcome::Refused(item) => {
                Reservation::Refused(item.map_or(Ok(None), record_from_item)?)
            }
        })
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
