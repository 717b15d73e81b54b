use std::net::IpAddr;

use thiserror::Error;

use super::code_check::{CodeError, check_code};
use super::{Proof, is_for};
use crate::domain::{
    App, AppId, Apps, EmailAddress, LinkToken, Locator, NewPassword, Notice, NoticeId,
    PasswordContext, PasswordPolicy, RejectionReason, ResetRecord, ShortCode, Timestamp, User,
};
use crate::ports::{
    Clock, CodeHasher, CodeTries, Committed, Entropy, HashError, PasswordChange, PasswordChanges,
    PasswordHasher, RandomError, ResetRecords, SourceLimiter, SpentSecret, StoreError,
    UserDirectory,
};

/// Changes the password of whoever proves that the mail reached them.
#[derive(Debug, Clone)]
pub struct ConfirmReset<S, U, P, H, C, E> {
    /// Tokens, tries and source counters.
    pub store: S,
    /// The users table.
    pub users: U,
    /// The transaction.
    pub changes: P,
    /// The slow hashes, of passwords and of codes.
    pub hasher: H,
    /// The time.
    pub clock: C,
    /// Randomness, for ids.
    pub entropy: E,
    /// What a password must be like.
    pub policy: PasswordPolicy,
}

/// What somebody wants who confirms.
#[derive(Debug, Clone, Copy)]
pub struct Confirming<'a> {
    /// The app that the caller names, which counts for codes; a link knows its own.
    pub app: &'a AppId,
    /// The proof that the mail reached them.
    pub proof: &'a Proof,
    /// The password that they want.
    pub password: &'a NewPassword,
    /// Where they are.
    pub source: IpAddr,
    /// The language that their browser asks for.
    pub locale: Option<&'a str>,
}

/// A password that was changed.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// The app in which.
    pub app: AppId,
    /// Whose.
    pub user: User,
}

/// Why it was not changed. Nothing was, then; only after [`StoreError::Unavailable`] from the
/// transaction itself it is not known, and trying again tells.
#[derive(Debug, Error)]
pub enum ConfirmError {
    /// Unknown, wrong, used, replaced, expired, or overtaken by a change of the account: nobody is
    /// told which.
    #[error("the link or code is not alive")]
    InvalidToken,
    /// The link has changed the password before. For logs: whoever asks is told no more than
    /// that it is not alive.
    #[error("the link was spent before")]
    SpentToken,
    /// The password is not accepted; the link or code stays alive.
    #[error("the password is not accepted")]
    PasswordRejected(Vec<RejectionReason>),
    /// The source tries too many codes.
    #[error("the source asks too often")]
    SourceLimited(Timestamp),
    /// The store does not answer, or concurrent changes outlasted the retries.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hash cannot be computed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<CodeError> for ConfirmError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Invalid => Self::InvalidToken,
            CodeError::SourceLimited(until) => Self::SourceLimited(until),
            CodeError::Store(error) => Self::Store(error),
            CodeError::Hash(error) => Self::Hash(error),
        }
    }
}

/// A proof that held, with what it opens.
struct Opened {
    locator: Locator,
    secret: SpentSecret,
    record: ResetRecord,
}

impl<S, U, P, H, C, E> ConfirmReset<S, U, P, H, C, E>
where
    S: ResetRecords + CodeTries + SourceLimiter,
    U: UserDirectory,
    P: PasswordChanges,
    H: CodeHasher + PasswordHasher,
    C: Clock,
    E: Entropy,
{
    /// Changes the password: cheap checks first, then the policy, then the slow hash, then one
    /// transaction. By link that is three round trips to the store.
    ///
    /// # Errors
    ///
    /// [`ConfirmError`]; never was a secret spent without its password change, or the reverse.
    pub async fn execute(
        &self,
        apps: &Apps,
        wish: &Confirming<'_>,
    ) -> Result<Confirmation, ConfirmError> {
        let now = self.clock.now();
        let opened = self.open(wish, now).await?;
        let app = apps
            .get(&opened.record.app)
            .ok_or(ConfirmError::InvalidToken)?;
        let user = self.entitled_user(&opened.record).await?;
        self.check_password(wish.password, &user, app)?;
        let change = self.prepare(opened, &user, app, wish)?;
        match self.changes.commit(&change).await? {
            Committed::Changed => Ok(Confirmation {
                app: app.id.clone(),
                user,
            }),
            Committed::SecretGone | Committed::UserChanged => Err(ConfirmError::InvalidToken),
        }
    }

    async fn open(&self, wish: &Confirming<'_>, now: Timestamp) -> Result<Opened, ConfirmError> {
        match wish.proof {
            Proof::Link {
                token: Some(token),
                email,
            } => self.open_link(token, email.as_ref(), now).await,
            Proof::Code(email, Some(code)) => {
                let locator = Locator::new(wish.app, email);
                self.open_code(locator, code, wish.source, now).await
            }
            Proof::Link { token: None, .. } | Proof::Code(_, None) => {
                Err(ConfirmError::InvalidToken)
            }
        }
    }

    async fn open_link(
        &self,
        token: &LinkToken,
        email: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<Opened, ConfirmError> {
        let locator = token.locator();
        let hash = token.secret_hash();
        let record = self.store.load(&locator).await?;
        let record = record.filter(|record| is_for(record, email));
        let record = record.ok_or(ConfirmError::InvalidToken)?;
        if record.live_link(&hash, now).is_some() {
            return Ok(Opened {
                locator,
                secret: SpentSecret::Link(hash),
                record,
            });
        }
        Err(if record.was_spent(&hash) {
            ConfirmError::SpentToken
        } else {
            ConfirmError::InvalidToken
        })
    }

    async fn open_code(
        &self,
        locator: Locator,
        code: &ShortCode,
        source: IpAddr,
        now: Timestamp,
    ) -> Result<Opened, ConfirmError> {
        let checked = check_code(&self.store, &self.hasher, &locator, code, source, now).await?;
        Ok(Opened {
            locator,
            secret: SpentSecret::Code(checked.code),
            record: checked.record,
        })
    }

    /// The user whose token this is, if the account is still the one that it was issued for.
    async fn entitled_user(&self, record: &ResetRecord) -> Result<User, ConfirmError> {
        let key = record.user_key.as_ref().ok_or(ConfirmError::InvalidToken)?;
        let user = self.users.get(&record.app, key).await?;
        user.filter(|user| {
            !user.disabled
                && user.elsewhere.is_none()
                && user.email == record.email
                && user.credential_tag() == record.credential_tag
        })
        .ok_or(ConfirmError::InvalidToken)
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
        opened: Opened,
        user: &User,
        app: &App,
        wish: &Confirming<'_>,
    ) -> Result<PasswordChange, ConfirmError> {
        let mut id = [0; 16];
        self.entropy.fill(&mut id)?;
        let id = NoticeId::from_random(id);
        let new_hash = self.hasher.hash_password(wish.password)?;
        // Read again after all that takes time: a session that was opened meanwhile with the old
        // password has to end too.
        let now = self.clock.now();
        Ok(PasswordChange {
            locator: opened.locator,
            secret: opened.secret,
            user: user.clone(),
            new_hash,
            // 32 characters of the 36 that DynamoDB takes.
            idempotency_token: id.as_str().to_owned(),
            notice: Notice {
                id,
                app: app.id.clone(),
                user_key: user.key.clone(),
                email: user.email.clone(),
                locale: wish.locale.map(str::to_owned),
                changed_at: now,
            },
            now,
        })
    }
}
