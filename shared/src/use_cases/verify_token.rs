use std::net::IpAddr;

use super::code_check::check_code;
use super::{Proof, ProofError, VerifiedProof};
use crate::domain::{
    AppId, EmailAddress, LinkToken, Locator, Owner, ResetRecord, SecretState, Timestamp,
};
use crate::ports::{Clock, CodeHasher, CodeTries, ResetRecords, SourceLimiter, SpentSecret};

/// What verifying may do to the world: read records, and count tries of codes. It changes no
/// password, and has no right to read users.
pub trait VerifyPorts {
    /// Records, tries of codes and counters of sources.
    type Store: ResetRecords + CodeTries + SourceLimiter;
    /// The slow hash of codes.
    type Hasher: CodeHasher;
    /// What decides about expiry.
    type Clock: Clock;
}

/// Tells whether a link or code is alive, and consumes nothing.
///
/// It does not look at the user: confirming, which begins with this, decides about that.
pub struct VerifyToken<P: VerifyPorts> {
    /// Records, tries of codes and counters of sources.
    pub store: P::Store,
    /// The slow hash of codes.
    pub hasher: P::Hasher,
    /// What decides about expiry.
    pub clock: P::Clock,
}

impl<P: VerifyPorts> VerifyToken<P> {
    /// Checks `proof`; by link with one read. `app` is the one that the caller named, and counts
    /// for codes; a link knows its own.
    ///
    /// # Errors
    ///
    /// [`ProofError`]; only [`ProofError::Invalid`], [`ProofError::Used`] and [`ProofError::Expired`]
    /// say anything about the proof.
    pub async fn execute(
        &self,
        app: &AppId,
        proof: &Proof,
        source: IpAddr,
    ) -> Result<VerifiedProof, ProofError> {
        let now = self.clock.now();
        match proof {
            Proof::Link {
                token: Some(token),
                email,
            } => self.check_link(token, email.as_ref(), now).await,
            Proof::Code(email, Some(code)) => {
                let locator = Locator::new(app, email);
                check_code(&self.store, &self.hasher, locator, code, source, now).await
            }
            Proof::Link { token: None, .. } | Proof::Code(_, None) => Err(ProofError::Invalid),
        }
    }

    async fn check_link(
        &self,
        token: &LinkToken,
        email: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<VerifiedProof, ProofError> {
        let (locator, hash) = (token.locator(), token.secret_hash());
        let record = self.store.load(&locator).await?;
        open(locator, SpentSecret::Link(hash), record, email, now)
    }
}

/// What a secret opens whose hash is known. Of a link that is dead it is told why, because a person who holds
/// it was mailed it.
pub(super) fn open(
    locator: Locator,
    secret: SpentSecret,
    record: Option<ResetRecord>,
    email: Option<&EmailAddress>,
    now: Timestamp,
) -> Result<VerifiedProof, ProofError> {
    let record = record.ok_or(ProofError::Invalid)?;
    let (found, alive) = match &secret {
        SpentSecret::Link(hash) => (record.link(hash), record.live_link(hash, now)),
        SpentSecret::Code(hash) => {
            let alive = record.codes.alive(hash, now);
            (alive, alive)
        }
    };
    let owner = found.and_then(|found| record.owner(found));
    let owner = owner.filter(|owner| is_for(owner, email));
    let (found, owner) = found.zip(owner).ok_or(ProofError::Invalid)?;
    let (issued, owner) = (*alive.unwrap_or(found), owner.clone());
    let verified = |record| VerifiedProof {
        locator,
        secret,
        issued,
        owner: owner.clone(),
        record,
    };
    match (alive, found.state) {
        (Some(_), _) => Ok(verified(record)),
        (None, SecretState::Used) => Err(ProofError::Used { app: record.app }),
        (None, SecretState::Alive) => Err(ProofError::Expired {
            email: owner.email,
            app: record.app,
        }),
        (None, SecretState::Cancelled) if issued.expires_at > now => {
            Err(ProofError::Cancelled(Box::new(verified(record))))
        }
        (None, SecretState::Cancelled | SecretState::Killed) => Err(ProofError::Invalid),
    }
}

/// Whether a link is of the address that the frontend named, if it named one.
fn is_for(owner: &Owner, email: Option<&EmailAddress>) -> bool {
    email.is_none_or(|email| email.matches(&owner.email))
}
