use std::net::IpAddr;

use super::verify_token::{open, refuse_repetition};
use super::{ProofError, VerifiedProof};
use crate::domain::{ChangeTag, Locator, ShortCode, Timestamp};
use crate::ports::{
    CodeHasher, CodeTries, Reservation, SourceDecision, SourceLimiter, SpentSecret,
};

/// A try of a short code.
#[derive(Clone, Copy)]
pub(super) struct CodeTry<'a> {
    pub(super) locator: Locator,
    pub(super) code: &'a ShortCode,
    /// The address that the call came from.
    pub(super) source: IpAddr,
    /// What the caller wants to do with it, where that may be a repetition.
    pub(super) change: Option<&'a ChangeTag>,
}

/// Evaluates one try of a short code.
///
/// Whatever there is or is not at its locator, it costs one count of the source, one conditional
/// write and one slow hash, so that neither time nor bill tells whether there is an account. Only the
/// repetition of a success costs no hash.
pub(super) async fn check_code(
    store: &(impl SourceLimiter + CodeTries),
    hasher: &impl CodeHasher,
    try_of: CodeTry<'_>,
    now: Timestamp,
) -> Result<VerifiedProof, ProofError> {
    if let SourceDecision::LimitedUntil(until) = store.count(try_of.source, now).await? {
        return Err(ProofError::SourceLimited(until));
    }
    let (locator, change) = (try_of.locator, try_of.change);
    // Reserved before it is evaluated: of a thousand guesses at once, no more than the tries that
    // are left get as far as the hash.
    let reserved = match store.reserve(&locator, change).await? {
        Reservation::Taken(record) => Ok(record),
        Reservation::Refused(Some(record)) => {
            refuse_repetition(&record, change, None, now)?;
            Err(ProofError::OutOfTries)
        }
        Reservation::Refused(None) => Err(ProofError::Invalid),
    };
    let salt = reserved
        .as_ref()
        .ok()
        .and_then(|record| record.codes.salt.clone())
        .map_or_else(|| hasher.code_salt(), Ok)?;
    let hash = hasher.hash_code(try_of.code, &salt);
    hasher.wipe();
    let hash = hash?;
    let secret = SpentSecret::Code(hash);
    let opened = open(locator, secret, Some(reserved?), None, None, now)?;
    store.refund(&locator, opened.record.codes.round).await?;
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::adapters::{Argon2Cost, Argon2Hasher, Argon2Memory, SystemEntropy};
    use crate::domain::{CodeHash, CodeSalt};
    use crate::ports::{HashError, StoreError};

    /// A store with nothing in it.
    struct Nothing;

    impl SourceLimiter for Nothing {
        async fn count(&self, _: IpAddr, _: Timestamp) -> Result<SourceDecision, StoreError> {
            Ok(SourceDecision::Allowed)
        }
    }

    impl CodeTries for Nothing {
        async fn reserve(
            &self,
            _: &Locator,
            _: Option<&ChangeTag>,
        ) -> Result<Reservation, StoreError> {
            Ok(Reservation::Refused(None))
        }

        async fn refund(&self, _: &Locator, _: u64) -> Result<(), StoreError> {
            Ok(())
        }
    }

    /// The real hasher, with a count of the codes that it hashed, and of those that it wiped.
    struct Counting(Argon2Hasher<SystemEntropy>, AtomicUsize, AtomicUsize);

    impl CodeHasher for Counting {
        fn code_salt(&self) -> Result<CodeSalt, HashError> {
            self.0.code_salt()
        }

        fn hash_code(&self, code: &ShortCode, salt: &CodeSalt) -> Result<CodeHash, HashError> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.hash_code(code, salt)
        }

        fn wipe(&self) {
            self.2
                .store(self.1.load(Ordering::Relaxed), Ordering::Relaxed);
            self.0.wipe();
        }
    }

    #[tokio::test]
    async fn a_try_costs_a_hash_even_when_there_is_nothing_to_match() {
        let memory = Argon2Memory::default();
        let hasher = Argon2Hasher::new(Argon2Cost::default(), memory, SystemEntropy);
        let hasher = hasher.expect("a good cost");
        let hasher = Counting(hasher, AtomicUsize::new(0), AtomicUsize::new(0));
        let code = ShortCode::from_random([1; 8]);
        let try_of = CodeTry {
            locator: Locator::from_bytes([1; 16]),
            code: &code,
            source: IpAddr::V4(Ipv4Addr::LOCALHOST),
            change: None,
        };
        let checked = check_code(&Nothing, &hasher, try_of, Timestamp::default()).await;
        assert!(matches!(checked, Err(ProofError::Invalid)));
        assert_eq!(hasher.1.load(Ordering::Relaxed), 1);
        assert_eq!(hasher.2.load(Ordering::Relaxed), 1);
    }
}
