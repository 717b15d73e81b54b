use super::errors::StoreError;
use crate::domain::ResetRequest;

/// What became of handing in a request.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// The request is in the outbox.
    Accepted,
    /// The address has been asked for too often; nothing was written.
    Throttled,
}

/// Takes requests for resets; the table's stream carries them to the mail worker.
pub trait RequestOutbox: Send + Sync {
    /// Hands in a request, if the limits of its address allow it. One conditional write.
    fn submit(
        &self,
        request: &ResetRequest,
    ) -> impl Future<Output = Result<Acceptance, StoreError>> + Send;
}
