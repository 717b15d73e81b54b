use std::net::IpAddr;
use std::time::Duration;

use thiserror::Error;

use super::verify_token::{open, refuse_repetition};
use super::{Proof, ProofError, VerifiedProof, VerifyPorts, VerifyToken};
use crate::domain::{
    App, AppId, Apps, ChangeTag, IdempotencyKey, Limits, Locator, NewPassword, Notice, NoticeId,
    OtherRecipients, Owner, PasswordContext, PasswordHash, PasswordPolicy, RejectionReason,
    SecretState, Timestamp, User,
};
use crate::ports::{
    Clock, CommitOutcome, Entropy, HashError, KnownPasswords, KnownPasswordsError, PasswordChange,
    PasswordChanges, PasswordHasher, RandomError, RejectionLog, ResetRecords as _, Revocations,
    SAVE_ATTEMPTS, SaveOutcome, Sleep, StoreError, UserDirectory,
};

/// Waits before each look whether the same request has succeeded, for a caller who found no try of a
/// code left.
const REPEAT_POLL_DELAYS: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
];

/// What confirming may do to the world, besides what verifying may.
pub trait ConfirmPorts:
    VerifyPorts<Store: Revocations + RejectionLog, Hasher: PasswordHasher, Clock: Sleep>
{
    /// The users tables, to read.
    type Users: UserDirectory;
    type Changes: PasswordChanges;
    /// The passwords that nobody may have.
    type Known: KnownPasswords;
    /// Randomness, for ids.
    type Entropy: Entropy;
}

/// Changes the password of a person who proves that the mail reached them.
pub struct ConfirmReset<P: ConfirmPorts> {
    pub verify: VerifyToken<P>,
    pub users: P::Users,
    pub changes: P::Changes,
    pub entropy: P::Entropy,
    pub policy: PasswordPolicy,
    /// How many may be rejected.
    pub limits: Limits,
    /// What it must not be; `None` compares with nothing.
    pub known: Option<P::Known>,
}

/// A request to change a password, with the proof that it may be changed.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmRequest<'a> {
    /// The app that the caller names, which counts for codes; a link knows its own.
    pub app: &'a AppId,
    pub proof: &'a Proof,
    pub password: &'a NewPassword,
    /// The address that the call came from.
    pub source: IpAddr,
    /// The language that the browser asks for, which the warning comes in (BCP 47).
    pub locale: Option<&'a str>,
    /// The caller's idempotency key.
    pub key: Option<&'a IdempotencyKey>,
    /// Whether the answer shows the account, also that to a repetition.
    pub shows_user: bool,
}

pub struct PasswordChanged {
    pub app: AppId,
    pub email: String,
    /// The account, as it was before the change; of a repetition as it is, where the answer shows it.
    pub user: Option<User>,
    /// Whether this very request had changed it before, and did nothing now.
    pub is_repetition: bool,
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
    /// Too many passwords of the account were rejected; the link or code works from then on.
    #[error("too many passwords were rejected")]
    RejectionLimited(Timestamp),
    /// The store does not answer, or concurrent changes outlasted the retries.
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Known(#[from] KnownPasswordsError),
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl<P: ConfirmPorts> ConfirmReset<P> {
    /// Changes the password: cheap checks first, then the known ones, then the estimate, then the
    /// slow hash, then one transaction. By link that is three round trips to the store. The
    /// repetition of a success has the same outcome and changes nothing; by link it is one round
    /// trip.
    ///
    /// # Errors
    ///
    /// [`ConfirmError`]; never was a secret spent without its password change, or the reverse.
    pub async fn execute(
        &self,
        apps: &Apps,
        request: &ConfirmRequest<'_>,
    ) -> Result<PasswordChanged, ConfirmError> {
        let key = request.key;
        let change = key.and_then(|key| request.proof.change_tag(key, request.password));
        let changed = self.change(apps, request, change.as_ref()).await;
        let changed = match (changed, request.proof, &change) {
            (Err(ConfirmError::Proof(ProofError::OutOfTries)), Proof::Code(email, _), Some(it)) => {
                let locator = Locator::new(request.app, email);
                Err(self.wait_for_repetition(&locator, it).await.into())
            }
            (changed, ..) => changed,
        };
        match changed {
            Err(ConfirmError::Proof(ProofError::Repeated { app, owner })) => {
                self.repeat(request, app, *owner).await
            }
            changed => changed,
        }
    }

    async fn change(
        &self,
        apps: &Apps,
        request: &ConfirmRequest<'_>,
        change: Option<&ChangeTag>,
    ) -> Result<PasswordChanged, ConfirmError> {
        let verifying = self
            .verify
            .execute(request.app, request.proof, request.source, change);
        let mut verified = verifying.await?;
        let app = apps.get(&verified.record.app).ok_or(ProofError::Invalid)?;
        let (record, owner) = (&verified.record, verified.issued.owner);
        let now = self.verify.clock.now();
        if let Some(until) = record.rejections_limited_until(owner, &self.limits, now) {
            return Err(ConfirmError::RejectionLimited(until));
        }
        let user = self.account_of(&verified, change).await?;
        let reasons = self.reasons_against(request.password, &user, app)?;
        if !reasons.is_empty() {
            // Counted only now, so that a success costs no call for it.
            let store = &self.verify.store;
            let counting = store.count_rejection(&verified.locator, record, owner, now);
            counting.await?;
            return Err(ConfirmError::PasswordRejected(reasons));
        }
        let new_hash = self.verify.hasher.hash_password(request.password)?;
        for _ in 0..SAVE_ATTEMPTS {
            let commit = self.prepare(&verified, &user, &new_hash, request.locale, change)?;
            let committed = self.changes.commit(&commit).await;
            let locator = &verified.locator;
            match committed {
                Ok(CommitOutcome::Changed) => {
                    return Ok(PasswordChanged {
                        app: app.id.clone(),
                        email: user.email.clone(),
                        user: Some(user),
                        is_repetition: false,
                    });
                }
                Ok(CommitOutcome::UserChanged) => {
                    self.kill(&verified, change).await?;
                    return Err(ProofError::Invalid.into());
                }
                Ok(CommitOutcome::RecordChanged) => {
                    let record = self.verify.store.load(locator).await?;
                    let now = self.verify.clock.now();
                    let secret = verified.secret.clone();
                    verified = open(*locator, secret, record, None, change, now)?;
                }
                Err(error) => {
                    // Where many contend, it may be this very change that was made.
                    self.check_repetition(locator, change).await?;
                    return Err(error.into());
                }
            }
        }
        Err(StoreError::Contended("the record kept changing".to_owned()).into())
    }

    /// The answer to the repetition of a request that has changed the password.
    async fn repeat(
        &self,
        request: &ConfirmRequest<'_>,
        app: AppId,
        owner: Owner,
    ) -> Result<PasswordChanged, ConfirmError> {
        let user = match &owner.user_key {
            Some(key) if request.shows_user => {
                let user = self.users.get(&app, key).await?;
                Some(user.ok_or_else(|| ProofError::Used { app: app.clone() })?)
            }
            _ => None,
        };
        Ok(PasswordChanged {
            app,
            email: owner.email,
            user,
            is_repetition: true,
        })
    }

    /// Waits for a parallel request with the same key to succeed, which may have taken all tries. Every
    /// caller whose address has none left waits as long.
    /// A caller for whose address nothing was asked does not wait: nothing can have succeeded then.
    async fn wait_for_repetition(&self, locator: &Locator, change: &ChangeTag) -> ProofError {
        for delay in REPEAT_POLL_DELAYS {
            self.verify.clock.sleep(delay).await;
            if let Err(found) = self.check_repetition(locator, Some(change)).await {
                return found;
            }
        }
        ProofError::OutOfTries
    }

    /// Tells whether the record remembers this change by now.
    async fn check_repetition(
        &self,
        locator: &Locator,
        change: Option<&ChangeTag>,
    ) -> Result<(), ProofError> {
        let Some(change) = change else { return Ok(()) };
        let record = self.verify.store.load(locator).await?;
        let now = self.verify.clock.now();
        record.map_or(Ok(()), |record| {
            refuse_repetition(&record, Some(change), None, now)
        })
    }

    /// The user whose token this is, if the account is still the one that it was issued for.
    async fn account_of(
        &self,
        verified: &VerifiedProof,
        change: Option<&ChangeTag>,
    ) -> Result<User, ProofError> {
        let key = verified
            .owner
            .user_key
            .as_ref()
            .ok_or(ProofError::Invalid)?;
        let user = self.users.get(&verified.record.app, key).await?;
        let user = user.filter(|user| verified.owner.is_still(user));
        if user.is_none() {
            self.kill(verified, change).await?;
        }
        user.ok_or(ProofError::Invalid)
    }

    /// Ends what was issued to an account that is no longer as it was then, so that it stays dead when
    /// the account is as before once more. It may be this very change that has changed the account.
    async fn kill(
        &self,
        verified: &VerifiedProof,
        change: Option<&ChangeTag>,
    ) -> Result<(), ProofError> {
        let (locator, issued) = (&verified.locator, &verified.issued);
        let mut record = verified.record.clone();
        for _ in 0..SAVE_ATTEMPTS {
            let now = self.verify.clock.now();
            record.end(Some(issued.owner), SecretState::Killed, now);
            let store = &self.verify.store;
            if store.save_ended(locator, &record).await? == SaveOutcome::Saved {
                return Ok(());
            }
            let Some(newer) = store.load(locator).await? else {
                return Ok(());
            };
            refuse_repetition(&newer, change, None, now)?;
            if newer.owner(issued) != Some(&verified.owner) {
                return Ok(());
            }
            record = newer;
        }
        Err(StoreError::Contended("the record kept changing".to_owned()).into())
    }

    /// Why a password is not accepted; nothing where it is. What costs most is looked at last.
    fn reasons_against(
        &self,
        password: &NewPassword,
        user: &User,
        app: &App,
    ) -> Result<Vec<RejectionReason>, KnownPasswordsError> {
        let context = PasswordContext {
            email: &user.email,
            name: user.name.as_deref(),
            app_name: &app.display_name,
        };
        if let Err(reasons) = self.policy.check_rules(password, &context) {
            return Ok(reasons);
        }
        if let Some(known) = &self.known {
            if known.contains(password)? {
                return Ok(vec![RejectionReason::Known]);
            }
            let rest = password.beside_personal_words(&context);
            if let Some(rest) = rest
                && known.contains(&rest)?
            {
                return Ok(vec![RejectionReason::TooWeak]);
            }
        }
        let estimated = self.policy.check_strength(password, &context);
        Ok(estimated.err().unwrap_or_default())
    }

    fn prepare(
        &self,
        verified: &VerifiedProof,
        user: &User,
        new_hash: &PasswordHash,
        locale: Option<&str>,
        change: Option<&ChangeTag>,
    ) -> Result<PasswordChange, ConfirmError> {
        let id = NoticeId::from_random(self.entropy.bytes()?);
        // Read again after all that takes time: a session that was opened meanwhile with the old
        // password has to end too.
        let now = self.verify.clock.now();
        let mut record = verified.record.clone();
        record.spend(verified.issued.owner, change, now);
        Ok(PasswordChange {
            locator: verified.locator,
            secret: verified.secret.clone(),
            user: user.clone(),
            new_hash: new_hash.clone(),
            notice: Notice {
                id,
                app: record.app.clone(),
                user_key: user.key.clone(),
                email: user.email.clone(),
                others: OtherRecipients::of(&user.email, &user.notice_emails),
                locale: locale.map(str::to_owned),
                changed_at: now,
            },
            record,
        })
    }
}
