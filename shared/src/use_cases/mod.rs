//! What the service does, written against the ports alone.

mod code_check;
mod confirm_reset;
mod request_reset;
mod send_mail;
mod verify_token;

pub use confirm_reset::{ConfirmError, ConfirmReset, Confirmation};
pub use request_reset::{RequestOutcome, RequestReset};
pub use send_mail::{Job, JobError, JobOutcome, JobTask, SendMail};
pub use verify_token::{Verified, VerifyError, VerifyToken};

use crate::domain::{EmailAddress, LinkToken, ShortCode};

/// What a person proves with that the mail reached them.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The link that was mailed. `None`: something that cannot be a token.
    Link(Option<LinkToken>),
    /// The address and the short code that was mailed to it. `None`: something that cannot be a
    /// code.
    Code(EmailAddress, Option<ShortCode>),
}
