//! The whole outward contract: what the use cases need of the world.
//!
//! One small trait per capability. Absence is an `Option`, a refused condition is an outcome of the
//! method that may meet it, and [`StoreError`] is left for what went wrong, so that an outage can
//! never be mistaken for an answer.

mod errors;
mod recorder;

use std::future::Future;
use std::net::IpAddr;
use std::time::{Duration, Instant};

pub use errors::{ComposeError, HashError, MailError, RandomError, StoreError};
pub use recorder::{Measurement, Recorder, measure, record, set_recorder};

use crate::domain::{
    App, AppId, CodeHash, CodeSalt, Delivery, EmailAddress, IssuedSecrets, Limits, Locator,
    MailCap, MailReference, MailReport, NewPassword, Notice, NoticeId, PasswordHash, RateDecision,
    RequestId, ResetRecord, ResetRequest, SecretHash, ShortCode, SignInElsewhere, Timestamp, User,
    UserKey,
};

/// What time it is.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// Lets time pass.
pub trait Sleep: Send + Sync {
    /// This moment, on a clock that nobody sets, for spans below a second.
    fn instant(&self) -> Instant;

    /// Waits until `moment`.
    fn sleep_until(&self, moment: Instant) -> impl Future<Output = ()> + Send;

    /// Waits until the [`Clock`] says `time`.
    fn sleep_until_time(&self, time: Timestamp) -> impl Future<Output = ()> + Send;

    /// Waits.
    fn sleep(&self, span: Duration) -> impl Future<Output = ()> + Send {
        self.sleep_until(self.instant() + span)
    }
}

/// Where secrets come from.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random ones that nobody can predict.
    ///
    /// # Errors
    ///
    /// [`RandomError`] when the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The slow hash of passwords.
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password, as the users table is to hold it.
    ///
    /// # Errors
    ///
    /// [`HashError`] when it cannot be computed.
    fn hash_password(&self, password: &NewPassword) -> Result<PasswordHash, HashError>;
}

/// The slow hash of short codes.
pub trait CodeHasher: Send + Sync {
    /// A new salt, with the cost that codes are hashed at.
    ///
    /// # Errors
    ///
    /// [`HashError`] when there is no randomness.
    fn code_salt(&self) -> Result<CodeSalt, HashError>;

    /// The hash of a short code.
    ///
    /// # Errors
    ///
    /// [`HashError`] when it cannot be computed.
    fn hash_code(&self, code: &ShortCode, salt: &CodeSalt) -> Result<CodeHash, HashError>;
}

/// Counts what each source asks.
pub trait SourceLimiter: Send + Sync {
    /// Counts one request of `ip`, unless that would exceed a limit. One write.
    fn count(
        &self,
        ip: IpAddr,
        now: Timestamp,
    ) -> impl Future<Output = Result<RateDecision, StoreError>> + Send;
}

/// What became of handing in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// It is in the outbox.
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

/// Reads what is outstanding for an address.
pub trait ResetRecords: Send + Sync {
    /// The record at `locator`, read strongly consistent.
    fn load(
        &self,
        locator: &Locator,
    ) -> impl Future<Output = Result<Option<ResetRecord>, StoreError>> + Send;
}

/// Takes and gives back tries of short codes.
pub trait CodeTries: Send + Sync {
    /// Takes one try of the codes at `locator`, before it is evaluated, and gives the record as it
    /// is then. `None` when there is no live code or no try left. One conditional write.
    fn reserve(
        &self,
        locator: &Locator,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<ResetRecord>, StoreError>> + Send;

    /// Gives a try of this round back, because the code was right. One conditional write.
    fn refund(
        &self,
        locator: &Locator,
        round: u64,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Whether a change was made to the state that it was based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It was.
    Saved,
    /// Somebody else changed it in between; nothing was written.
    Outdated,
}

/// What the mail worker does to records.
pub trait Issuing: ResetRecords {
    /// Writes `record`, if its revision is still the stored one (0: there is none).
    fn save(
        &self,
        locator: &Locator,
        record: &ResetRecord,
    ) -> impl Future<Output = Result<Saved, StoreError>> + Send;

    /// Notes what became of the mail of request `id`, and removes the link and the code that are
    /// known never to have been mailed, if they are given.
    fn note_delivery(
        &self,
        locator: &Locator,
        id: &RequestId,
        delivery: &Delivery,
        unmailed: Option<&IssuedSecrets>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Kills what is outstanding.
pub trait Cancellations: Send + Sync {
    /// Kills every link and the code at `locator`, if `link` is alive there, and gives the record
    /// as it is then. `None` when it is not alive. One conditional write.
    fn cancel(
        &self,
        locator: &Locator,
        link: &SecretHash,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<ResetRecord>, StoreError>> + Send;

    /// Kills every link and the code at `locator`, if there are any. One conditional write.
    fn kill(&self, locator: &Locator) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The state of notices.
pub trait Notices: Send + Sync {
    /// What became of the mail of a notice so far.
    fn notice_delivery(
        &self,
        id: &NoticeId,
    ) -> impl Future<Output = Result<Option<Delivery>, StoreError>> + Send;

    /// Notes what became of it.
    fn note_notice(
        &self,
        id: &NoticeId,
        delivery: &Delivery,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// What became of a report of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It stands where the mail was noted.
    Noted,
    /// It says no more than is known, or the item has gone.
    Superfluous,
    /// That the mail was sent is not noted yet: to be tried again.
    TooEarly,
}

/// Notes what the mail service says of mails that it took.
pub trait MailReports: Send + Sync {
    /// Notes a report at `now`. One read, and one conditional write.
    fn note_report(
        &self,
        report: &MailReport,
        now: Timestamp,
    ) -> impl Future<Output = Result<Noted, StoreError>> + Send;
}

/// Remembers jobs that fail by themselves.
pub trait FailureLog: Send + Sync {
    /// Counts one more failure of the job `job`, whose stream record has the key `pk`, and gives
    /// how many there are now.
    fn count_failure(
        &self,
        pk: &str,
        job: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<u32, StoreError>> + Send;
}

/// Room for one mail under the deployment's cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailSlot {
    /// Start of the window that it was taken from.
    pub window: Timestamp,
    /// What it was taken for.
    pub turn: MailTurn,
}

/// Which of somebody's mails one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTurn {
    /// The person has no mail with a link that is good for a while.
    First,
    /// The person has one.
    Repeat,
}

/// Whether a mail may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailRoom {
    /// It may, and has been counted.
    Slot(MailSlot),
    /// Not before this time.
    FullUntil(Timestamp),
}

/// Counts the mails of the whole deployment.
pub trait MailQuota: Send + Sync {
    /// Takes room for one mail, if there is any; a quarter of a window is there for repeats. One
    /// conditional write.
    fn take_slot(
        &self,
        cap: &MailCap,
        turn: MailTurn,
        now: Timestamp,
    ) -> impl Future<Output = Result<MailRoom, StoreError>> + Send;

    /// Gives the room of a mail back that was certainly not sent.
    fn return_slot(&self, slot: MailSlot) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Who has an address.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// This person.
    Found(Box<User>),
    /// Nobody.
    Nobody,
    /// More than one account: nobody can tell whose it is.
    Ambiguous,
}

/// The users table of each app, as far as it is read.
pub trait UserDirectory: Send + Sync {
    /// The user with this key, read strongly consistent.
    fn get(
        &self,
        app: &AppId,
        key: &UserKey,
    ) -> impl Future<Output = Result<Option<User>, StoreError>> + Send;

    /// The user with this address, as typed or normalised; found by index where there is one, then
    /// read strongly consistent and checked again.
    fn find_by_email(
        &self,
        app: &AppId,
        email: &EmailAddress,
    ) -> impl Future<Output = Result<Lookup, StoreError>> + Send;
}

/// The secret that a confirmation spends.
#[derive(Debug, Clone)]
pub enum SpentSecret {
    /// A link's.
    Link(SecretHash),
    /// A short code's.
    Code(CodeHash),
}

/// One completed reset, to be written as a whole or not at all.
#[derive(Debug, Clone)]
pub struct PasswordChange {
    /// Whose tokens die.
    pub locator: Locator,
    /// The secret, which must still be alive.
    pub secret: SpentSecret,
    /// The user as read; address, password hash and disabled flag must still be these.
    pub user: User,
    /// What the users table is to hold.
    pub new_hash: PasswordHash,
    /// The mail that tells the person.
    pub notice: Notice,
    /// Names this change, so that a retry after an ambiguous outcome meets its true one.
    pub idempotency_token: String,
    /// The time of the change; sessions from before it are to be ended.
    pub now: Timestamp,
}

/// What became of a password change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// Everything was written.
    Changed,
    /// The secret was spent or replaced in between; nothing was written.
    SecretGone,
    /// The user was changed in between; nothing was written.
    UserChanged,
}

/// Changes passwords.
pub trait PasswordChanges: Send + Sync {
    /// Spends the secret, changes the password and puts the notice: all three, or none.
    fn commit(
        &self,
        change: &PasswordChange,
    ) -> impl Future<Output = Result<Committed, StoreError>> + Send;
}

/// One mail, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// `From`.
    pub sender: String,
    /// The one recipient.
    pub recipient: String,
    /// `Reply-To`.
    pub reply_to: Option<String>,
    /// Language of the texts (BCP 47).
    pub language: String,
    /// `Subject`.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// What it belongs to.
    pub reference: MailReference,
}

/// Sends mail.
pub trait Mailer: Send + Sync + Sized {
    /// A mailer that shares no connection with this one or any other.
    #[must_use]
    fn unconnected(&self) -> Self;

    /// Hands one mail over, and gives the message id.
    fn send(&self, mail: &OutgoingMail) -> impl Future<Output = Result<String, MailError>> + Send;
}

/// What a reset mail is made of.
pub struct ResetMail<'a> {
    /// The app that sends it.
    pub app: &'a App,
    /// Who gets it.
    pub user: &'a User,
    /// What it answers.
    pub request: &'a ResetRequest,
    /// The link; it holds a secret.
    pub link: &'a str,
    /// The link to the page that cancels the reset; it holds the same secret.
    pub cancel_link: &'a str,
    /// The short code; it is a secret.
    pub code: &'a str,
    /// How long the two are valid.
    pub limits: &'a Limits,
}

/// What a mail is made of that tells how somebody signs in who has no password to reset.
pub struct ElsewhereMail<'a> {
    /// The app that sends it.
    pub app: &'a App,
    /// Who gets it.
    pub user: &'a User,
    /// What it answers.
    pub request: &'a ResetRequest,
    /// How the person signs in.
    pub elsewhere: &'a SignInElsewhere,
}

/// What a "your password was changed" mail is made of.
pub struct ChangedMail<'a> {
    /// The app that sends it.
    pub app: &'a App,
    /// What it tells of.
    pub notice: &'a Notice,
    /// Who gets it, unless the account is gone by now.
    pub user: Option<&'a User>,
    /// The page on which a reset can be asked for.
    pub request_link: &'a str,
}

/// Writes the letters.
pub trait MailComposer: Send + Sync {
    /// The mail with the link and the code.
    ///
    /// # Errors
    ///
    /// [`ComposeError`] when a template cannot be filled.
    fn reset(&self, mail: &ResetMail<'_>) -> Result<OutgoingMail, ComposeError>;

    /// The mail that tells how somebody signs in who has no password to reset.
    ///
    /// # Errors
    ///
    /// [`ComposeError`] when a template cannot be filled.
    fn elsewhere(&self, mail: &ElsewhereMail<'_>) -> Result<OutgoingMail, ComposeError>;

    /// The mail that tells that the password was changed.
    ///
    /// # Errors
    ///
    /// [`ComposeError`] when a template cannot be filled.
    fn changed(&self, mail: &ChangedMail<'_>) -> Result<OutgoingMail, ComposeError>;
}
