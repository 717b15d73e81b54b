use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use strum::VariantArray;

use super::disabled::DisabledWhen;
use super::on_reset::OnReset;
use super::path::AttributePath;
use super::pattern::KeyPattern;
use super::sessions::SessionsMapping;
use crate::adapters::dynamodb::items::Item;
use crate::domain::{
    AppId, EmailAddress, ExternalSignIn, PasswordHash, Profile, ScalarValue, User, UserKey,
};

/// Most digits of a number that DynamoDB keeps.
const MAX_DIGITS: usize = 38;
/// The attribute that counts the changes of a password.
pub(super) const CREDENTIAL_VERSION: &str = "credential_version";
/// The attribute with the time from before which no session is valid.
pub(super) const SESSIONS_VALID_AFTER: &str = "sessions_valid_after";

/// Where things are in a team's users table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserMapping {
    pub table: String,
    pub key: String,
    pub sort_key: Option<String>,
    /// How somebody is found by address.
    pub lookup: EmailLookup,
    /// Whether every stored address is in lower case, its domain in ASCII.
    pub emails_lowercase: bool,
    pub email: AttributePath,
    pub password_hash: AttributePath,
    /// The attribute with the name to greet with.
    pub name: AttributePath,
    pub locale: AttributePath,
    /// The attribute that says whether an account is switched off.
    pub disabled: AttributePath,
    /// The values that mean so.
    pub disabled_when: DisabledWhen,
    /// The attribute with the account's id for software.
    pub id: AttributePath,
    /// The attribute with the name that the person logs in with.
    pub username: AttributePath,
    /// The attribute with the time when the account was made.
    pub created: AttributePath,
    pub last_login: AttributePath,
    /// What answers show of the account after a reset.
    pub public: Vec<PublicAttribute>,
    pub without_password: WithoutPassword,
    /// The attribute that names whom they sign in with: a string, or a list or set of them.
    pub sign_in: AttributePath,
    pub on_reset: OnReset,
    /// The attribute with the other addresses that get notices: as `sign_in`.
    pub notice_emails: Option<AttributePath>,
    /// Where sessions stand, if that is a table of their own.
    pub sessions: Option<SessionsMapping>,
}

/// How somebody is found by address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailLookup {
    /// The index to ask; the table itself when there is none.
    pub index: Option<String>,
    /// The partition key of the index or table, made from the address.
    pub partition: LookupKey,
    /// Its sort key, where that is needed to tell users from other things.
    pub sort: Option<LookupKey>,
}

/// One key attribute and the value to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupKey {
    pub attribute: String,
    pub value: KeyPattern,
}

/// What becomes of people who have an account but no password, because they sign in with another provider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "kebab-case")]
pub enum WithoutPassword {
    /// They may set a first one.
    #[default]
    SetFirst,
    /// They are mailed how they sign in.
    TellHowToSignIn,
}

/// What an answer that names the user may say of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, VariantArray)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "snake_case")]
pub enum PublicAttribute {
    Id,
    Created,
    LastLogin,
    Username,
    Name,
    Email,
}

impl UserMapping {
    /// The user in an item; `None` when it has no address, no key of a type that is known, or an
    /// [obstacle](Self::obstacle), so that nobody could be mailed or changed.
    pub fn user(&self, item: &Item) -> Option<User> {
        if self.obstacle(item).is_some() {
            return None;
        }
        let password_hash = self.password_hash.text(item);
        let password_hash = password_hash.filter(|hash| !hash.is_empty());
        let tells = self.without_password == WithoutPassword::TellHowToSignIn;
        let external_sign_in = (tells && password_hash.is_none()).then(|| ExternalSignIn {
            providers: self.sign_in.of(item).map(texts).unwrap_or_default(),
        });
        Some(User {
            key: self.user_key(item)?,
            email: self.email.text(item)?,
            name: self.name.text(item).filter(|name| !name.trim().is_empty()),
            locale: self.locale.text(item),
            password_hash: password_hash.map(PasswordHash::new),
            credential_version: item.get(CREDENTIAL_VERSION).and_then(scalar),
            sessions_valid_after: item.get(SESSIONS_VALID_AFTER).and_then(scalar),
            external_sign_in,
            disabled: self.disabled_when.holds(self.disabled.of(item)),
            notice_emails: self.notice_emails(item),
            profile: self.profile(item),
        })
    }

    /// Why the password of the user in an item cannot be changed, in words for operators; `None`
    /// where it can.
    ///
    /// A change of a hash that is no string cannot be noticed, and a map would be lost with all that
    /// stands in it. DynamoDB refuses a write into what is no map, and adds 1 to numbers alone.
    pub fn obstacle(&self, item: &Item) -> Option<String> {
        let hash = &self.password_hash;
        if let Some(outer) = hash.blocked_in(item) {
            return Some(format!("{} is no map", outer.names().join(".")));
        }
        let has_value = |value: &&AttributeValue| !value.is_null();
        if hash.of(item).filter(has_value).is_some_and(|it| !it.is_s()) {
            let name = hash.names().join(".");
            return Some(format!("{name} is no string (password_hash_attribute)"));
        }
        let stored = |name| item.get(name).filter(has_value);
        let can_be_raised = |version: &AttributeValue| {
            let digits = |number: &String| number.bytes().filter(u8::is_ascii_digit).count();
            version.as_n().is_ok_and(|it| digits(it) <= MAX_DIGITS)
        };
        if stored(CREDENTIAL_VERSION).is_some_and(|it| !can_be_raised(it)) {
            let said = "is no number, or has too many digits to be raised";
            return Some(format!("{CREDENTIAL_VERSION} {said}"));
        }
        stored(SESSIONS_VALID_AFTER)
            .is_some_and(|it| scalar(it).is_none())
            .then(|| format!("{SESSIONS_VALID_AFTER} is neither a number nor a string"))
    }

    fn notice_emails(&self, item: &Item) -> Vec<String> {
        let stored = self.notice_emails.as_ref().and_then(|path| path.of(item));
        match stored {
            None | Some(AttributeValue::Null(_)) => Vec::new(),
            Some(AttributeValue::L(values)) => values
                .iter()
                .map(|value| value.as_s().cloned().unwrap_or_default())
                .collect(),
            Some(AttributeValue::Ss(values)) => values.clone(),
            Some(other) => vec![other.as_s().cloned().unwrap_or_default()],
        }
    }

    fn profile(&self, item: &Item) -> Profile {
        let scalar = |of, path: &AttributePath| {
            let public = self.public.contains(&of);
            path.of(item).filter(|_| public).and_then(scalar)
        };
        Profile {
            id: scalar(PublicAttribute::Id, &self.id),
            username: scalar(PublicAttribute::Username, &self.username),
            created: scalar(PublicAttribute::Created, &self.created),
            last_login: scalar(PublicAttribute::LastLogin, &self.last_login),
            name: scalar(PublicAttribute::Name, &self.name),
            email: scalar(PublicAttribute::Email, &self.email),
        }
    }

    /// The key in an item of the table or of an index.
    pub fn user_key(&self, item: &Item) -> Option<UserKey> {
        let part = |name: &String| item.get(name).and_then(scalar);
        let sort = match &self.sort_key {
            Some(name) => Some(part(name)?),
            None => None,
        };
        Some(UserKey {
            partition: part(&self.key)?,
            sort,
        })
    }

    pub fn key_item(&self, key: &UserKey) -> Item {
        let sort = self.sort_key.clone().zip(key.sort.as_ref());
        [(self.key.clone(), &key.partition)]
            .into_iter()
            .chain(sort)
            .map(|(name, part)| (name, value(part)))
            .collect()
    }

    /// The spellings under which an address may be stored here, the likeliest first.
    pub fn spellings(&self, email: &EmailAddress) -> Vec<String> {
        if self.emails_lowercase {
            vec![email.normalised().to_owned()]
        } else {
            email.spellings()
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserTables {
    default: UserMapping,
    own: BTreeMap<AppId, UserMapping>,
}

impl UserTables {
    /// One table for every app but those that have their own.
    pub const fn new(default: UserMapping, own: BTreeMap<AppId, UserMapping>) -> Self {
        Self { default, own }
    }

    /// The tables: that of all apps, and those of one app.
    pub fn all(&self) -> impl Iterator<Item = (Option<&AppId>, &UserMapping)> {
        let own = self.own.iter().map(|(app, users)| (Some(app), users));
        std::iter::once((None, &self.default)).chain(own)
    }

    pub fn of(&self, app: &AppId) -> &UserMapping {
        self.own.get(app).unwrap_or(&self.default)
    }
}

fn scalar(value: &AttributeValue) -> Option<ScalarValue> {
    match value {
        AttributeValue::S(text) => Some(ScalarValue::Text(text.clone())),
        AttributeValue::N(number) => Some(ScalarValue::Number(number.clone())),
        _ => None,
    }
}

pub(super) fn value(scalar: &ScalarValue) -> AttributeValue {
    match scalar {
        ScalarValue::Text(text) => AttributeValue::S(text.clone()),
        ScalarValue::Number(number) => AttributeValue::N(number.clone()),
    }
}

/// One string, or several.
fn texts(value: &AttributeValue) -> Vec<String> {
    match value {
        AttributeValue::S(text) => vec![text.clone()],
        AttributeValue::Ss(texts) => texts.clone(),
        AttributeValue::L(values) => values.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
