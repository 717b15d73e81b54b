use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use crate::adapters::dynamodb::items::{number, text};
use crate::adapters::dynamodb::update::Update;
use crate::domain::Timestamp;

/// Stands for the time of the change.
const NOW: &str = "{now}";

/// Attributes that a reset sets and removes besides, in the same write as the password: a person who
/// has read a mail to the address has shown that it is theirs, so the account may count as verified and
/// no longer as locked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct OnReset {
    /// Attributes and the values that they get. `"{now}"` is the time of the change, as a number of
    /// seconds since 1970.
    pub set: BTreeMap<String, OnResetValue>,
    /// Attributes that go.
    pub remove: Vec<String>,
}

/// What an attribute is set to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(untagged, expecting = "must be a text, a whole number, true or false")]
pub enum OnResetValue {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl OnReset {
    /// Most attributes that are written besides.
    pub const MAX: usize = 10;

    /// The attributes that it writes, those that it removes last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.set.keys().chain(&self.remove).map(String::as_str)
    }

    /// The update with these attributes written too.
    pub(super) fn add_to(&self, update: Update, now: Timestamp) -> Update {
        let set = self.set.iter().enumerate();
        let update = set.fold(update, |update, (place, (name, value))| {
            let alias = format!("on_reset_{place}");
            update
                .set_expression(format!("#{alias} = :{alias}"))
                .alias(&alias, name)
                .value(&alias, value.at(now))
        });
        let removed = self.remove.iter().enumerate();
        removed.fold(update, |update, (place, name)| {
            update.remove_as(&format!("removed_{place}"), name)
        })
    }
}

impl OnResetValue {
    fn at(&self, now: Timestamp) -> AttributeValue {
        match self {
            Self::Flag(flag) => AttributeValue::Bool(*flag),
            Self::Number(value) => AttributeValue::N(value.to_string()),
            Self::Text(value) if value == NOW => number(now.unix_seconds()),
            Self::Text(value) => text(value),
        }
    }
}
