use aws_sdk_dynamodb::types::AttributeValue;

use super::errors::store_error;
use super::items::to_item;
use super::records::{StoredDelivery, delivery_from};
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Delivery, NoticeId};
use crate::ports::{Notices, StoreError};

const DELIVERY: &str = "delivery";

impl Notices for DynamoStore {
    async fn notice_delivery(&self, id: &NoticeId) -> Result<Option<Delivery>, StoreError> {
        let found = self.get(keys::notice(id)).send().await;
        let found = found.map_err(|error| store_error(&error))?;
        delivery_from(found.item.and_then(|mut item| item.remove(DELIVERY)))
    }

    async fn record_notice_delivery(
        &self,
        id: &NoticeId,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        let stored = to_item(&StoredDelivery::from(delivery))?;
        let update = Update::default()
            .set(DELIVERY, AttributeValue::M(stored))
            .name(keys::PK);
        // Refused only when the notice is gone, and then there is nothing left to note.
        self.update_if(keys::notice(id), &update, "attribute_exists(#pk)")
            .await?;
        Ok(())
    }
}
