use aws_sdk_dynamodb::types::AttributeValue;

use super::errors::store_error;
use super::items::{from_item, to_item};
use super::records::StoredDelivery;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Delivery, NoticeId};
use crate::ports::{Notices, StoreError};

const DELIVERY: &str = "delivery";

impl Notices for DynamoStore {
    async fn notice_delivery(&self, id: &NoticeId) -> Result<Option<Delivery>, StoreError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(keys::PK, keys::notice(id))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        match found.item.and_then(|mut item| item.remove(DELIVERY)) {
            Some(AttributeValue::M(item)) => {
                let stored: StoredDelivery = from_item(item)?;
                stored.try_into().map(Some)
            }
            Some(_) => Err(StoreError::Corrupt("a delivery is no map".to_owned())),
            None => Ok(None),
        }
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
