//! Reads a users table's description, one user in it, everybody's address and some sessions, and says what of the
//! service would and would not work in front of it. It writes nothing.

mod addresses;
mod report;
mod sample;
mod sessions;
mod table;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use shared::adapters::dynamodb::UserMapping;
use shared::domain::EmailAddress;

pub use report::{Finding, Report, Verdict};

/// DynamoDB does not answer, or does not allow it.
#[derive(Debug, thiserror::Error)]
#[error("failed to {action}: {reason}")]
pub struct CheckError {
    action: &'static str,
    reason: String,
}

impl CheckError {
    fn new(action: &'static str, error: impl std::error::Error) -> Self {
        let reason = DisplayErrorContext(error).to_string();
        Self { action, reason }
    }
}

/// What would and would not work with this table and these settings. `sample` is the address of a
/// user to look at; without one, the first who is found.
///
/// # Errors
///
/// [`CheckError`] when DynamoDB does not answer.
pub async fn check(
    client: &Client,
    mapping: &UserMapping,
    sample: Option<&EmailAddress>,
) -> Result<Report, CheckError> {
    let mut report = Report::default();
    let fits = table::check(client, mapping, &mut report).await?;
    if fits {
        sample::check(client, mapping, sample, &mut report).await?;
        addresses::check(client, mapping, &mut report).await?;
    }
    sessions::check(client, mapping, &mut report).await?;
    Ok(report)
}
