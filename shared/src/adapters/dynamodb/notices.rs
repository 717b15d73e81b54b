use aws_sdk_dynamodb::types::AttributeValue;

use super::errors::store_error;
use super::items::to_item;
use super::records::{StoredDelivery, delivery_from};
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Delivery, NoticeId};
use crate::ports::{Notices, StoreError};

/// Of the mail to the account's address.
pub(super) const DELIVERY: &str = "delivery";
/// Of the mails to others, by their places.
pub(super) const DELIVERIES: &str = "deliveries";

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
        // Refused only when the notice is gone, and then there is nothing left to note.
        self.update_if(keys::notice(id), &update, "attribute_exists(#pk)")
            .await?;
        Ok(())
    }
}
