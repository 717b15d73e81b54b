use super::errors::StoreError;
use crate::domain::{
    ChangeTag, Delivery, IssuedSecrets, Locator, RequestId, ResetRecord, Timestamp,
};

/// Times that a record is written anew when somebody else changed it in between.
pub const SAVE_ATTEMPTS: usize = 5;

/// Reads what is outstanding for an address.
pub trait ResetRecords: Send + Sync {
    /// The record at `locator`, read strongly consistent.
    fn load(
        &self,
        locator: &Locator,
    ) -> impl Future<Output = Result<Option<ResetRecord>, StoreError>> + Send;
}

/// What became of taking a try of codes.
#[must_use]
#[derive(Debug, Clone)]
pub enum Reservation {
    /// One was taken; the record is as it is then.
    Taken(ResetRecord),
    /// There is no record, no try is left, or the change is there already; the record as it is.
    Refused(Option<ResetRecord>),
}

/// Takes and gives back tries of short codes.
pub trait CodeTries: Send + Sync {
    /// Takes one try of the codes at `locator`, before it is evaluated, unless `change` is among what
    /// the record remembers. One conditional write.
    fn reserve(
        &self,
        locator: &Locator,
        change: Option<&ChangeTag>,
    ) -> impl Future<Output = Result<Reservation, StoreError>> + Send;

    /// Gives a try of this round back, because the code was right. One conditional write.
    fn refund(
        &self,
        locator: &Locator,
        round: u64,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Counts passwords that are rejected.
pub trait RejectionLog: Send + Sync {
    /// Counts one more of the account at this place of `record`. One conditional write, or two around
    /// the beginning of a window.
    fn count_rejection(
        &self,
        locator: &Locator,
        record: &ResetRecord,
        owner: usize,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Whether a change was made to the state that it was based on.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// The record was written.
    Saved,
    /// Somebody else changed it in between; nothing was written.
    Outdated,
}

/// Writes records, for the mail worker.
pub trait ResetRecordStore: ResetRecords {
    /// Writes `record`, if its revision is still the stored one (0: there is none).
    fn save(
        &self,
        locator: &Locator,
        record: &ResetRecord,
    ) -> impl Future<Output = Result<SaveOutcome, StoreError>> + Send;

    /// Records what became of the mail of request `id`, and removes the link and the code that are
    /// known never to have been mailed, if they are given.
    fn record_delivery(
        &self,
        locator: &Locator,
        id: &RequestId,
        delivery: &Delivery,
        unmailed: Option<&IssuedSecrets>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Ends links and codes.
pub trait Revocations: Send + Sync {
    /// Writes which links and codes of `record` are alive, if its revision is still the stored one. One
    /// conditional write.
    fn save_ended(
        &self,
        locator: &Locator,
        record: &ResetRecord,
    ) -> impl Future<Output = Result<SaveOutcome, StoreError>> + Send;

    /// Kills every link and code at `locator`, if there are any. One conditional write.
    fn revoke_all(&self, locator: &Locator) -> impl Future<Output = Result<(), StoreError>> + Send;
}
