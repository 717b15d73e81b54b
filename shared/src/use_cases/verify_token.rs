use std::net::IpAddr;

use super::code_check::{CodeTry, check_code};
use super::{Proof, ProofError, VerifiedProof};
use crate::domain::{
    AppId, ChangeTag, EmailAddress, Locator, Owner, ResetRecord, SecretState, Timestamp,
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
    pub store: P::Store,
    pub hasher: P::Hasher,
    pub clock: P::Clock,
}

impl<P: VerifyPorts> VerifyToken<P> {
    /// Checks `proof`; by link with one read. `app` is the one that the caller named, and counts
    /// for codes; a link knows its own. A repeated change is recognised before anything else is
    /// checked.
    ///
    /// # Errors
    ///
    /// [`ProofError`]; those with a source say nothing about the proof.
    pub async fn execute(
        &self,
        app: &AppId,
        proof: &Proof,
        source: IpAddr,
        change: Option<&ChangeTag>,
    ) -> Result<VerifiedProof, ProofError> {
        let now = self.clock.now();
        match proof {
            Proof::Link {
                token: Some(token),
                email,
            } => {
                let (locator, hash) = (token.locator(), token.secret_hash());
                let record = self.store.load(&locator).await?;
                let secret = SpentSecret::Link(hash);
                open(locator, secret, record, email.as_ref(), change, now)
            }
            Proof::Code(email, Some(code)) => {
                let try_of = CodeTry {
                    locator: Locator::new(app, email),
                    code,
                    source,
                    change,
                };
                check_code(&self.store, &self.hasher, try_of, now).await
            }
            Proof::Link { token: None, .. } | Proof::Code(_, None) => Err(ProofError::Invalid),
        }
    }
}

/// Refuses a change that the record remembers, if it was made for the address that the frontend names
/// or the frontend names none.
pub(super) fn refuse_repetition(
    record: &ResetRecord,
    change: Option<&ChangeTag>,
    email: Option<&EmailAddress>,
    now: Timestamp,
) -> Result<(), ProofError> {
    let owner = change.and_then(|change| record.changed_by(change, now));
    match owner.filter(|owner| is_for(owner, email)) {
        None => Ok(()),
        Some(owner) => Err(ProofError::Repeated {
            app: record.app.clone(),
            owner: Box::new(owner.clone()),
        }),
    }
}

/// Opens a proof by the hash of its secret. For a dead link the error says why, because only the person
/// who was mailed the link has it.
pub(super) fn open(
    locator: Locator,
    secret: SpentSecret,
    record: Option<ResetRecord>,
    email: Option<&EmailAddress>,
    change: Option<&ChangeTag>,
    now: Timestamp,
) -> Result<VerifiedProof, ProofError> {
    let record = record.ok_or(ProofError::Invalid)?;
    refuse_repetition(&record, change, email, now)?;
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
        (None, SecretState::Cancelled | SecretState::Killed | SecretState::Repeatable) => {
            Err(ProofError::Invalid)
        }
    }
}

/// Whether a link is of the address that the frontend named, if it named one.
fn is_for(owner: &Owner, email: Option<&EmailAddress>) -> bool {
    email.is_none_or(|email| email.matches(&owner.email))
}
