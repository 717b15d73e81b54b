//! The stores over DynamoDB: one table for everything that is outstanding, and the team's users.

mod backoff;
mod code_tries;
mod decoys;
mod errors;
mod failure_log;
mod items;
mod keys;
mod mail_cap;
mod mail_reports;
mod notices;
mod outbox;
mod password_changes;
mod records;
mod rejections;
mod reset_record_store;
mod revocations;
mod source_limiter;
mod store;
mod stored_key;
mod stored_secret;
mod stream;
mod update;
mod users;
mod warm_up;

pub use password_changes::DynamoPasswordChanges;
pub use revocations::revocation;
pub use store::DynamoStore;
pub use stream::jobs_from_record;
pub use users::{
    AttributePath, DisabledWhen, DynamoUsers, EmailLookup, KeyPattern, LookupKey, OnReset,
    OnResetValue, PublicAttribute, SessionUserKey, SessionsMapping, UserMapping, UserTables,
    WithoutPassword,
};
