use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::{Body, Response};

use super::{Endpoint, HttpSettings, hash_problem, limited, random_problem, serve, store_problem};
use crate::domain::App;
use crate::http::dialects::ConfirmedView;
use crate::http::event;
use crate::http::incoming::Incoming;
use crate::http::problem::Problem;
use crate::http::routes::{FunctionName, Route};
use crate::ports::{
    Clock, CodeTries, Entropy, PasswordChanges, ResetRecords, SlowHasher, SourceLimiter,
    UserDirectory,
};
use crate::use_cases::{ConfirmError, ConfirmReset, Confirmation, Proof};

/// confirm-reset.
#[derive(Debug, Clone)]
pub struct ConfirmEndpoint<S, U, P, H, C, E> {
    /// The use case.
    pub use_case: ConfirmReset<S, U, P, H, C, E>,
    /// The rest.
    pub settings: HttpSettings,
}

impl<S, U, P, H, C, E> Endpoint for ConfirmEndpoint<S, U, P, H, C, E>
where
    S: ResetRecords + CodeTries + SourceLimiter,
    U: UserDirectory,
    P: PasswordChanges,
    H: SlowHasher,
    C: Clock,
    E: Entropy,
{
    const FUNCTION: FunctionName = FunctionName::ConfirmReset;

    fn settings(&self) -> &HttpSettings {
        &self.settings
    }

    async fn answer(
        &self,
        incoming: &Incoming,
        route: &'static Route,
    ) -> Result<Response<Body>, Problem> {
        self.settings.require_enabled()?;
        let form = route.dialect.read_confirm(incoming)?;
        let app = self.settings.app(incoming, route)?;
        let confirmed = self
            .use_case
            .execute(
                &self.settings.apps,
                &app.id,
                &form.proof,
                &form.password,
                incoming.source,
            )
            .await;
        self.log(incoming, app, &form.proof, &confirmed);
        let confirmation = confirmed.map_err(|error| self.problem(error))?;
        // The token's own app, which need not be the one that the caller named.
        let view = ConfirmedView {
            app: self.settings.apps.get(&confirmation.app).unwrap_or(app),
            confirmation: &confirmation,
        };
        Ok(route.dialect.confirmed(incoming, &view))
    }
}

impl<S, U, P, H, C, E> ConfirmEndpoint<S, U, P, H, C, E>
where
    S: ResetRecords + CodeTries + SourceLimiter,
    U: UserDirectory,
    P: PasswordChanges,
    H: SlowHasher,
    C: Clock,
    E: Entropy,
{
    /// Answers one event of an HTTP API.
    pub async fn handle(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        // Boxed, so that the many layers below count as one for whoever awaits this.
        event::response(Box::pin(serve(self, event::request(event))).await)
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
            Ok(_) => "password-changed",
            Err(ConfirmError::InvalidToken) => "invalid-token",
            Err(ConfirmError::SpentToken) => "replayed",
            Err(ConfirmError::PasswordRejected(_)) => "password-rejected",
            Err(ConfirmError::SourceLimited(_)) => "source-limited",
            Err(ConfirmError::Store(_) | ConfirmError::Hash(_) | ConfirmError::Random(_)) => return,
        };
        let found = confirmed.as_ref().ok().map(|done| done.user.email.as_str());
        tracing::info!(
            event = "reset-confirmed",
            outcome,
            app = app.id.as_str(),
            by = proof.means(),
            account = self.settings.account(proof.email(), found),
            source = self.settings.source(incoming),
            request_id = incoming.id.as_str(),
        );
    }
}
