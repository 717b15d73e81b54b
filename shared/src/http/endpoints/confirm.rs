use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::{Body, Response};

use super::HttpSettings;
use super::endpoint::{Endpoint, serve};
use super::failures::{
    hash_problem, known_passwords_problem, limited, random_problem, store_problem,
};
use super::proof::proof_problem;
use crate::domain::{App, AuditEvent, CancelledOutcome, ConfirmedOutcome};
use crate::http::context::RequestContext;
use crate::http::dialects::Route;
use crate::http::http_request::HttpRequest;
use crate::http::operation::{FunctionName, Operation};
use crate::http::problem::Problem;
use crate::i18n::Language;
use crate::ports::{Clock as _, record};
use crate::use_cases::{
    CancelReset, Cancelled, ConfirmError, ConfirmPorts, ConfirmRequest, ConfirmReset,
    PasswordChanged, Proof, ProofError,
};

pub struct ConfirmEndpoint<P: ConfirmPorts> {
    pub use_case: ConfirmReset<P>,
    /// For those who did not ask for a reset.
    pub cancel: CancelReset<P::Store, P::Clock>,
    pub settings: HttpSettings,
}

impl<P: ConfirmPorts> Endpoint for ConfirmEndpoint<P> {
    const FUNCTION: FunctionName = FunctionName::ConfirmReset;

    fn settings(&self) -> &HttpSettings {
        &self.settings
    }

    async fn answer(
        &self,
        context: RequestContext<'_>,
        route: &'static Route,
    ) -> Result<Response<Body>, Problem> {
        if route.operation == Operation::Cancel {
            // Also when resets are switched off: one may have been asked for before.
            return self.cancel(context, route).await;
        }
        self.settings.require_enabled()?;
        let form = route.dialect.read_confirm(&context)?;
        let key = match form.key {
            None => context.request.idempotency_key()?,
            key => key,
        };
        let app = context.require_app()?;
        let request = ConfirmRequest {
            app: &app.id,
            proof: &form.proof,
            password: &form.password,
            source: context.request.source,
            locale: context.request.language().map(Language::tag),
            key: key.as_ref(),
            shows_user: route.dialect.shows_user(),
        };
        let confirmed = self.use_case.execute(&self.settings.apps, &request).await;
        self.log(context.request, app, &form.proof, &confirmed);
        let change = confirmed.map_err(|error| self.problem(error))?;
        let own = context.speaking_for(self.settings.apps.get(&change.app));
        Ok(route.dialect.confirmed(&own, &change))
    }
}

impl<P: ConfirmPorts> ConfirmEndpoint<P> {
    pub async fn handle(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        serve(self, event).await
    }

    async fn cancel(
        &self,
        context: RequestContext<'_>,
        route: &Route,
    ) -> Result<Response<Body>, Problem> {
        let token = route.dialect.read_cancel(&context)?;
        let app = context.require_app()?;
        let cancelled = self
            .cancel
            .execute(&self.settings.apps, token.as_ref())
            .await;
        self.log_cancel(context.request, app, &cancelled);
        let cancelled =
            cancelled.map_err(|error| proof_problem(&error, self.cancel.clock.now()))?;
        let own = context.speaking_for(self.settings.apps.get(&cancelled.app));
        Ok(route.dialect.cancelled(&own))
    }

    fn problem(&self, error: ConfirmError) -> Problem {
        match error {
            ConfirmError::Proof(error) => proof_problem(&error, self.cancel.clock.now()),
            ConfirmError::PasswordRejected(reasons) => Problem::PasswordRejected {
                reasons,
                policy: self.settings.policy,
            },
            ConfirmError::RejectionLimited(until) => limited(until, self.cancel.clock.now()),
            ConfirmError::Store(error) => store_problem(&error),
            ConfirmError::Hash(error) => hash_problem(&error),
            ConfirmError::Known(error) => known_passwords_problem(&error),
            ConfirmError::Random(error) => random_problem(&error),
        }
    }

    fn log(
        &self,
        http_request: &HttpRequest,
        app: &App,
        proof: &Proof,
        confirmed: &Result<PasswordChanged, ConfirmError>,
    ) {
        let outcome = match confirmed {
            Ok(change) if change.is_repetition => ConfirmedOutcome::Repeated,
            Ok(_) => ConfirmedOutcome::PasswordChanged,
            Err(ConfirmError::Proof(ProofError::Used { .. })) => ConfirmedOutcome::Replayed,
            Err(ConfirmError::Proof(ProofError::SourceLimited(_))) => {
                ConfirmedOutcome::SourceLimited
            }
            Err(
                ConfirmError::Proof(ProofError::Store(_) | ProofError::Hash(_))
                | ConfirmError::Store(_)
                | ConfirmError::Hash(_)
                | ConfirmError::Known(_)
                | ConfirmError::Random(_),
            ) => return,
            Err(ConfirmError::Proof(_)) => ConfirmedOutcome::InvalidToken,
            Err(ConfirmError::PasswordRejected(_)) => ConfirmedOutcome::PasswordRejected,
            Err(ConfirmError::RejectionLimited(_)) => ConfirmedOutcome::RejectionLimited,
        };
        let found = confirmed.as_ref().ok().map(|done| done.email.as_str());
        record(&AuditEvent::ResetConfirmed {
            outcome,
            app: app.id.as_str(),
            by: proof.kind(),
            account: self.settings.account(proof.email(), found),
            caller: self.settings.caller(http_request),
        });
    }

    fn log_cancel(
        &self,
        http_request: &HttpRequest,
        app: &App,
        cancelled: &Result<Cancelled, ProofError>,
    ) {
        let (outcome, email) = match cancelled {
            Ok(cancelled) => (CancelledOutcome::Cancelled, Some(&cancelled.email)),
            Err(ProofError::Invalid | ProofError::Cancelled(_)) => {
                (CancelledOutcome::InvalidToken, None)
            }
            Err(_) => return,
        };
        record(&AuditEvent::ResetCancelled {
            outcome,
            app: app.id.as_str(),
            account: self.settings.account(None, email.map(String::as_str)),
            caller: self.settings.caller(http_request),
        });
    }
}
