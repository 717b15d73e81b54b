use std::net::IpAddr;

use thiserror::Error;

use super::code_check::{CodeError, check_code};
use super::{Proof, is_for};
use crate::domain::{AppId, EmailAddress, LinkToken, Locator, ShortCode, Timestamp};
use crate::ports::{
    Clock, CodeHasher, CodeTries, HashError, ResetRecords, SourceLimiter, StoreError,
};

/// Tells whether a link or code is alive, and consumes nothing.
///
/// It does not look at the user, whom it has no right to read: confirming decides.
#[derive(Debug, Clone)]
pub struct VerifyToken<S, H, C> {
    store: S,
    hasher: H,
    clock: C,
}

/// What a live link or code opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The app that it is of.
    pub app: AppId,
    /// The address that the mail went to.
    pub email: String,
    /// The first second at which it is no longer valid.
    pub expires_at: Timestamp,
}

/// Why it was not found alive.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// Unknown, wrong, used, replaced or expired: nobody is told which.
    #[error("the link or code is not alive")]
    InvalidToken,
    /// The link has changed the password before. For logs: whoever asks is told no more than
    /// that it is not alive.
    #[error("the link was spent before")]
    SpentToken,
    /// The source tries too many codes.
    #[error("the source asks too often")]
    SourceLimited(Timestamp),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hash cannot be computed.
    #[error(transparent)]
    Hash(#[from] HashError),
}

impl From<CodeError> for VerifyError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Invalid => Self::InvalidToken,
            CodeError::SourceLimited(until) => Self::SourceLimited(until),
            CodeError::Store(error) => Self::Store(error),
            CodeError::Hash(error) => Self::Hash(error),
        }
    }
}

impl<S, H, C> VerifyToken<S, H, C>
where
    S: ResetRecords + CodeTries + SourceLimiter,
    H: CodeHasher,
    C: Clock,
{
    /// The use case over these.
    pub const fn new(store: S, hasher: H, clock: C) -> Self {
        Self {
            store,
            hasher,
            clock,
        }
    }

    /// Checks `proof`; by link with one read. `app` is the one that the caller named, and counts
    /// for codes; a link knows its own.
    ///
    /// # Errors
    ///
    /// [`VerifyError`]; only [`VerifyError::InvalidToken`] and [`VerifyError::SpentToken`] say
    /// anything about the proof.
    pub async fn execute(
        &self,
        app: &AppId,
        proof: &Proof,
        source: IpAddr,
    ) -> Result<Verified, VerifyError> {
        match proof {
            Proof::Link {
                token: Some(token),
                email,
            } => self.by_link(token, email.as_ref()).await,
            Proof::Code(email, Some(code)) => {
                self.by_code(&Locator::new(app, email), code, source).await
            }
            Proof::Link { token: None, .. } | Proof::Code(_, None) => {
                Err(VerifyError::InvalidToken)
            }
        }
    }

    async fn by_link(
        &self,
        token: &LinkToken,
        email: Option<&EmailAddress>,
    ) -> Result<Verified, VerifyError> {
        let record = self.store.load(&token.locator()).await?;
        let record = record.filter(|record| is_for(record, email));
        let record = record.ok_or(VerifyError::InvalidToken)?;
        let hash = token.secret_hash();
        match record.live_link(&hash, self.clock.now()) {
            Some(expires_at) => Ok(Verified {
                app: record.app,
                email: record.email,
                expires_at,
            }),
            None if record.was_spent(&hash) => Err(VerifyError::SpentToken),
            None => Err(VerifyError::InvalidToken),
        }
    }

    async fn by_code(
        &self,
        locator: &Locator,
        code: &ShortCode,
        source: IpAddr,
    ) -> Result<Verified, VerifyError> {
        let now = self.clock.now();
        let checked = check_code(&self.store, &self.hasher, locator, code, source, now).await?;
        Ok(Verified {
            app: checked.record.app,
            email: checked.record.email,
            expires_at: checked.expires_at,
        })
    }
}
