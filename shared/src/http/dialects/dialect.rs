use lambda_http::{Body, Response};

use crate::domain::{LinkToken, WireFormat};
use crate::http::exchange::Exchange;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::incoming::Incoming;
use crate::http::problem::Problem;
use crate::http::views::{AcceptedView, ConfirmedView, SettingsView, VerifiedView};
use crate::use_cases::Proof;

/// One wire format: requests in, answers and errors out, and nothing else.
///
/// What a dialect has no routes for, it leaves to the defaults here, which nobody reaches.
pub(in crate::http) trait Dialect: Sync {
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
