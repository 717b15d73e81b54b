use thiserror::Error;

use crate::domain::{AppId, LinkToken};
use crate::ports::{Cancellations, Clock, StoreError};

/// Kills everything that is outstanding for the address that a link was mailed to: "this wasn't
/// me".
///
/// Whoever has the link could change the password with it, so it is proof enough for less.
#[derive(Debug, Clone)]
pub struct CancelReset<S, C> {
    /// Where links and codes are.
    pub store: S,
    /// The time.
    pub clock: C,
}

/// A reset that was cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The app that it was of.
    pub app: AppId,
    /// The address that the mail went to.
    pub email: String,
}

/// Why nothing was cancelled.
#[derive(Debug, Error)]
pub enum CancelError {
    /// The link is not alive: unknown, wrong, used, cancelled or expired. Nobody is told which.
    #[error("the link is not alive")]
    InvalidToken,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Cancellations, C: Clock> CancelReset<S, C> {
    /// Kills every live link and the code of the address that `token` is for. One conditional
    /// write.
    ///
    /// # Errors
    ///
    /// [`CancelError`]; nothing was changed, unless the store gave no answer.
    pub async fn execute(&self, token: Option<&LinkToken>) -> Result<Cancelled, CancelError> {
        let token = token.ok_or(CancelError::InvalidToken)?;
        let cancelled = self
            .store
            .cancel(&token.locator(), &token.secret_hash(), self.clock.now())
            .await?;
        let record = cancelled.ok_or(CancelError::InvalidToken)?;
        Ok(Cancelled {
            app: record.app,
            email: record.email,
        })
    }
}
