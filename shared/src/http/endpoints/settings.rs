use std::sync::Arc;

use crate::domain::{
    Apps, AuditEvent, Caller, EmailAddress, PasswordPolicy, Pseudonym, Pseudonymizer, Refusal,
};
use crate::http::context::RequestContext;
use crate::http::dialects::{Dialect, Route};
use crate::http::edge::Edge;
use crate::http::form_origins::FormOrigins;
use crate::http::http_request::HttpRequest;
use crate::http::operation::Operation;
use crate::http::problem::Problem;
use crate::i18n::Catalogue;
use crate::ports::record;

/// What every endpoint needs besides its use case.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    pub apps: Arc<Apps>,
    pub edge: Edge,
    pub form_origins: FormOrigins,
    pub reset_enabled: bool,
    pub pseudonymizer: Pseudonymizer,
    pub catalogue: Arc<Catalogue>,
    /// What a password must be like.
    pub policy: PasswordPolicy,
}

impl HttpSettings {
    /// What the answer to a request depends on.
    pub(super) fn context<'a>(
        &'a self,
        http_request: &'a HttpRequest,
        operation: Option<Operation>,
        dialect: &dyn Dialect,
    ) -> RequestContext<'a> {
        let format = dialect.format();
        let app = self.apps.resolve(format, dialect.app_name(http_request));
        RequestContext::new(
            http_request,
            operation,
            (app.unwrap_or(self.apps.default_for(format)), app.is_some()),
            &self.catalogue,
            self.policy,
        )
    }

    pub(super) fn require_enabled(&self) -> Result<(), Problem> {
        if self.reset_enabled {
            Ok(())
        } else {
            Err(Problem::ResetDisabled)
        }
    }

    /// What is wrong with a link whose token cannot be one.
    pub(super) fn broken_link(
        &self,
        context: &RequestContext<'_>,
        operation: Operation,
    ) -> Problem {
        let enabled = match operation {
            // Also when resets are switched off: one may have been asked for before.
            Operation::CancelPage | Operation::Cancel => Ok(()),
            _ => self.require_enabled(),
        };
        let refused = enabled.and_then(|()| context.require_app()).err();
        refused.unwrap_or(Problem::InvalidToken)
    }

    /// Who asks, as logs name them.
    pub(super) fn caller<'a>(&self, http_request: &'a HttpRequest) -> Caller<'a> {
        Caller {
            source: self.pseudonymizer.source(http_request.source),
            request_id: http_request.id.as_str(),
        }
    }

    /// Whom it is about, as logs name them: by the address that was handed in, or else by the one
    /// that was found.
    pub(super) fn account(
        &self,
        handed_in: Option<&EmailAddress>,
        found: Option<&str>,
    ) -> Option<Pseudonym> {
        let found = found.and_then(|email| EmailAddress::parse(email).ok());
        let email = handed_in.or(found.as_ref())?;
        Some(self.pseudonymizer.email(email))
    }

    /// Logs a request that did not get as far as its operation. What did has a line of its own.
    pub(super) fn log_refusal(&self, http_request: &HttpRequest, route: &Route, problem: &Problem) {
        let outcome = match problem {
            Problem::InvalidRequest(_) => Refusal::InvalidRequest,
            Problem::PayloadTooLarge => Refusal::PayloadTooLarge,
            Problem::UnsupportedMediaType => Refusal::UnsupportedMediaType,
            Problem::UnknownApp => Refusal::UnknownApp,
            Problem::ResetDisabled => Refusal::ResetDisabled,
            Problem::ForeignForm => Refusal::ForeignForm,
            Problem::InvalidToken
            | Problem::DeadLink { .. }
            | Problem::PasswordRejected { .. }
            | Problem::TooManyRequests { .. }
            | Problem::NotFound
            | Problem::MethodNotAllowed { .. }
            | Problem::Internal
            | Problem::Unavailable => return,
        };
        record(&AuditEvent::RequestRefused {
            outcome,
            route: route.path,
            caller: self.caller(http_request),
        });
    }
}
