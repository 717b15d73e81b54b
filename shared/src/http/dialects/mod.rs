//! The wire formats that the service speaks.
//!
//! A sixth is one file here and its rows in the routes.

mod backstack;
mod fields;
mod flowfuse;
mod native;
mod novel;
mod parakeet;
mod razi;

use lambda_http::{Body, Response};

use super::exchange::Exchange;
use super::incoming::Incoming;
use super::problem::Problem;
use crate::domain::{EmailAddress, LinkToken, NewPassword, PasswordPolicy, WireFormat};
use crate::use_cases::{Confirmation, Proof, VerifiedProof};
pub(super) use backstack::BACKSTACK;
pub(super) use flowfuse::FLOWFUSE;
pub(super) use native::NATIVE;
pub(super) use novel::NOVEL;
pub(super) use parakeet::PARAKEET;
pub(super) use razi::RAZI;

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
    fn plain(email: EmailAddress) -> Self {
        Self {
            email: Some(email),
            locale: None,
            reset_url: None,
        }
    }
}

/// A wish to set a new password, in no dialect.
pub(super) struct ConfirmForm {
    pub(super) proof: Proof,
    pub(super) password: NewPassword,
}

/// What frontends need to know beforehand.
pub(super) struct SettingsView {
    pub(super) reset_enabled: bool,
    pub(super) policy: PasswordPolicy,
}

/// What a frontend is told about a request that was accepted.
pub(super) struct AcceptedView<'a> {
    /// The address that was submitted, known or not; `None` where [`RequestForm::email`] is.
    pub(super) email: Option<&'a EmailAddress>,
    /// Seconds after which another mail may be asked for.
    pub(super) resend_after: u64,
}

/// What a frontend is told about a link or code that is alive.
pub(super) struct VerifiedView<'a> {
    pub(super) verified: &'a VerifiedProof,
    /// What it was found by.
    pub(super) proof: &'a Proof,
    pub(super) policy: &'a PasswordPolicy,
}

/// What a frontend is told about a password that was changed.
pub(super) struct ConfirmedView<'a> {
    pub(super) confirmation: &'a Confirmation,
}

/// One wire format: requests in, answers and errors out, and nothing else.
///
/// What a dialect has no routes for, it leaves to the defaults here, which nobody reaches.
pub(super) trait Dialect: Sync {
    /// Which format it is.
    fn format(&self) -> WireFormat;

    /// The app that the caller names.
    fn app_name<'a>(&self, incoming: &'a Incoming) -> Option<&'a str> {
        incoming.app_header.as_deref()
    }

    fn read_request(&self, exchange: &Exchange<'_>) -> Result<RequestForm, Problem>;

    fn accepted(&self, exchange: &Exchange<'_>, view: &AcceptedView<'_>) -> Response<Body>;

    fn read_verify(&self, _: &Exchange<'_>) -> Result<Proof, Problem> {
        Err(Problem::NotFound)
    }

    fn verified(&self, exchange: &Exchange<'_>, _: &VerifiedView<'_>) -> Response<Body> {
        self.problem(exchange, &Problem::NotFound)
    }

    fn read_confirm(&self, exchange: &Exchange<'_>) -> Result<ConfirmForm, Problem>;

    fn confirmed(&self, exchange: &Exchange<'_>, view: &ConfirmedView<'_>) -> Response<Body>;

    /// The link token of a reset that is to be cancelled; `None` for something that cannot be one.
    fn read_cancel(&self, _: &Exchange<'_>) -> Result<Option<LinkToken>, Problem> {
        Err(Problem::NotFound)
    }

    fn cancelled(&self, exchange: &Exchange<'_>) -> Response<Body> {
        self.problem(exchange, &Problem::NotFound)
    }

    fn settings(&self, exchange: &Exchange<'_>, _: &SettingsView) -> Response<Body> {
        self.problem(exchange, &Problem::NotFound)
    }

    /// A page that is the same for everybody.
    fn page(&self, exchange: &Exchange<'_>) -> Response<Body> {
        self.problem(exchange, &Problem::NotFound)
    }

    fn problem(&self, exchange: &Exchange<'_>, problem: &Problem) -> Response<Body>;
}
