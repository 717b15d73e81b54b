//! The wire formats that the service speaks.

mod native;

use lambda_http::{Body, Response};

use super::incoming::Incoming;
use super::problem::Problem;
use crate::domain::{App, EmailAddress, NewPassword, PasswordPolicy};
use crate::use_cases::{Confirmation, Proof, Verified};
pub(super) use native::NATIVE;

/// A request for a reset, in no dialect.
pub(super) struct RequestForm {
    pub(super) email: EmailAddress,
    pub(super) locale: Option<String>,
    /// The link template that the frontend chose, and the name of the field that it stood in.
    pub(super) reset_url: Option<(String, &'static str)>,
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
pub(super) struct AcceptedView {
    /// Seconds after which another mail may be asked for.
    pub(super) resend_after: u64,
}

/// One wire format: requests in, answers and errors out, and nothing else.
pub(super) trait Dialect: Sync {
    fn read_request(&self, incoming: &Incoming) -> Result<RequestForm, Problem>;
    fn accepted(&self, view: &AcceptedView) -> Response<Body>;

    fn read_verify(&self, incoming: &Incoming) -> Result<Proof, Problem>;
    fn verified(&self, verified: &Verified, policy: &PasswordPolicy) -> Response<Body>;

    fn read_confirm(&self, incoming: &Incoming) -> Result<ConfirmForm, Problem>;
    fn confirmed(&self, confirmation: &Confirmation, app: &App) -> Response<Body>;

    fn settings(&self, view: &SettingsView) -> Response<Body>;
    fn problem(&self, incoming: &Incoming, problem: &Problem) -> Response<Body>;
}
