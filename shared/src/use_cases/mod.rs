//! What the service does, written against the ports alone.

mod cancel_reset;
mod code_check;
mod confirm_reset;
mod request_reset;
mod verify_token;

pub use cancel_reset::{CancelError, CancelReset, Cancelled};
pub use confirm_reset::{ConfirmError, ConfirmReset, Confirmation, Confirming};
pub use request_reset::{RequestOutcome, RequestReset};
pub use verify_token::{Verified, VerifyError, VerifyToken};

use crate::domain::{EmailAddress, LinkToken, ResetRecord, ShortCode};

/// What a person proves with that the mail reached them.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The link that was mailed.
    Link {
        /// `None`: something that cannot be a token.
        token: Option<LinkToken>,
        /// The address that the frontend says the token is for, if it says so.
        email: Option<EmailAddress>,
    },
    /// The address and the short code that was mailed to it. `None`: something that cannot be a
    /// code.
    Code(EmailAddress, Option<ShortCode>),
}

impl Proof {
    /// A link alone, as it was handed in.
    #[must_use]
    pub fn link(token: &str) -> Self {
        Self::Link {
            token: LinkToken::parse(token).ok(),
            email: None,
        }
    }

    /// A link together with the address that it is said to be for.
    #[must_use]
    pub fn link_for(token: &str, email: EmailAddress) -> Self {
        Self::Link {
            token: LinkToken::parse(token).ok(),
            email: Some(email),
        }
    }

    /// An address and a code, as they were handed in. A link in the code's place is as good a proof.
    #[must_use]
    pub fn code(email: EmailAddress, code: &str) -> Self {
        if LinkToken::parse(code).is_ok() {
            return Self::link_for(code, email);
        }
        Self::Code(email, ShortCode::parse(code))
    }

    /// How it is proved, as logs say it.
    #[must_use]
    pub const fn means(&self) -> &'static str {
        match self {
            Self::Link { .. } => "link",
            Self::Code(..) => "code",
        }
    }

    /// The address that was handed in with it.
    #[must_use]
    pub const fn email(&self) -> Option<&EmailAddress> {
        match self {
            Self::Link { email, .. } => email.as_ref(),
            Self::Code(email, _) => Some(email),
        }
    }
}

/// Whether a link's record is of the address that the frontend named, if it named one.
fn is_for(record: &ResetRecord, email: Option<&EmailAddress>) -> bool {
    email.is_none_or(|email| email.matches(&record.email))
}
