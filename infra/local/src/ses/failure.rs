/// An error that SES answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SesFailure {
    pub status: u16,
    /// The error's name, without a namespace.
    pub code: String,
    /// The message for people.
    pub message: String,
}

impl SesFailure {
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    /// Too many mails in a second or a day.
    pub fn throttled() -> Self {
        Self::new(
            429,
            "TooManyRequestsException",
            "Maximum sending rate exceeded.",
        )
    }

    /// Sending is switched off for the account.
    pub fn sending_paused() -> Self {
        Self::new(
            400,
            "SendingPausedException",
            "Sending is paused for this account.",
        )
    }

    /// The account may not send any more.
    pub fn account_suspended() -> Self {
        Self::new(
            400,
            "AccountSuspendedException",
            "This account is suspended.",
        )
    }

    /// The sender's domain is not verified.
    pub fn sender_not_verified() -> Self {
        Self::new(
            400,
            "MailFromDomainNotVerifiedException",
            "The sending domain is not verified.",
        )
    }

    /// The role may not send.
    pub fn access_denied() -> Self {
        Self::new(
            403,
            "AccessDeniedException",
            "Not authorized to perform ses:SendEmail.",
        )
    }

    /// The request itself is wrong.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequestException", message)
    }
}

/// What the endpoint does with one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Accept,
    Refuse(SesFailure),
    /// Takes it and cuts the connection, so that the sender cannot know.
    AcceptAndCut,
    /// Cuts the connection without taking it.
    Cut,
}
