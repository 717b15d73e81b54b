use std::net::IpAddr;

use thiserror::Error;

use super::verify_token::open;
use super::{Proof, ProofError, SAVE_ATTEMPTS, VerifiedProof, VerifyPorts, VerifyToken};
use crate::domain::{
    App, AppId, Apps, NewPassword, Notice, NoticeId, PasswordContext, PasswordHash, PasswordPolicy,
    RejectionReason, SecretState, User,
};
use crate::ports::{
    Clock, CommitOutcome, Endings, Entropy, HashError, KnownPasswords, KnownPasswordsError,
    PasswordChange, PasswordChanges, PasswordHasher, RandomError, ResetRecords as _, SaveOutcome,
    StoreError, UserDirectory,
};

/// What confirming may do to the world, besides what verifying may.
pub trait ConfirmPorts: VerifyPorts<Store: Endings, Hasher: PasswordHasher> {
    /// The users tables, to read.
    type Users: UserDirectory;
    /// The transaction.
    type Changes: PasswordChanges;
    /// The passwords that nobody may have.
    type Known: KnownPasswords;
    /// Randomness, for ids.
    type Entropy: Entropy;
}

/// Changes the password of a person who proves that the mail reached them.
pub struct ConfirmReset<P: ConfirmPorts> {
    /// What proofs are opened by.
    pub verify: VerifyToken<P>,
    /// The users tables, to read.
    pub users: P::Users,
    /// The transaction.
    pub changes: P::Changes,
    /// Randomness, for ids.
    pub entropy: P::Entropy,
    /// What a password must be like.
    pub policy: PasswordPolicy,
    /// What it must not be; `None` compares with nothing.
    pub known: Option<P::Known>,
}

/// A wish for another password, with the proof that it may be changed.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmRequest<'a> {
    /// The app that the caller names, which counts for codes; a link knows its own.
    pub app: &'a AppId,
    /// The proof that the mail reached them.
    pub proof: &'a Proof,
    /// The new password.
    pub password: &'a NewPassword,
    /// The address that the call came from.
    pub source: IpAddr,
    /// The language that the browser asks for, which the warning comes in (BCP 47).
    pub locale: Option<&'a str>,
}

/// A password that was changed.
#[derive(Debug, Clone)]
pub struct PasswordChanged {
    /// The app whose password it is.
    pub app: AppId,
    /// The account, as it was before the change.
    pub user: User,
}

/// Why it was not changed. Nothing was, then; only after [`StoreError::Unavailable`] from the
/// transaction itself it is not known, and trying again tells.
#[derive(Debug, Error)]
pub enum ConfirmError {
    /// The link or code opens nothing, or the account has changed since it was mailed.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The password is not accepted; the link or code stays alive.
    #[error("the password is not accepted")]
    PasswordRejected(Vec<RejectionReason>),
    /// The store does not answer, or concurrent changes outlasted the retries.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hash of the password cannot be computed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The known passwords cannot be read.
    #[error(transparent)]
    Known(#[from] KnownPasswordsError),
    /// There are no random bytes for the id of the notice.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl<P: ConfirmPorts> ConfirmReset<P> {
    /// Changes the password: cheap checks first, then the known ones, then the estimate, then the
    /// slow hash, then one transaction. By link that is three round trips to the store.
    ///
    /// # Errors
    ///
    /// [`ConfirmError`]; never was a secret spent without its password change, or the reverse.
    pub async fn execute(
        &self,
        apps: &Apps,
        request: &ConfirmRequest<'_>,
    ) -> Result<PasswordChanged, ConfirmError> {
        let verifying = self
            .verify
            .execute(request.app, request.proof, request.source);
        let mut verified = verifying.await?;
        let app = apps.get(&verified.record.app).ok_or(ProofError::Invalid)?;
        let user = self.account_of(&verified).await?;
        self.check_password(request.password, &user, app)?;
        let new_hash = self.verify.hasher.hash_password(request.password)?;
        for _ in 0..SAVE_ATTEMPTS {
            let change = self.prepare(&verified, &user, &new_hash, request.locale)?;
            match self.changes.commit(&change).await? {
                CommitOutcome::Changed => {
                    let app = app.id.clone();
                    return Ok(PasswordChanged { app, user });
                }
                CommitOutcome::UserChanged => {
                    self.kill(&verified).await?;
                    return Err(ProofError::Invalid.into());
                }
                CommitOutcome::RecordChanged => {
                    let VerifiedProof {
                        locator, secret, ..
                    } = verified;
                    let record = self.verify.store.load(&locator).await?;
                    let now = self.verify.clock.now();
                    verified = open(locator, secret, record, None, now)?;
                }
            }
        }
        Err(StoreError::Contended("the record kept changing".to_owned()).into())
    }

    /// The user whose token this is, if the account is still the one that it was issued for.
    async fn account_of(&self, verified: &VerifiedProof) -> Result<User, ProofError> {
        let key = verified
            .owner
            .user_key
            .as_ref()
            .ok_or(ProofError::Invalid)?;
        let user = self.users.get(&verified.record.app, key).await?;
        let user = user.filter(|user| verified.owner.is_still(user));
        if user.is_none() {
            self.kill(verified).await?;
        }
        user.ok_or(ProofError::Invalid)
    }

    /// Ends what was issued to an account that is no longer as it was then, so that it stays dead when
    /// the account is as before once more.
    async fn kill(&self, verified: &VerifiedProof) -> Result<(), StoreError> {
        let VerifiedProof {
            locator,
            issued,
            owner,
            ..
        } = verified;
        let mut record = verified.record.clone();
        for _ in 0..SAVE_ATTEMPTS {
            let now = self.verify.clock.now();
            record.end(Some(issued.owner), SecretState::Killed, now);
            let store = &self.verify.store;
            if store.save_ended(locator, &record).await? == SaveOutcome::Saved {
                return Ok(());
            }
            match store.load(locator).await? {
                Some(newer) if newer.owner(issued) == Some(owner) => record = newer,
                _ => return Ok(()),
            }
        }
        Err(StoreError::Contended("the record kept changing".to_owned()))
    }

    fn check_password(
        &self,
        password: &NewPassword,
        user: &User,
        app: &App,
    ) -> Result<(), ConfirmError> {
        let context = PasswordContext {
            email: &user.email,
            name: user.name.as_deref(),
            app_name: &app.display_name,
        };
        let rejected = ConfirmError::PasswordRejected;
        self.policy
            .check_rules(password, &context)
            .map_err(rejected)?;
        if let Some(known) = &self.known
            && known.contains(password)?
        {
            return Err(rejected(vec![RejectionReason::Known]));
        }
        self.policy
            .check_strength(password, &context)
            .map_err(rejected)
    }

    fn prepare(
        &self,
        verified: &VerifiedProof,
        user: &User,
        new_hash: &PasswordHash,
        locale: Option<&str>,
    ) -> Result<PasswordChange, ConfirmError> {
        let mut id = [0; 16];
        self.entropy.fill(&mut id)?;
        let id = NoticeId::from_random(id);
        // Read again after all that takes time: a session that was opened meanwhile with the old
        // password has to end too.
        let now = self.verify.clock.now();
        let mut record = verified.record.clone();
        record.end(Some(verified.issued.owner), SecretState::Used, now);
        Ok(PasswordChange {
            locator: verified.locator,
            secret: verified.secret.clone(),
            user: user.clone(),
            new_hash: new_hash.clone(),
            // 32 characters of the 36 that DynamoDB takes.
            idempotency_token: id.as_str().to_owned(),
            notice: Notice {
                id,
                app: record.app.clone(),
                user_key: user.key.clone(),
                email: user.email.clone(),
                locale: locale.map(str::to_owned),
                changed_at: now,
            },
            record,
            now,
        })
    }
}
