use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::errors::store_error;
use super::items::{from_item, to_item};
use super::records::{StoredDelivery, delivery_from};
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Delivery, NoticeId, Timestamp};
use crate::ports::{EndedSessions, Notices, StoreError};

/// Of the mail to the account's address.
pub(super) const DELIVERY: &str = "delivery";
/// Of the mails to others, by their places.
pub(super) const DELIVERIES: &str = "deliveries";

const SESSIONS: &str = "sessions";
/// That sessions were ended, as it is stored.
const ENDED: &str = "ended";

/// What became of sessions.
#[derive(Serialize, Deserialize)]
struct StoredSessions {
    state: String,
    at: Timestamp,
    detail: String,
}

impl Notices for DynamoStore {
    async fn notice_delivery(&self, id: &NoticeId) -> Result<Option<Delivery>, StoreError> {
        let found = self.get(keys::notice(id)).send().await;
        let found = found.map_err(|error| store_error(&error))?;
        let mut item = found.item.unwrap_or_default();
        let Some(place) = id.other() else {
            return delivery_from(item.remove(DELIVERY));
        };
        match item.remove(DELIVERIES) {
            Some(AttributeValue::M(mut deliveries)) => delivery_from(deliveries.remove(place)),
            _ => Ok(None),
        }
    }

    async fn record_notice_delivery(
        &self,
        id: &NoticeId,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        let stored = to_item(&StoredDelivery::from(delivery))?;
        let stored = AttributeValue::M(stored);
        let update = Update::default().name(keys::PK);
        let update = match id.other() {
            None => update.set(DELIVERY, stored),
            Some(place) => update
                .name(DELIVERIES)
                .alias("place", place)
                .value("delivery", stored)
                .set_expression("#deliveries.#place = :delivery"),
        };
        // Refused only when the notice is gone, and then there is nothing left to record.
        self.update_if(keys::notice(id), &update, "attribute_exists(#pk)")
            .await?;
        Ok(())
    }

    async fn sessions_are_ended(&self, id: &NoticeId) -> Result<bool, StoreError> {
        let found = self.get(keys::notice(id)).send().await;
        let found = found.map_err(|error| store_error(&error))?;
        let sessions = found.item.and_then(|mut item| item.remove(SESSIONS));
        let Some(AttributeValue::M(sessions)) = sessions else {
            return Ok(false);
        };
        let stored: StoredSessions = from_item(sessions)?;
        Ok(stored.state == ENDED)
    }

    async fn record_sessions(
        &self,
        id: &NoticeId,
        ended: &Result<EndedSessions, String>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (state, detail) = match ended {
            Ok(ended) => (ENDED, ended.ended.to_string()),
            Err(reason) => ("failed", reason.clone()),
        };
        let stored = to_item(&StoredSessions {
            state: state.to_owned(),
            at: now,
            detail,
        })?;
        let update = Update::default()
            .set(SESSIONS, AttributeValue::M(stored))
            .name(keys::PK);
        self.update_if(keys::notice(id), &update, "attribute_exists(#pk)")
            .await?;
        Ok(())
    }
}
