//! Tells the SDK's errors apart.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::adapters::aws::describe;
use crate::ports::StoreError;

/// What went wrong, when it is not a condition.
pub(super) fn store_error<E>(error: &SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let text = describe(error);
    match error {
        SdkError::ServiceError(service) => from_code(service.err().code(), text),
        _ => StoreError::Unavailable(text),
    }
}

/// What an error code of DynamoDB means, in an error or in a cancelled transaction's reasons.
pub(super) fn from_code(code: Option<&str>, text: String) -> StoreError {
    match code {
        Some(
            "ProvisionedThroughputExceededException"
            | "ProvisionedThroughputExceeded"
            | "ThrottlingException"
            | "ThrottlingError"
            | "RequestLimitExceeded",
        ) => StoreError::Throttled(text),
        Some(
            "TransactionConflictException"
            | "TransactionConflict"
            | "TransactionInProgressException",
        ) => StoreError::Contended(text),
        Some(
            "AccessDeniedException"
            | "ExpiredTokenException"
            | "IncompleteSignatureException"
            | "InvalidSignatureException"
            | "MissingAuthenticationTokenException"
            | "ResourceNotFoundException"
            | "UnrecognizedClientException"
            | "ValidationException"
            | "ValidationError",
        ) => StoreError::Misconfigured(text),
        _ => StoreError::Unavailable(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_failure_is_an_outage_and_never_an_answer() {
        assert!(matches!(
            from_code(None, String::new()),
            StoreError::Unavailable(_)
        ));
        assert!(matches!(
            from_code(Some("InternalServerError"), String::new()),
            StoreError::Unavailable(_)
        ));
    }

    #[test]
    fn throttling_contention_and_refusal_are_told_apart() {
        let kind = |code| from_code(Some(code), String::new());
        assert!(matches!(
            kind("ThrottlingException"),
            StoreError::Throttled(_)
        ));
        assert!(matches!(
            kind("TransactionConflict"),
            StoreError::Contended(_)
        ));
        assert!(matches!(
            kind("AccessDeniedException"),
            StoreError::Misconfigured(_)
        ));
    }
}
