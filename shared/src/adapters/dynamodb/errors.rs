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
    fn codes_are_told_apart_and_an_unknown_one_is_an_outage_and_never_an_answer() {
        for (code, kind) in [
            (None, StoreError::Unavailable as fn(_) -> _),
            (Some("InternalServerError"), StoreError::Unavailable),
            (Some("ThrottlingException"), StoreError::Throttled),
            (
                Some("ProvisionedThroughputExceededException"),
                StoreError::Throttled,
            ),
            (Some("TransactionConflict"), StoreError::Contended),
            (Some("AccessDeniedException"), StoreError::Misconfigured),
        ] {
            let error = from_code(code, "x".to_owned()).to_string();
            assert_eq!(error, kind("x".to_owned()).to_string(), "{code:?}");
        }
    }
}
