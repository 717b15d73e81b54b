use crate::domain::Timestamp;
use crate::http::problem::Problem;
use crate::ports::{HashError, KnownPasswordsError, RandomError, StoreError};

pub(super) fn limited(until: Timestamp, now: Timestamp) -> Problem {
    Problem::TooManyRequests {
        retry_after: now.seconds_until(until).max(1),
    }
}

/// Logs a store's failure, once, and says what to answer.
pub(super) fn store_problem(error: &StoreError) -> Problem {
    match error {
        StoreError::Throttled(_) | StoreError::Contended(_) | StoreError::Unavailable(_) => {
            tracing::warn!(%error, "the store did not answer");
            Problem::Unavailable
        }
        StoreError::Misconfigured(_) | StoreError::Corrupt(_) => {
            tracing::error!(%error, "the store cannot be used");
            Problem::Internal
        }
    }
}

pub(super) fn hash_problem(error: &HashError) -> Problem {
    tracing::error!(%error, "hashing failed");
    Problem::Internal
}

pub(super) fn known_passwords_problem(error: &KnownPasswordsError) -> Problem {
    tracing::error!(%error, "a password was compared with no list");
    Problem::Internal
}

pub(super) fn random_problem(error: &RandomError) -> Problem {
    tracing::error!(%error, "no random bytes");
    Problem::Internal
}
