use strum::IntoStaticStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum FunctionName {
    RequestReset,
    /// `verify-token`; it also answers unknown paths.
    VerifyToken,
    ConfirmReset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Request,
    RequestPage,
    Verify,
    CodePage,
    Confirm,
    CancelPage,
    /// Cancel a reset: "this wasn't me".
    Cancel,
    /// Learn where passwords are changed (W3C, "A Well-Known URL for Changing Passwords").
    ChangePasswordUrl,
    Settings,
}

impl Operation {
    /// The function that does it, because its rights do.
    pub(super) const fn function(self) -> FunctionName {
        match self {
            Self::Request => FunctionName::RequestReset,
            Self::RequestPage
            | Self::CodePage
            | Self::CancelPage
            | Self::ChangePasswordUrl
            | Self::Verify
            | Self::Settings => FunctionName::VerifyToken,
            Self::Confirm | Self::Cancel => FunctionName::ConfirmReset,
        }
    }
}
