//! The stores over DynamoDB: one table for everything that is outstanding, and the team's users.

mod backoff;
mod cancellations;
mod code_tries;
mod decoys;
mod errors;
mod failure_log;
mod issuing;
mod items;
mod keys;
mod mail_quota;
mod mail_reports;
mod notices;
mod outbox;
mod password_changes;
mod records;
mod source_limiter;
mod stored_key;
mod stream;
mod update;
mod users;
mod warm_up;

use aws_sdk_dynamodb::Client;

use crate::domain::{Limits, Pseudonymizer};

pub use password_changes::DynamoPasswordChanges;
pub use stream::job_from_record;
pub use users::{
    AttributePath, DisabledWhen, DynamoUsers, EmailLookup, KeyPattern, LookupKey, PublicAttribute,
    UserMapping, UserTables, WithoutPassword,
};

/// The table of requests, counters, tokens and notices.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Client,
    table: String,
    limits: Limits,
    pseudonymizer: Pseudonymizer,
}

impl DynamoStore {
    /// The store in this table.
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
