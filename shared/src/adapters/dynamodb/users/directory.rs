use aws_sdk_dynamodb::Client;

use super::mapping::{UserMapping, UserTables};
use crate::adapters::dynamodb::errors::store_error;
use crate::adapters::dynamodb::items::{Item, text};
use crate::domain::{AppId, EmailAddress, User, UserKey, UserLookup};
use crate::ports::{StoreError, UserDirectory};

/// Items of an index that are looked at for one address: some may be of accounts that are disabled,
/// or have another address by now, because an index lags. With more than these, nobody is mailed.
const MAX_CANDIDATES: i32 = 8;

#[derive(Debug, Clone)]
pub struct DynamoUsers {
    pub(super) client: Client,
    pub(super) tables: UserTables,
}

impl DynamoUsers {
    pub const fn new(client: Client, tables: UserTables) -> Self {
        Self { client, tables }
    }

    /// A user's item, read strongly consistent.
    pub(super) async fn item(
        &self,
        mapping: &UserMapping,
        key: &UserKey,
    ) -> Result<Option<Item>, StoreError> {
        let found = self
            .client
            .get_item()
            .table_name(&mapping.table)
            .set_key(Some(mapping.key_item(key)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        Ok(found.item)
    }

    async fn user(&self, mapping: &UserMapping, key: &UserKey) -> Result<Option<User>, StoreError> {
        // A key that was remembered before the settings changed names nobody.
        if key.sort.is_some() != mapping.sort_key.is_some() {
            return Ok(None);
        }
        let Some(item) = self.item(mapping, key).await? else {
            return Ok(None);
        };
        if let Some(obstacle) = mapping.obstacle(&item) {
            tracing::error!(obstacle, "the password of a user cannot be reset");
        }
        Ok(mapping.user(&item))
    }

    /// The keys of those who have this spelling of an address, as far as the index has caught up.
    async fn keys(
        &self,
        mapping: &UserMapping,
        spelling: &str,
    ) -> Result<Vec<UserKey>, StoreError> {
        let lookup = &mapping.lookup;
        let parts = [Some(&lookup.partition), lookup.sort.as_ref()];
        let parts = parts.into_iter().flatten();
        let wanted = parts.map(|part| (part.attribute.clone(), text(part.value.fill(spelling))));
        let Some(index) = &lookup.index else {
            return Ok(mapping.user_key(&wanted.collect()).into_iter().collect());
        };
        let mut query = self.client.query().table_name(&mapping.table);
        let mut conditions = Vec::new();
        for (place, (name, value)) in wanted.enumerate() {
            conditions.push(format!("#k{place} = :k{place}"));
            query = query
                .expression_attribute_names(format!("#k{place}"), name)
                .expression_attribute_values(format!(":k{place}"), value);
        }
        let found = query
            .index_name(index)
            .key_condition_expression(conditions.join(" AND "))
            .limit(MAX_CANDIDATES)
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        let items = found.items.unwrap_or_default();
        Ok(items
            .iter()
            .filter_map(|item| mapping.user_key(item))
            .collect())
    }

    /// The user with this address in the table of a mapping, by the items: the index may lag behind.
    /// Every spelling is looked for, even when the first one has found somebody.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn find(
        &self,
        mapping: &UserMapping,
        email: &EmailAddress,
    ) -> Result<UserLookup, StoreError> {
        let mut users: Vec<User> = Vec::new();
        for spelling in mapping.spellings(email) {
            let keys = self.keys(mapping, &spelling).await?;
            if i32::try_from(keys.len()).is_ok_and(|keys| keys >= MAX_CANDIDATES) {
                return Ok(UserLookup::Ambiguous);
            }
            for key in keys {
                if users.iter().any(|user| user.key == key) {
                    continue;
                }
                let user = self.user(mapping, &key).await?;
                users.extend(user.filter(|user| email.matches(&user.email)));
            }
        }
        Ok(UserLookup::among(users, email))
    }

    /// An item that an address finds, of a user whose password cannot be changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn find_unchangeable(
        &self,
        mapping: &UserMapping,
        email: &EmailAddress,
    ) -> Result<Option<Item>, StoreError> {
        for spelling in mapping.spellings(email) {
            for key in self.keys(mapping, &spelling).await? {
                let item = self.item(mapping, &key).await?;
                let item = item.filter(|item| mapping.obstacle(item).is_some());
                if item.is_some() {
                    return Ok(item);
                }
            }
        }
        Ok(None)
    }
}

impl UserDirectory for DynamoUsers {
    async fn get(&self, app: &AppId, key: &UserKey) -> Result<Option<User>, StoreError> {
        self.user(self.tables.of(app), key).await
    }

    async fn find_by_email(
        &self,
        app: &AppId,
        email: &EmailAddress,
    ) -> Result<UserLookup, StoreError> {
        self.find(self.tables.of(app), email).await
    }
}
