use crate::domain::{EmailAddress, IdempotencyKey, NewPassword};
use crate::use_cases::Proof;

/// A request for a reset, in no dialect.
pub(super) struct RequestForm {
    /// `None` for text that is no address, in a format that answers any text alike.
    pub(super) email: Option<EmailAddress>,
    pub(super) locale: Option<String>,
    /// The link template that the frontend chose, and the name of the field that it stood in.
    pub(super) reset_url: Option<(String, &'static str)>,
}

impl RequestForm {
    /// A request that says nothing but the address.
    pub(super) fn plain(email: EmailAddress) -> Self {
        Self {
            email: Some(email),
            locale: None,
            reset_url: None,
        }
    }
}

/// A request to set a new password, in no dialect.
pub(super) struct ConfirmForm {
    pub(super) proof: Proof,
    pub(super) password: NewPassword,
    /// The key that stands in the form, where the header has no place.
    pub(super) key: Option<IdempotencyKey>,
}

impl ConfirmForm {
    /// A request that says nothing but that.
    pub(super) fn plain((proof, password): (Proof, NewPassword)) -> Self {
        Self {
            proof,
            password,
            key: None,
        }
    }
}
