use lambda_http::{Body, Request, Response};

use super::{Endpoint, HttpSettings, hash_problem, limited, serve, store_problem};
use crate::domain::App;
use crate::http::dialects::SettingsView;
use crate::http::incoming::Incoming;
use crate::http::problem::Problem;
use crate::http::routes::{FunctionName, Operation, Route};
use crate::ports::{Clock, CodeTries, ResetRecords, SlowHasher, SourceLimiter};
use crate::use_cases::{Verified, VerifyError, VerifyToken};

/// verify-token, which also answers whatever no other route answers.
#[derive(Debug, Clone)]
pub struct VerifyEndpoint<S, H, C> {
    /// The use case.
    pub use_case: VerifyToken<S, H, C>,
    /// The time.
    pub clock: C,
    /// The rest.
    pub settings: HttpSettings,
}

impl<S, H, C> Endpoint for VerifyEndpoint<S, H, C>
where
    S: ResetRecords + CodeTries + SourceLimiter,
    H: SlowHasher,
    C: Clock,
{
    const FUNCTION: FunctionName = FunctionName::VerifyToken;

    async fn answer(
        &self,
        incoming: &Incoming,
        route: &'static Route,
    ) -> Result<Response<Body>, Problem> {
        if route.operation == Operation::Settings {
            return Ok(self.tell_settings(route));
        }
        self.settings.require_enabled()?;
        let proof = route.dialect.read_verify(incoming)?;
        let app = self.settings.app(incoming)?;
        let verified = self
            .use_case
            .execute(&app.id, &proof, incoming.source)
            .await;
        self.log(incoming, app, &verified);
        match verified {
            Ok(verified) => Ok(route.dialect.verified(&verified, &self.settings.policy)),
            Err(VerifyError::InvalidToken) => Err(Problem::InvalidToken),
            Err(VerifyError::SourceLimited(until)) => Err(limited(until, self.clock.now())),
            Err(VerifyError::Store(error)) => Err(store_problem(&error)),
            Err(VerifyError::Hash(error)) => Err(hash_problem(&error)),
        }
    }
}

impl<S, H, C> VerifyEndpoint<S, H, C>
where
    S: ResetRecords + CodeTries + SourceLimiter,
    H: SlowHasher,
    C: Clock,
{
    /// Answers one request.
    pub async fn handle(&self, request: Request) -> Response<Body> {
        serve(self, request).await
    }

    fn tell_settings(&self, route: &Route) -> Response<Body> {
        route.dialect.settings(&SettingsView {
            reset_enabled: self.settings.reset_enabled,
            policy: self.settings.policy,
        })
    }

    fn log(&self, incoming: &Incoming, app: &App, verified: &Result<Verified, VerifyError>) {
        let outcome = match verified {
            Ok(_) => "alive",
            Err(VerifyError::InvalidToken) => "invalid-token",
            Err(VerifyError::SourceLimited(_)) => "source-limited",
            Err(VerifyError::Store(_) | VerifyError::Hash(_)) => return,
        };
        tracing::info!(
            event = "token-verified",
            outcome,
            app = app.id.as_str(),
            source = self.settings.source(incoming),
            request_id = incoming.id.as_str(),
        );
    }
}
