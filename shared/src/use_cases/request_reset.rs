use std::net::IpAddr;

use crate::domain::{ResetRequest, Timestamp};
use crate::ports::{Acceptance, RequestOutbox, SourceDecision, SourceLimiter, StoreError};

/// Hands in a request for a reset.
///
/// It reads nothing and knows nothing of accounts, so its answer cannot tell whether there is one.
#[derive(Debug, Clone)]
pub struct RequestReset<S> {
    /// Counters of sources, and the outbox.
    pub store: S,
}

/// What became of a request.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOutcome {
    /// It was accepted, or its address was asked for too recently: callers get the same answer.
    Accepted(Acceptance),
    /// The source asks too often, until this time.
    SourceLimited(Timestamp),
}

impl<S: SourceLimiter + RequestOutbox> RequestReset<S> {
    /// Counts a source: all that is done for a request with no address in it. One write.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store does not answer.
    pub async fn count_source(
        &self,
        source: IpAddr,
        now: Timestamp,
    ) -> Result<SourceDecision, StoreError> {
        self.store.count(source, now).await
    }

    /// Counts the source, then hands the request in: two writes at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store does not answer; then nothing was accepted.
    pub async fn execute(
        &self,
        request: &ResetRequest,
        source: IpAddr,
    ) -> Result<RequestOutcome, StoreError> {
        let counted = self.count_source(source, request.requested_at).await?;
        if let SourceDecision::LimitedUntil(until) = counted {
            return Ok(RequestOutcome::SourceLimited(until));
        }
        let acceptance = self.store.submit(request).await?;
        Ok(RequestOutcome::Accepted(acceptance))
    }
}
