use lambda_http::{Body, Response};

use super::fields::read_email;
use crate::domain::{LinkToken, WireFormat};
use crate::http::body::BodyFields;
use crate::http::context::RequestContext;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::http_request::HttpRequest;
use crate::http::problem::Problem;
use crate::http::views::{AcceptedView, SettingsView, VerifiedView};
use crate::use_cases::{PasswordChanged, Proof};

/// One wire format: requests in, answers and errors out, and nothing else.
///
/// What a dialect has no routes for, it leaves to the defaults here, which nobody reaches.
pub(in crate::http) trait Dialect: Sync {
    fn format(&self) -> WireFormat;

    /// The paths below which it also answers where nothing is routed.
    fn paths_below(&self) -> &'static [&'static str] {
        &[]
    }

    fn app_name<'a>(&self, http_request: &'a HttpRequest) -> Option<&'a str> {
        http_request.app_header.as_deref()
    }

    /// An address, and whatever else the frontend sends.
    fn read_request(&self, context: &RequestContext<'_>) -> Result<RequestForm, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let email = read_email(&mut fields, "email");
        fields.finish_lenient(email.map(RequestForm::plain))
    }

    fn accepted(&self, context: &RequestContext<'_>, view: &AcceptedView<'_>) -> Response<Body>;

    fn read_verify(&self, _: &RequestContext<'_>) -> Result<Proof, Problem> {
        Err(Problem::NotFound)
    }

    fn verified(&self, context: &RequestContext<'_>, _: &VerifiedView<'_>) -> Response<Body> {
        self.problem(context, &Problem::NotFound)
    }

    fn read_confirm(&self, context: &RequestContext<'_>) -> Result<ConfirmForm, Problem>;

    fn confirmed(&self, context: &RequestContext<'_>, change: &PasswordChanged) -> Response<Body>;

    /// Whether the answer to a change shows the account.
    fn shows_user(&self) -> bool {
        false
    }

    /// The link token of a reset that is to be cancelled; `None` for something that cannot be one.
    fn read_cancel(&self, _: &RequestContext<'_>) -> Result<Option<LinkToken>, Problem> {
        Err(Problem::NotFound)
    }

    fn cancelled(&self, context: &RequestContext<'_>) -> Response<Body> {
        self.problem(context, &Problem::NotFound)
    }

    fn settings(&self, context: &RequestContext<'_>, _: &SettingsView) -> Response<Body> {
        self.problem(context, &Problem::NotFound)
    }

    /// A page that is the same for everybody.
    fn page(&self, context: &RequestContext<'_>) -> Response<Body> {
        self.problem(context, &Problem::NotFound)
    }

    /// The form that another page's form leads to, with what was typed there, if nothing more is
    /// wanted.
    fn carried(&self, _: &RequestContext<'_>) -> Option<Response<Body>> {
        None
    }

    fn problem(&self, context: &RequestContext<'_>, problem: &Problem) -> Response<Body>;
}
