use aws_sdk_dynamodb::Client;

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
    #[must_use]
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
}
