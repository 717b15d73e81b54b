use std::net::IpAddr;

use thiserror::Error;

use crate::domain::{IssuedCode, Locator, RateDecision, ResetRecord, ShortCode, Timestamp};
use crate::ports::{CodeTries, HashError, ReservedCode, SlowHasher, SourceLimiter, StoreError};

/// Why a code did not pass.
#[derive(Debug, Error)]
pub(super) enum CodeError {
    #[error("no live code, no try left, or the wrong code")]
    Invalid,
    #[error("the source asks too often")]
    SourceLimited(Timestamp),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// A code that was right, and what it opens.
pub(super) struct CheckedCode {
    pub(super) code: IssuedCode,
    pub(super) record: ResetRecord,
}

/// Evaluates one try of a short code.
///
/// Whatever there is or is not at `locator`, it costs one count of the source, one conditional
/// write and one slow hash, so that neither time nor bill tells whether there is an account.
pub(super) async fn check_code<S, H>(
    store: &S,
    hasher: &H,
    locator: &Locator,
    code: &ShortCode,
    source: IpAddr,
    now: Timestamp,
) -> Result<CheckedCode, CodeError>
where
    S: SourceLimiter + CodeTries,
    H: SlowHasher,
{
    if let RateDecision::LimitedUntil(until) = store.count(source, now).await? {
        return Err(CodeError::SourceLimited(until));
    }
    // Reserved before it is evaluated: of a thousand guesses at once, no more than the tries that
    // are left get as far as the hash.
    let reserved = store.reserve(locator, now).await?;
    let hash = reserved.as_ref().map(|reserved| &reserved.code.hash);
    let right = hasher.code_matches(code, hash)?;
    match reserved {
        Some(ReservedCode { code, record }) if right => {
            store.refund(locator, &code.hash).await?;
            Ok(CheckedCode { code, record })
        }
        _ => Err(CodeError::Invalid),
    }
}
