use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::errors::store_error;
use super::items::{Item, from_item};
use super::rejections::StoredRejections;
use super::stored_key::StoredKey;
use super::stored_secret::{StoredSecret, issued};
use super::{DynamoStore, keys};
use crate::domain::{
    AppId, CodeSalt, Codes, CredentialTag, Delivery, Locator, Owner, Rejections, RequestId,
    ResetRecord, Timestamp, UserKey,
};
use crate::ports::{ResetRecords, StoreError};

/// A `token#` item, without its key. Every attribute is there at every moment, but for the keys of
/// users whom there may not be.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredRecord {
    pub(super) app: String,
    /// As many as there may be, most of them nobody.
    pub(super) owners: Vec<StoredOwner>,
    /// Of each owner. Only confirming counts; the worker makes it.
    pub(super) rejections: Vec<StoredRejections>,
    /// As many as there may be, most of them decoys, as are the codes.
    pub(super) links: BTreeMap<String, StoredSecret>,
    /// Whatever expires later was killed.
    pub(super) links_expire_at: Timestamp,
    pub(super) codes: BTreeMap<String, StoredSecret>,
    pub(super) code_salt: String,
    /// Tries that were taken of the codes. The worker starts it anew with each round.
    pub(super) code_attempts: u32,
    pub(super) code_round: u64,
    pub(super) codes_expire_at: Timestamp,
    pub(super) deliveries: BTreeMap<String, StoredDelivery>,
    pub(super) revision: u64,
    pub(super) ttl: i64,
}

/// Whose links and codes are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredOwner {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_key: Option<StoredKey>,
    credential_tag: String,
    email: String,
}

impl From<&Owner> for StoredOwner {
    fn from(owner: &Owner) -> Self {
        Self {
            user_key: owner.user_key.as_ref().map(StoredKey::from),
            credential_tag: owner.credential_tag.as_str().to_owned(),
            email: owner.email.clone(),
        }
    }
}

impl From<StoredOwner> for Owner {
    fn from(stored: StoredOwner) -> Self {
        Self {
            user_key: stored.user_key.map(UserKey::from),
            credential_tag: CredentialTag::from_stored(stored.credential_tag),
            email: stored.email,
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredDelivery {
    pub(super) state: String,
    pub(super) at: Timestamp,
    /// Empty when there is none, as is the next.
    pub(super) detail: String,
    pub(super) link: String,
    pub(super) unclear_tries: u32,
}

impl From<&Delivery> for StoredDelivery {
    fn from(delivery: &Delivery) -> Self {
        Self {
            state: delivery.state.as_str().to_owned(),
            at: delivery.at,
            detail: delivery.detail.clone().unwrap_or_default(),
            link: delivery.link.clone().unwrap_or_default(),
            unclear_tries: delivery.unclear_tries,
        }
    }
}

impl TryFrom<StoredDelivery> for Delivery {
    type Error = StoreError;

    fn try_from(stored: StoredDelivery) -> Result<Self, StoreError> {
        let state = stored.state.parse();
        Ok(Self {
            state: state.map_err(|_| StoreError::Corrupt("no such delivery state".to_owned()))?,
            at: stored.at,
            detail: some(stored.detail),
            link: some(stored.link),
            unclear_tries: stored.unclear_tries,
        })
    }
}

impl TryFrom<StoredRecord> for ResetRecord {
    type Error = StoreError;

    fn try_from(stored: StoredRecord) -> Result<Self, StoreError> {
        Ok(Self {
            app: AppId::new(&stored.app)
                .ok_or_else(|| StoreError::Corrupt("no such app name".to_owned()))?,
            owners: stored.owners.into_iter().map(Owner::from).collect(),
            rejections: stored
                .rejections
                .into_iter()
                .map(Rejections::from)
                .collect(),
            links: issued(stored.links, stored.links_expire_at),
            codes: Codes {
                salt: some(stored.code_salt).map(CodeSalt::new),
                hashes: issued(stored.codes, stored.codes_expire_at),
                attempts: stored.code_attempts,
                round: stored.code_round,
                is_new_round: false,
            },
            deliveries: stored
                .deliveries
                .into_iter()
                .map(|(id, delivery)| Ok((RequestId::new(&id), delivery.try_into()?)))
                .collect::<Result<_, StoreError>>()?,
            revision: stored.revision,
        })
    }
}

/// A text that is not empty.
fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The delivery in an attribute, if there is one.
pub(super) fn delivery_from(value: Option<AttributeValue>) -> Result<Option<Delivery>, StoreError> {
    match value {
        Some(AttributeValue::M(item)) => {
            let stored: StoredDelivery = from_item(item)?;
            stored.try_into().map(Some)
        }
        Some(_) => Err(StoreError::Corrupt("a delivery is no map".to_owned())),
        None => Ok(None),
    }
}

/// The record in an item; none when the item only counts failures.
pub(super) fn record_from_item(item: Item) -> Result<Option<ResetRecord>, StoreError> {
    if !item.contains_key("revision") {
        return Ok(None);
    }
    let stored: StoredRecord = from_item(item)?;
    stored.try_into().map(Some)
}

impl ResetRecords for DynamoStore {
    async fn load(&self, locator: &Locator) -> Result<Option<ResetRecord>, StoreError> {
        let found = self.get(keys::token(locator)).send().await;
        let found = found.map_err(|error| store_error(&error))?;
        found.item.map_or(Ok(None), record_from_item)
    }
}
