use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::errors::store_error;
use super::items::{Item, text};
use crate::domain::{EmailAddress, Fact, PasswordHash, Profile, User, UserKey};
use crate::ports::{Lookup, StoreError, UserDirectory};

/// Where things are in the team's users table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserMapping {
    /// The table.
    pub table: String,
    /// Its partition key.
    pub key: String,
    /// The index on the address; `None` when the key itself is the address.
    pub email_index: Option<String>,
    /// The attribute with the address.
    pub email: String,
    /// The attribute with the password hash.
    pub password_hash: String,
    /// The attribute with the name to greet with.
    pub name: String,
    /// The attribute with the language.
    pub locale: String,
    /// The attribute that says that an account is switched off.
    pub disabled: String,
}

impl UserMapping {
    fn user(&self, mut item: Item) -> Result<User, StoreError> {
        let disabled = item.get(&self.disabled).is_some_and(|value| {
            !matches!(value, AttributeValue::Bool(false) | AttributeValue::Null(_))
        });
        let mut fact = |name: &str| match item.remove(name) {
            Some(AttributeValue::S(text)) => Some(Fact::Text(text)),
            Some(AttributeValue::N(number)) => Some(Fact::Number(number)),
            _ => None,
        };
        let profile = Profile {
            username: fact("username"),
            created: fact("created"),
            last_login: fact("last_login"),
        };
        let mut take = |name: &str| match item.remove(name) {
            Some(AttributeValue::S(text)) => Some(text),
            _ => None,
        };
        let email = take(&self.email);
        // The key may be the address itself, which has just been taken.
        let key = if self.key == self.email {
            email.clone()
        } else {
            take(&self.key)
        };
        let missing = |what: &str| StoreError::Corrupt(format!("a user has no {what:?}"));
        Ok(User {
            key: UserKey::new(key.ok_or_else(|| missing(&self.key))?),
            email: email.ok_or_else(|| missing(&self.email))?,
            name: take(&self.name).filter(|name| !name.trim().is_empty()),
            locale: take(&self.locale),
            password_hash: take(&self.password_hash).map(PasswordHash::new),
            disabled,
            profile,
        })
    }
}

/// The team's users table.
#[derive(Debug, Clone)]
pub struct DynamoUsers {
    client: Client,
    mapping: UserMapping,
}

impl DynamoUsers {
    /// The users in the mapping's table.
    #[must_use]
    pub const fn new(client: Client, mapping: UserMapping) -> Self {
        Self { client, mapping }
    }

    /// The keys of those who have this address, as far as the index has caught up.
    async fn keys_by_email(&self, email: &str) -> Result<Vec<UserKey>, StoreError> {
        let Some(index) = &self.mapping.email_index else {
            return Ok(vec![UserKey::new(email.to_owned())]);
        };
        let found = self
            .client
            .query()
            .table_name(&self.mapping.table)
            .index_name(index)
            .key_condition_expression("#email = :email")
            .expression_attribute_names("#email", &self.mapping.email)
            .expression_attribute_values(":email", text(email))
            // Two are enough to know that it is not one.
            .limit(2)
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        let keys = found.items.unwrap_or_default().into_iter();
        Ok(keys
            .filter_map(|mut item| match item.remove(&self.mapping.key) {
                Some(AttributeValue::S(key)) => Some(UserKey::new(key)),
                _ => None,
            })
            .collect())
    }
}

impl UserDirectory for DynamoUsers {
    async fn get(&self, key: &UserKey) -> Result<Option<User>, StoreError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.mapping.table)
            .key(&self.mapping.key, text(key.as_str()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| store_error(&error))?;
        found.item.map(|item| self.mapping.user(item)).transpose()
    }

    async fn find_by_email(&self, email: &EmailAddress) -> Result<Lookup, StoreError> {
        let mut spellings = vec![email.typed(), email.normalised()];
        spellings.dedup();
        for spelling in spellings {
            let keys = self.keys_by_email(spelling).await?;
            let [key] = keys.as_slice() else {
                if keys.is_empty() {
                    continue;
                }
                return Ok(Lookup::Ambiguous);
            };
            // The index may lag behind; only the item itself counts.
            if let Some(user) = self.get(key).await?
                && email.matches(&user.email)
            {
                return Ok(Lookup::Found(Box::new(user)));
            }
        }
        Ok(Lookup::Nobody)
    }
}
