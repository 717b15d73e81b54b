use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, TransactWriteItem, Update as UpdateWrite,
};

use super::backoff::while_contended;
use super::errors::{from_code, store_error};
use super::items::{Item, number, to_item};
use super::notices::DELIVERIES;
use super::revocations::{UNCHANGED, ended};
use super::stored_secret::alive_at;
use super::stream::StoredNotice;
use super::update::build_update;
use super::{DynamoStore, DynamoUsers, keys};
use crate::ports::{CommitOutcome, PasswordChange, PasswordChanges, SpentSecret, StoreError};

/// A stream keeps its records for a day; the notice must outlive every retry of its mail.
const NOTICE_KEPT: Duration = Duration::from_hours(48);
/// Place of the token in the transaction, as cancellation reasons count.
const TOKEN: usize = 0;
/// Place of the user in the transaction.
const USER: usize = 1;

/// Changes passwords in the users table, together with what that means for the tokens table.
#[derive(Debug, Clone)]
pub struct DynamoPasswordChanges {
    store: DynamoStore,
    users: DynamoUsers,
}

impl DynamoPasswordChanges {
    /// The changes over these tables.
    pub const fn new(store: DynamoStore, users: DynamoUsers) -> Self {
        Self { store, users }
    }
}

impl PasswordChanges for DynamoPasswordChanges {
    async fn commit(&self, change: &PasswordChange) -> Result<CommitOutcome, StoreError> {
        let placement = self.users.placement(change).await?;
        let items = [
            TransactWriteItem::builder()
                .update(self.store.spend(change)?)
                .build(),
            TransactWriteItem::builder()
                .update(placement.replace_password(change)?)
                .build(),
            TransactWriteItem::builder()
                .put(self.store.put_notice(change)?)
                .build(),
        ];
        // Every retry is the same request with the same token, so that after an ambiguous timeout
        // DynamoDB tells what became of the first one.
        while_contended(|| async {
            let committed = self
                .store
                .client
                .transact_write_items()
                .set_transact_items(Some(items.to_vec()))
                // 32 characters of the 36 that DynamoDB takes.
                .client_request_token(change.notice.id.as_str())
                .send()
                .await;
            match committed {
                Ok(_) => Ok(CommitOutcome::Changed),
                Err(error) => outcome(&error),
            }
        })
        .await
    }
}

impl DynamoStore {
    /// Writes the record as it is after the change, if it is still the one that was read and the secret
    /// is still alive.
    fn spend(&self, change: &PasswordChange) -> Result<UpdateWrite, StoreError> {
        let update = ended(&change.record)?;
        let (kind, hash) = match &change.secret {
            SpentSecret::Link(hash) => ("links", hash.encoded()),
            SpentSecret::Code(hash) => ("codes", hash.as_str().to_owned()),
        };
        let update = update
            .name(kind)
            .alias("secret", &hash)
            .value("now", alive_at(change.notice.changed_at));
        let condition = format!("{UNCHANGED} AND #{kind}.#secret > :now");
        let builder = UpdateWrite::builder()
            .table_name(&self.table)
            .key(keys::PK, keys::token(&change.locator));
        build_update(builder, update, condition)
    }

    fn put_notice(&self, change: &PasswordChange) -> Result<Put, StoreError> {
        let mut item = to_item(&StoredNotice::from(&change.notice))?;
        item.insert(keys::PK.to_owned(), keys::notice(&change.notice.id));
        if !change.notice.others.as_slice().is_empty() {
            let none = AttributeValue::M(Item::new());
            item.insert(DELIVERIES.to_owned(), none);
        }
        let ttl = (change.notice.changed_at + NOTICE_KEPT).unix_seconds();
        item.insert(keys::TTL.to_owned(), number(ttl));
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", keys::PK)
            .build()
            .map_err(|error| StoreError::Corrupt(error.to_string()))
    }
}

fn outcome(error: &SdkError<TransactWriteItemsError>) -> Result<CommitOutcome, StoreError> {
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancelled.cancellation_reasons()
        }
        _ => return Err(store_error(error)),
    };
    transaction_outcome(reasons)
}

/// What a cancelled transaction means. A condition that did not hold is an answer; whatever else
/// stands beside it.
fn transaction_outcome(reasons: &[CancellationReason]) -> Result<CommitOutcome, StoreError> {
    let failed = |place: usize| {
        reasons
            .get(place)
            .and_then(CancellationReason::code)
            .is_some_and(|code| code == "ConditionalCheckFailed")
    };
    if failed(TOKEN) {
        return Ok(CommitOutcome::RecordChanged);
    }
    if failed(USER) {
        return Ok(CommitOutcome::UserChanged);
    }
    let codes = reasons.iter().filter_map(CancellationReason::code);
    let cause = codes.into_iter().find(|code| *code != "None");
    let text = format!(
        "transaction cancelled: {}",
        cause.unwrap_or("no reason given")
    );
    Err(from_code(cause, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_answers_and_conflict_throttling_and_outage_never_are() {
        for (codes, expected) in [
            (
                ["ConditionalCheckFailed", "None", "None"],
                "Ok(RecordChanged)",
            ),
            (
                ["None", "ConditionalCheckFailed", "None"],
                "Ok(UserChanged)",
            ),
            (["TransactionConflict", "None", "None"], "Err(Contended("),
            (["None", "ThrottlingError", "None"], "Err(Throttled("),
            (["None", "None", "None"], "Err(Unavailable("),
        ] {
            let reasons = codes.map(|code| CancellationReason::builder().code(code).build());
            let outcome = format!("{:?}", transaction_outcome(&reasons));
            assert!(outcome.starts_with(expected), "{outcome}");
        }
    }
}
