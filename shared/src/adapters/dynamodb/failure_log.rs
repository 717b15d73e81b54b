use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;

use super::DynamoStore;
use super::items::number;
use super::keys::{self, OutboxKey};
use super::update::{Update, UpdateOutcome};
use crate::domain::Timestamp;
use crate::ports::{FailureLog, StoreError};

/// A stream keeps its records for a day, so no retry comes later.
const KEPT: Duration = Duration::from_hours(24);

impl FailureLog for DynamoStore {
    async fn count_failure(&self, pk: &str, job: &str, now: Timestamp) -> Result<u32, StoreError> {
        let key = OutboxKey::parse(pk)
            .map(|key| key.failure_item())
            .ok_or_else(|| StoreError::Corrupt("no key of the outbox".to_owned()))?;
        let counter = format!("failures:{job}");
        let update = Update::default()
            .alias("failures", &counter)
            .name(keys::TTL)
            .value("zero", number(0))
            .value("one", number(1))
            .value("kept", number((now + KEPT).unix_seconds()))
            .set_expression("#failures = if_not_exists(#failures, :zero) + :one")
            .set_expression("#ttl = if_not_exists(#ttl, :kept)");
        let condition = "attribute_not_exists(#failures) OR #failures >= :zero";
        let count = match self.update_and_get(key, &update, condition).await? {
            UpdateOutcome::New(mut item) => item.remove(&counter),
            UpdateOutcome::Refused(_) => None,
        };
        match count {
            Some(AttributeValue::N(count)) => count
                .parse()
                .map_err(|_| StoreError::Corrupt("a failure count is no count".to_owned())),
            _ => Err(StoreError::Corrupt("a failure was not counted".to_owned())),
        }
    }
}
