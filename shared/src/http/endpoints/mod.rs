//! From an event to an answer, one endpoint per function.

mod confirm;
mod request;
mod verify;

use std::sync::Arc;

use lambda_http::{Body, Request, Response};
use url::form_urlencoded;

use super::dialects::Dialect;
use super::edge::Edge;
use super::exchange::Exchange;
use super::form_origins::FormOrigins;
use super::incoming::Incoming;
use super::problem::Problem;
use super::response::{problem, secure, see_other, set_header};
use super::routes::{FunctionName, Matched, Operation, Route, allowed_methods, find, path_token};
use crate::domain::{Apps, EmailAddress, PasswordPolicy, Pseudonymizer, Timestamp};
use crate::i18n::{Catalogue, Language};
use crate::ports::{HashError, RandomError, StoreError};
use crate::telemetry::MEASURED;

pub use confirm::ConfirmEndpoint;
pub use request::RequestEndpoint;
pub use verify::VerifyEndpoint;

/// What every endpoint needs besides its use case.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The apps.
    pub apps: Arc<Apps>,
    /// What stands in front of the API.
    pub edge: Edge,
    /// Whose forms are taken.
    pub form_origins: FormOrigins,
    /// Whether resets are switched on.
    pub reset_enabled: bool,
    /// Makes pseudonyms for logs.
    pub pseudonymizer: Pseudonymizer,
    /// What people read.
    pub catalogue: Arc<Catalogue>,
    /// What a password must be like; `None` where none is set or spoken of.
    pub policy: Option<PasswordPolicy>,
}

impl HttpSettings {
    /// What the answer to a request depends on.
    fn exchange<'a>(
        &'a self,
        incoming: &'a Incoming,
        operation: Option<Operation>,
        dialect: &dyn Dialect,
    ) -> Exchange<'a> {
        let format = dialect.format();
        let app = self.apps.meant(format, dialect.app_name(incoming));
        Exchange::new(
            incoming,
            operation,
            (app.unwrap_or(self.apps.default_for(format)), app.is_some()),
            &self.catalogue,
            self.policy,
        )
    }

    fn require_enabled(&self) -> Result<(), Problem> {
        if self.reset_enabled {
            Ok(())
        } else {
            Err(Problem::ResetDisabled)
        }
    }

    /// What is wrong with a link whose token cannot be one.
    fn broken_link(&self, exchange: &Exchange<'_>, operation: Operation) -> Problem {
        let enabled = match operation {
            // Also when resets are switched off: one may have been asked for before.
            Operation::CancelPage | Operation::Cancel => Ok(()),
            _ => self.require_enabled(),
        };
        let refused = enabled.and_then(|()| exchange.require_app()).err();
        refused.unwrap_or(Problem::InvalidToken)
    }

    /// Who asks, as logs name them.
    fn source(&self, incoming: &Incoming) -> String {
        self.pseudonymizer.source(incoming.source).to_string()
    }

    /// Whom it is about, as logs name them: by the address that was handed in, or else by the one
    /// that was found.
    fn account(&self, handed_in: Option<&EmailAddress>, found: Option<&str>) -> Option<String> {
        let found = found.and_then(|email| EmailAddress::parse(email).ok());
        let email = handed_in.or(found.as_ref())?;
        Some(self.pseudonymizer.email(email).to_string())
    }

    /// Logs a request that did not get as far as its operation. What did has a line of its own.
    fn log_refusal(&self, incoming: &Incoming, route: &Route, problem: &Problem) {
        match problem {
            Problem::InvalidRequest(_)
            | Problem::PayloadTooLarge
            | Problem::UnsupportedMediaType
            | Problem::UnknownApp
            | Problem::ResetDisabled
            | Problem::ForeignForm => tracing::info!(
                event = "request-refused",
                outcome = problem.name(),
                route = route.path,
                source = self.source(incoming),
                request_id = incoming.id.as_str(),
            ),
            Problem::InvalidToken
            | Problem::PasswordRejected { .. }
            | Problem::TooManyRequests { .. }
            | Problem::NotFound
            | Problem::MethodNotAllowed { .. }
            | Problem::Internal
            | Problem::Unavailable => {}
        }
    }
}

/// What one function answers on its routes.
trait Endpoint: Sync {
    /// Whose routes these are.
    const FUNCTION: FunctionName;

    fn settings(&self) -> &HttpSettings;

    fn answer(
        &self,
        exchange: Exchange<'_>,
        route: &'static Route,
    ) -> impl Future<Output = Result<Response<Body>, Problem>> + Send;
}

/// Finds the route of a request, lets the endpoint answer it, and finishes the answer.
async fn serve<E: Endpoint>(endpoint: &E, request: Request) -> Response<Body> {
    let settings = endpoint.settings();
    let Some(mut incoming) = Incoming::read(request, &settings.edge, &settings.form_origins) else {
        let texts = settings.catalogue.texts(None, Language::ENGLISH);
        return secure(problem(&Problem::NotFound, &texts));
    };
    let mut response = match find(E::FUNCTION, &incoming.method, &incoming.path) {
        Matched::Route(route) => {
            let token = path_token(route.path, &incoming.path);
            incoming.path_token = token.map(str::to_owned);
            let exchange = settings.exchange(&incoming, Some(route.operation), route.dialect);
            let answer = endpoint.answer(exchange, route).await;
            answer.unwrap_or_else(|problem| {
                settings.log_refusal(&incoming, route, &problem);
                refuse(route.dialect, &exchange, &problem)
            })
        }
        Matched::OtherMethod(route) => {
            let exchange = settings.exchange(&incoming, None, route.dialect);
            let allowed = allowed_methods(&incoming.path);
            let problem = Problem::MethodNotAllowed { allowed };
            refuse(route.dialect, &exchange, &problem)
        }
        Matched::BrokenLink(route) => {
            let exchange = settings.exchange(&incoming, Some(route.operation), route.dialect);
            let problem = settings.broken_link(&exchange, route.operation);
            refuse(route.dialect, &exchange, &problem)
        }
        Matched::Page(path) => see_other(&with_app(&path, incoming.app_query.as_deref())),
        Matched::Nothing(dialect) => {
            let exchange = settings.exchange(&incoming, None, dialect);
            refuse(dialect, &exchange, &Problem::NotFound)
        }
    };
    if response.status().is_server_error() {
        tracing::info!(target: MEASURED, server_errors = 1.0);
    }
    if incoming.method == "HEAD" {
        *response.body_mut() = Body::Empty;
    }
    secure(response)
}

/// A page's path, for the app that the caller names.
fn with_app(path: &str, app: Option<&str>) -> String {
    match app {
        Some(app) => {
            let app: String = form_urlencoded::byte_serialize(app.as_bytes()).collect();
            format!("{path}?app={app}")
        }
        None => path.to_owned(),
    }
}

/// A problem in the words of a dialect, with the headers that every dialect has.
fn refuse(dialect: &dyn Dialect, exchange: &Exchange<'_>, problem: &Problem) -> Response<Body> {
    let mut response = dialect.problem(exchange, problem);
    for (name, value) in problem.headers() {
        set_header(&mut response, name, &value);
    }
    exchange.in_its_language(response)
}

fn limited(until: Timestamp, now: Timestamp) -> Problem {
    Problem::TooManyRequests {
        retry_after: now.seconds_until(until).max(1),
    }
}

/// Logs a store's failure, once, and says what to answer.
fn store_problem(error: &StoreError) -> Problem {
    match error {
        StoreError::Throttled(_) | StoreError::Contended(_) | StoreError::Unavailable(_) => {
            tracing::warn!(%error, "the store did not answer");
            Problem::Unavailable
        }
        StoreError::Misconfigured(_) | StoreError::Corrupt(_) => {
            tracing::error!(%error, "the store cannot be used");
            Problem::Internal
        }
    }
}

fn hash_problem(error: &HashError) -> Problem {
    tracing::error!(%error, "hashing failed");
    Problem::Internal
}

fn random_problem(error: &RandomError) -> Problem {
    tracing::error!(%error, "no random bytes");
    Problem::Internal
}
