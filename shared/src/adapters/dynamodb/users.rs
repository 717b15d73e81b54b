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
    /// The user in an item; `None` when it has no address or no key of the right type, so that
    /// nobody could be mailed or changed.
    fn user(&self, item: &Item) -> Option<User> {
        // Two settings may name one attribute, so nothing is taken out of the item.
        let text = |name: &str| item.get(name)?.as_s().ok().cloned();
        let disabled = item.get(&self.disabled).is_some_and(|value| {
            !matches!(value, AttributeValue::Bool(false) | AttributeValue::Null(_))
        });
        Some(User {
            key: UserKey::new(text(&self.key)?),
            email: text(&self.email)?,
            name: text(&self.name).filter(|name| !name.trim().is_empty()),
            locale: text(&self.locale),
            password_hash: text(&self.password_hash).map(PasswordHash::new),
            disabled,
            profile: Profile {
                username: fact(item, "username"),
                created: fact(item, "created"),
                last_login: fact(item, "last_login"),
            },
        })
    }
}

fn fact(item: &Item, name: &str) -> Option<Fact> {
    match item.get(name)? {
        AttributeValue::S(text) => Some(Fact::Text(text.clone())),
        AttributeValue::N(number) => Some(Fact::Number(number.clone())),
        _ => None,
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
        Ok(found.item.and_then(|item| self.mapping.user(&item)))
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
                return Ok(Lookup::Found(Box::new(sabotage!(
                    MailGoesWhereTyped => User { email: email.typed().to_owned(), ..user },
                    else user
                ))));
            }
        }
        Ok(Lookup::Nobody)
    }
}
