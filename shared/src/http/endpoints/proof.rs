use super::failures::{hash_problem, limited, store_problem};
use crate::domain::Timestamp;
use crate::http::problem::{DeadLink, Problem};
use crate::use_cases::ProofError;

/// What to answer when a link or code opens nothing.
pub(super) fn proof_problem(error: &ProofError, now: Timestamp) -> Problem {
    match error {
        ProofError::Invalid | ProofError::OutOfTries | ProofError::Cancelled(_) => {
            Problem::InvalidToken
        }
        ProofError::Used { app } | ProofError::Repeated { app, .. } => Problem::DeadLink {
            app: app.clone(),
            reason: DeadLink::Used,
        },
        ProofError::Expired { app, email } => Problem::DeadLink {
            app: app.clone(),
            reason: DeadLink::Expired {
                email: email.clone(),
            },
        },
        ProofError::SourceLimited(until) => limited(*until, now),
        ProofError::Store(error) => store_problem(error),
        ProofError::Hash(error) => hash_problem(error),
    }
}
