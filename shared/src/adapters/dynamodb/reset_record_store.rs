use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;

use super::decoys::{dead, filled_up, last_expiry};
use super::items::{number, to_item};
use super::records::{StoredDelivery, StoredOwner, StoredRecord};
use super::rejections::StoredRejections;
use super::revocations::revised;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Codes, Delivery, IssuedSecrets, Locator, RequestId, ResetRecord};
use crate::ports::{ResetRecordStore, SaveOutcome, StoreError};

/// How long what became of a mail is remembered beyond the life of its link, so that somebody who
/// asks "where is my mail" can be answered.
const KEPT_BEYOND_USE: Duration = Duration::from_hours(1);

const CODE_ATTEMPTS: &str = "code_attempts";
const REJECTIONS: &str = "rejections";

impl From<&ResetRecord> for StoredRecord {
    fn from(record: &ResetRecord) -> Self {
        let codes = &record.codes;
        let salt = codes.salt.as_ref();
        let deliveries = record.deliveries.iter();
        Self {
            app: record.app.as_str().to_owned(),
            owners: record.owners.iter().map(StoredOwner::from).collect(),
            rejections: vec![StoredRejections::NONE; ResetRecord::OWNERS],
            links: filled_up(&record.links, ResetRecord::MAX_LINKS),
            links_expire_at: last_expiry(&record.links),
            codes: filled_up(&codes.hashes, Codes::MAX),
            code_salt: salt.map_or_else(String::new, |salt| salt.as_str().to_owned()),
            code_attempts: codes.attempts,
            code_round: codes.round,
            codes_expire_at: last_expiry(&codes.hashes),
            deliveries: deliveries
                .map(|(id, delivery)| (id.as_str().to_owned(), delivery.into()))
                .collect(),
            revision: record.revision + 1,
            ttl: (record.expires_at() + KEPT_BEYOND_USE).unix_seconds(),
        }
    }
}

impl ResetRecordStore for DynamoStore {
    async fn save(
        &self,
        locator: &Locator,
        record: &ResetRecord,
    ) -> Result<SaveOutcome, StoreError> {
        let mut item = to_item(&StoredRecord::from(record))?;
        if !record.codes.is_new_round {
            // Somebody may have taken a try of the round since it was read.
            item.remove(CODE_ATTEMPTS);
        }
        if record.revision > 0 {
            // Rejections that were counted before are kept too.
            item.remove(REJECTIONS);
        }
        let update = Update::default().set_all(item);
        let (condition, update) = if record.revision == 0 {
            ("attribute_not_exists(#revision)", update)
        } else {
            let expected = number(record.revision);
            ("#revision = :expected", update.value("expected", expected))
        };
        let key = keys::token(locator);
        let saved = self.update_if(key, &update, condition).await?;
        Ok(if saved {
            SaveOutcome::Saved
        } else {
            SaveOutcome::Outdated
        })
    }

    async fn record_delivery(
        &self,
        locator: &Locator,
        id: &RequestId,
        delivery: &Delivery,
        unmailed: Option<&IssuedSecrets>,
    ) -> Result<(), StoreError> {
        let stored = AttributeValue::M(to_item(&StoredDelivery::from(delivery))?);
        let recorded = || {
            revised(Update::default())
                .name("deliveries")
                .alias("id", id.as_str())
                .value("delivery", stored.clone())
                .set_expression("#deliveries.#id = :delivery")
        };
        let key = keys::token(locator);
        if let Some(IssuedSecrets { link, code, .. }) = unmailed {
            let update = recorded()
                .name("links")
                .alias("link", &link.encoded())
                .name("codes")
                .alias("code", code.as_str())
                .value("dead", dead())
                .set_expression("#links.#link = :dead")
                .set_expression("#codes.#code = :dead");
            // Where they are gone already, nothing takes their place.
            let condition = "attribute_exists(#links.#link) AND attribute_exists(#codes.#code)";
            if self.update_if(key.clone(), &update, condition).await? {
                return Ok(());
            }
        }
        // Refused only when the item is gone, and then there is nothing left to record.
        self.update_if(key, &recorded(), "attribute_exists(#revision)")
            .await?;
        Ok(())
    }
}
