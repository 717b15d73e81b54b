use super::errors::{ComposeError, MailError};
use crate::domain::{
    App, ExternalSignIn, Limits, MailId, MailReference, Notice, ResetRequest, User,
};

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
    /// The request or notice that it belongs to.
    pub reference: MailReference,
    /// What keeps it apart from others of the same subject.
    pub id: Option<MailId>,
}

/// Sends mail.
pub trait Mailer: Send + Sync + Sized {
    /// A mailer that shares no connection with this one or any other.
    #[must_use]
    fn with_own_connections(&self) -> Self;

    /// Hands one mail over, and gives the message id.
    fn send(&self, mail: &OutgoingMail) -> impl Future<Output = Result<String, MailError>> + Send;
}

/// What a reset mail is made of.
pub struct ResetMail<'a> {
    /// The app that sends it.
    pub app: &'a App,
    /// The account that it goes to.
    pub user: &'a User,
    /// The request that it answers.
    pub request: &'a ResetRequest,
    /// The link; it holds a secret.
    pub link: &'a str,
    /// The link to the page that cancels the reset; it holds the same secret.
    pub cancel_link: &'a str,
    /// The short code; it is a secret.
    pub code: &'a str,
    /// How long the two are valid.
    pub limits: &'a Limits,
    /// What keeps the mail apart from the one before, whose code it does not have.
    pub id: &'a MailId,
}

/// What a mail is made of that tells how somebody signs in who has no password to reset.
pub struct ExternalSignInMail<'a> {
    /// The app that sends it.
    pub app: &'a App,
    /// The account that it goes to.
    pub user: &'a User,
    /// The request that it answers.
    pub request: &'a ResetRequest,
    /// How the person signs in.
    pub external_sign_in: &'a ExternalSignIn,
}

/// What a "your password was changed" mail is made of.
pub struct ChangedMail<'a> {
    /// The app that sends it.
    pub app: &'a App,
    /// The change that it tells of.
    pub notice: &'a Notice,
    /// Who gets it, unless the account is gone by now.
    pub user: Option<&'a User>,
    /// The page on which a reset can be asked for.
    pub request_link: &'a str,
}

/// Composes mails.
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
    fn external_sign_in(&self, mail: &ExternalSignInMail<'_>)
    -> Result<OutgoingMail, ComposeError>;

    /// The mail that tells that the password was changed.
    ///
    /// # Errors
    ///
    /// [`ComposeError`] when a template cannot be filled.
    fn changed(&self, mail: &ChangedMail<'_>) -> Result<OutgoingMail, ComposeError>;
}
