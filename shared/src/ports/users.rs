use super::errors::StoreError;
use crate::domain::{
    AppId, CodeHash, EmailAddress, Locator, Notice, PasswordHash, ResetRecord, SecretHash, User,
    UserKey, UserLookup,
};

/// The users table of each app, as far as it is read.
pub trait UserDirectory: Send + Sync {
    /// The user with this key, read strongly consistent.
    fn get(
        &self,
        app: &AppId,
        key: &UserKey,
    ) -> impl Future<Output = Result<Option<User>, StoreError>> + Send;

    /// The user with this address, as typed or normalised; found by index where there is one, then
    /// read strongly consistent and checked again.
    fn find_by_email(
        &self,
        app: &AppId,
        email: &EmailAddress,
    ) -> impl Future<Output = Result<UserLookup, StoreError>> + Send;
}

/// The secret that a change of the password spends.
#[derive(Debug, Clone)]
pub enum SpentSecret {
    /// The hash of a link's secret.
    Link(SecretHash),
    /// The hash of a short code.
    Code(CodeHash),
}

/// One completed reset, to be written as a whole or not at all.
pub struct PasswordChange {
    /// Where the record of the address is.
    pub locator: Locator,
    /// The record as it is to be then, with the revision that was read.
    pub record: ResetRecord,
    /// The secret, which must still be alive.
    pub secret: SpentSecret,
    /// The user as read; address, credential and disabled flag must still be these.
    pub user: User,
    /// The new hash, as the users table is to hold it.
    pub new_hash: PasswordHash,
    /// The mail that tells the person, with the time of the change; sessions from before it are to be
    /// ended.
    pub notice: Notice,
}

/// What became of a password change.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitOutcome {
    /// Everything was written.
    Changed,
    /// The record was changed in between, or the secret has expired; nothing was written.
    RecordChanged,
    /// The user was changed in between; nothing was written.
    UserChanged,
}

/// Changes passwords.
pub trait PasswordChanges: Send + Sync {
    /// Spends the secret, changes the password and puts the notice: all three, or none.
    fn commit(
        &self,
        change: &PasswordChange,
    ) -> impl Future<Output = Result<CommitOutcome, StoreError>> + Send;
}
