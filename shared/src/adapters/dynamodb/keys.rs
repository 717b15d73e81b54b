//! The keys of the tokens table. The prefixes stand in IAM policies and the stream's filter too.

use std::fmt::Display;

use aws_sdk_dynamodb::types::AttributeValue;

use super::items::text;
use crate::domain::{Locator, NoticeId};

pub(super) const PK: &str = "pk";
/// The attribute that DynamoDB's TTL looks at.
pub(super) const TTL: &str = "ttl";

const REQUEST: &str = "request#";
pub(super) const TOKEN: &str = "token#";
const NOTICE: &str = "notice#";

pub(super) fn request(locator: &Locator) -> AttributeValue {
    request_named(&locator.encoded())
}

pub(super) fn token(locator: &Locator) -> AttributeValue {
    token_named(&locator.encoded())
}

pub(super) fn request_named(name: &str) -> AttributeValue {
    text(format!("{REQUEST}{name}"))
}

pub(super) fn token_named(name: &str) -> AttributeValue {
    text(format!("{TOKEN}{name}"))
}

pub(super) fn notice(id: &NoticeId) -> AttributeValue {
    text(format!("{NOTICE}{}", id.change()))
}

pub(super) fn source(pseudonym: impl Display, window_start: i64) -> AttributeValue {
    text(format!("source#{pseudonym}#{window_start}"))
}

pub(super) fn mail_cap(window_start: i64) -> AttributeValue {
    text(format!("mail-cap#{window_start}"))
}

/// What kind of item a stream record is about, and the rest of its key.
pub(super) enum OutboxKey<'a> {
    Request(&'a str),
    Notice(&'a str),
}

impl<'a> OutboxKey<'a> {
    pub(super) fn parse(pk: &'a str) -> Option<Self> {
        match (pk.strip_prefix(REQUEST), pk.strip_prefix(NOTICE)) {
            (Some(locator), _) => Some(Self::Request(locator)),
            (_, Some(id)) => Some(Self::Notice(id)),
            _ => None,
        }
    }

    /// The item that keeps the job's failures: never the job's own `request#` item, to which
    /// nothing that the worker knows is ever written.
    pub(super) fn failure_item(&self) -> AttributeValue {
        match self {
            Self::Request(locator) => token_named(locator),
            Self::Notice(id) => text(format!("{NOTICE}{id}")),
        }
    }
}
