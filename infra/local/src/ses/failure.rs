/// An error that SES answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SesFailure {
    pub(super) status: u16,
    /// The error's name, without a namespace.
    pub(super) code: String,
    /// The message for people.
    pub(super) message: String,
}

impl SesFailure {
    pub(super) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    /// The request itself is wrong.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequestException", message)
    }
}
