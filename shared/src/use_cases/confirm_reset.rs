use std::net::IpAddr;

use thiserror::Error;

use super::{Proof, ProofError, VerifiedProof, VerifyPorts, VerifyToken};
use crate::domain::{
    App, AppId, Apps, NewPassword, Notice, NoticeId, PasswordContext, PasswordPolicy,
    RejectionReason, ResetRecord, User,
};
use crate::ports::{
    Clock, CommitOutcome, Entropy, HashError, PasswordChange, PasswordChanges, PasswordHasher,
    RandomError, StoreError, UserDirectory,
};

/// What confirming may do to the world, besides what verifying may.
pub trait ConfirmPorts: VerifyPorts<Hasher: PasswordHasher> {
    /// The users tables, to read.
    type Users: UserDirectory;
    /// The transaction.
    type Changes: PasswordChanges;
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
    /// There are no random bytes for the id of the notice.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl<P: ConfirmPorts> ConfirmReset<P> {
    /// Changes the password: cheap checks first, then the policy, then the slow hash, then one
    /// transaction. By link that is three round trips to the store.
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
        let verified = verifying.await?;
        let app = apps.get(&verified.record.app).ok_or(ProofError::Invalid)?;
        let user = self.account_of(&verified.record).await?;
        self.check_password(request.password, &user, app)?;
        let change = self.prepare(verified, &user, app, request)?;
        match self.changes.commit(&change).await? {
            CommitOutcome::Changed => Ok(PasswordChanged {
                app: app.id.clone(),
                user,
            }),
            CommitOutcome::SecretGone | CommitOutcome::UserChanged => {
                Err(ProofError::Invalid.into())
            }
        }
    }

    /// The user whose token this is, if the account is still the one that it was issued for.
    async fn account_of(&self, record: &ResetRecord) -> Result<User, ProofError> {
        let key = record.user_key.as_ref().ok_or(ProofError::Invalid)?;
        let user = self.users.get(&record.app, key).await?;
        user.filter(|user| {
            !user.disabled
                && user.external_sign_in.is_none()
                && user.email == record.email
                && user.credential_tag() == record.credential_tag
        })
        .ok_or(ProofError::Invalid)
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
        self.policy
            .check(password, &context)
            .map_err(ConfirmError::PasswordRejected)
    }

    fn prepare(
        &self,
        verified: VerifiedProof,
        user: &User,
        app: &App,
        request: &ConfirmRequest<'_>,
    ) -> Result<PasswordChange, ConfirmError> {
        let mut id = [0; 16];
        self.entropy.fill(&mut id)?;
        let id = NoticeId::from_random(id);
        let new_hash = self.verify.hasher.hash_password(request.password)?;
        // Read again after all that takes time: a session that was opened meanwhile with the old
        // password has to end too.
        let now = self.verify.clock.now();
        Ok(PasswordChange {
            locator: verified.locator,
            secret: verified.secret,
            user: user.clone(),
            new_hash,
            // 32 characters of the 36 that DynamoDB takes.
            idempotency_token: id.as_str().to_owned(),
            notice: Notice {
                id,
                app: app.id.clone(),
                user_key: user.key.clone(),
                email: user.email.clone(),
                locale: request.locale.map(str::to_owned),
                changed_at: now,
            },
            now,
        })
    }
}
