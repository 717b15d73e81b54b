use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::{Body, Response};

use super::HttpSettings;
use super::endpoint::{Endpoint, serve};
use super::failures::{hash_problem, limited, random_problem, store_problem};
use crate::domain::{App, AuditEvent, CancelledOutcome, ConfirmedOutcome};
use crate::http::event;
use crate::http::exchange::Exchange;
use crate::http::incoming::Incoming;
use crate::http::operation::{FunctionName, Operation};
use crate::http::problem::Problem;
use crate::http::routes::Route;
use crate::http::views::ConfirmedView;
use crate::i18n::Language;
use crate::ports::{
    Cancellations, Clock, CodeHasher, CodeTries, Entropy, PasswordChanges, PasswordHasher,
    ResetRecords, SourceLimiter, UserDirectory, record,
};
use crate::use_cases::{
    CancelError, CancelReset, Cancelled, ConfirmError, ConfirmReset, Confirmation, Confirming,
    Proof,
};

#[derive(Debug, Clone)]
pub struct ConfirmEndpoint<S, U, P, H, C, E> {
    pub use_case: ConfirmReset<S, U, P, H, C, E>,
    /// The use case of those who did not ask for a reset.
    pub cancel: CancelReset<S, C>,
    pub settings: HttpSettings,
}

impl<S, U, P, H, C, E> Endpoint for ConfirmEndpoint<S, U, P, H, C, E>
where
    S: ResetRecords + CodeTries + SourceLimiter + Cancellations,
    U: UserDirectory,
    P: PasswordChanges,
    H: CodeHasher + PasswordHasher,
    C: Clock,
    E: Entropy,
{
    const FUNCTION: FunctionName = FunctionName::ConfirmReset;

    fn settings(&self) -> &HttpSettings {
        &self.settings
    }

    async fn answer(
        &self,
        exchange: Exchange<'_>,
        route: &'static Route,
    ) -> Result<Response<Body>, Problem> {
        if route.operation == Operation::Cancel {
            // Also when resets are switched off: one may have been asked for before.
            return self.cancel(exchange, route).await;
        }
        self.settings.require_enabled()?;
        let form = route.dialect.read_confirm(&exchange)?;
        let app = exchange.require_app()?;
        let wish = Confirming {
            app: &app.id,
            proof: &form.proof,
            password: &form.password,
            source: exchange.incoming.source,
            locale: exchange.incoming.language().map(Language::tag),
        };
        let confirmed = self.use_case.execute(&self.settings.apps, &wish).await;
        self.log(exchange.incoming, app, &form.proof, &confirmed);
        let confirmation = confirmed.map_err(|error| self.problem(error))?;
        let own = exchange.speaking_for(self.settings.apps.get(&confirmation.app));
        let view = ConfirmedView {
            confirmation: &confirmation,
        };
        Ok(route.dialect.confirmed(&own, &view))
    }
}

impl<S, U, P, H, C, E> ConfirmEndpoint<S, U, P, H, C, E>
where
    S: ResetRecords + CodeTries + SourceLimiter + Cancellations,
    U: UserDirectory,
    P: PasswordChanges,
    H: CodeHasher + PasswordHasher,
    C: Clock,
    E: Entropy,
{
    /// Answers one event of an HTTP API.
    pub async fn handle(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        // Boxed, so that the many layers below count as one for whoever awaits this.
        event::response(Box::pin(serve(self, event::request(event))).await)
    }

    async fn cancel(
        &self,
        exchange: Exchange<'_>,
        route: &Route,
    ) -> Result<Response<Body>, Problem> {
        let token = route.dialect.read_cancel(&exchange)?;
        let app = exchange.require_app()?;
        let cancelled = self
            .cancel
            .execute(&self.settings.apps, token.as_ref())
            .await;
        self.log_cancel(exchange.incoming, app, &cancelled);
        match cancelled {
            Ok(cancelled) => {
                let own = exchange.speaking_for(self.settings.apps.get(&cancelled.app));
                Ok(route.dialect.cancelled(&own))
            }
            Err(CancelError::InvalidToken) => Err(Problem::InvalidToken),
            Err(CancelError::Store(error)) => Err(store_problem(&error)),
        }
    }

    fn problem(&self, error: ConfirmError) -> Problem {
        match error {
            ConfirmError::InvalidToken | ConfirmError::SpentToken => Problem::InvalidToken,
            ConfirmError::PasswordRejected(reasons) => Problem::PasswordRejected {
                reasons,
                policy: self.use_case.policy,
            },
            ConfirmError::SourceLimited(until) => limited(until, self.use_case.clock.now()),
            ConfirmError::Store(error) => store_problem(&error),
            ConfirmError::Hash(error) => hash_problem(&error),
            ConfirmError::Random(error) => random_problem(&error),
        }
    }

    fn log(
        &self,
        incoming: &Incoming,
        app: &App,
        proof: &Proof,
        confirmed: &Result<Confirmation, ConfirmError>,
    ) {
        let outcome = match confirmed {
            Ok(_) => ConfirmedOutcome::PasswordChanged,
            Err(ConfirmError::InvalidToken) => ConfirmedOutcome::InvalidToken,
            Err(ConfirmError::SpentToken) => ConfirmedOutcome::Replayed,
            Err(ConfirmError::PasswordRejected(_)) => ConfirmedOutcome::PasswordRejected,
            Err(ConfirmError::SourceLimited(_)) => ConfirmedOutcome::SourceLimited,
            Err(ConfirmError::Store(_) | ConfirmError::Hash(_) | ConfirmError::Random(_)) => return,
        };
        let found = confirmed.as_ref().ok().map(|done| done.user.email.as_str());
        record(&AuditEvent::ResetConfirmed {
            outcome,
            app: app.id.as_str(),
            by: proof.kind(),
            account: self.settings.account(proof.email(), found),
            caller: self.settings.caller(incoming),
        });
    }

    fn log_cancel(
        &self,
        incoming: &Incoming,
        app: &App,
        cancelled: &Result<Cancelled, CancelError>,
    ) {
        let (outcome, email) = match cancelled {
            Ok(cancelled) => (CancelledOutcome::Cancelled, Some(&cancelled.email)),
            Err(CancelError::InvalidToken) => (CancelledOutcome::InvalidToken, None),
            Err(CancelError::Store(_)) => return,
        };
        record(&AuditEvent::ResetCancelled {
            outcome,
            app: app.id.as_str(),
            account: self.settings.account(None, email.map(String::as_str)),
            caller: self.settings.caller(incoming),
        });
    }
}
