use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::keys;
use crate::domain::{Limits, Pseudonymizer};

/// The table of requests, counters, tokens and notices.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    pub(super) client: Client,
    pub(super) table: String,
    pub(super) limits: Limits,
    pub(super) pseudonymizer: Pseudonymizer,
}

impl DynamoStore {
    pub const fn new(
        client: Client,
        table: String,
        limits: Limits,
        pseudonymizer: Pseudonymizer,
    ) -> Self {
        Self {
            client,
            table,
            limits,
            pseudonymizer,
        }
    }

    /// A read of an item as it is at this moment.
    pub(super) fn get(&self, key: AttributeValue) -> GetItemFluentBuilder {
        let get = self.client.get_item().table_name(&self.table);
        get.key(keys::PK, key).consistent_read(true)
    }
}
