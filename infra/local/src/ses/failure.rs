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
}
