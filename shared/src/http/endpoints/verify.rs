use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::{Body, Response};

use super::HttpSettings;
use super::endpoint::{Endpoint, serve};
use super::failures::random_problem;
use super::proof::proof_problem;
use crate::domain::{App, AuditEvent, IdempotencyKey, VerifiedOutcome};
use crate::http::context::RequestContext;
use crate::http::dialects::Route;
use crate::http::http_request::HttpRequest;
use crate::http::operation::{FunctionName, Operation};
use crate::http::problem::Problem;
use crate::http::views::{SettingsView, VerifiedView};
use crate::ports::{Clock as _, Entropy, record};
use crate::use_cases::{Proof, ProofError, VerifiedProof, VerifyPorts, VerifyToken};

/// verify-token, which also answers whatever no other route answers.
pub struct VerifyEndpoint<P: VerifyPorts, E: Entropy> {
    pub use_case: VerifyToken<P>,
    /// Randomness, for the keys of forms.
    pub entropy: E,
    pub settings: HttpSettings,
}

impl<P: VerifyPorts, E: Entropy> Endpoint for VerifyEndpoint<P, E> {
    const FUNCTION: FunctionName = FunctionName::VerifyToken;

    fn settings(&self) -> &HttpSettings {
        &self.settings
    }

    async fn answer(
        &self,
        context: RequestContext<'_>,
        route: &'static Route,
    ) -> Result<Response<Body>, Problem> {
        match route.operation {
            Operation::Settings => {
                let view = SettingsView {
                    reset_enabled: self.settings.reset_enabled,
                    policy: self.settings.policy,
                };
                return Ok(route.dialect.settings(&context, &view));
            }
            Operation::ChangePasswordUrl => return Ok(route.dialect.page(&context)),
            // A reset that was asked for before resets were switched off can be cancelled.
            Operation::CancelPage => {}
            _ => self.settings.require_enabled()?,
        }
        if matches!(
            route.operation,
            Operation::RequestPage | Operation::CodePage
        ) {
            context.require_app()?;
            return Ok(route.dialect.page(&context));
        }
        let proof = route.dialect.read_verify(&context)?;
        let app = context.require_app()?;
        let verified = self
            .use_case
            .execute(&app.id, &proof, context.request.source, None)
            .await;
        self.log(context.request, app, &proof, &verified);
        let verified = match verified {
            Err(ProofError::Cancelled(verified)) if route.operation == Operation::CancelPage => {
                *verified
            }
            other => other.map_err(|error| proof_problem(&error, self.use_case.clock.now()))?,
        };
        let own = context.speaking_for(self.settings.apps.get(&verified.record.app));
        let key = self
            .entropy
            .bytes()
            .map_err(|error| random_problem(&error))?;
        let view = VerifiedView {
            verified: &verified,
            proof: &proof,
            key: &IdempotencyKey::from_random(key),
        };
        Ok(route.dialect.verified(&own, &view))
    }
}

impl<P: VerifyPorts, E: Entropy> VerifyEndpoint<P, E> {
    pub async fn handle(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        serve(self, event).await
    }

    fn log(
        &self,
        http_request: &HttpRequest,
        app: &App,
        proof: &Proof,
        verified: &Result<VerifiedProof, ProofError>,
    ) {
        let outcome = match verified {
            Ok(_) => VerifiedOutcome::Alive,
            Err(ProofError::Used { .. }) => VerifiedOutcome::Replayed,
            Err(ProofError::SourceLimited(_)) => VerifiedOutcome::SourceLimited,
            Err(ProofError::Store(_) | ProofError::Hash(_)) => return,
            Err(_) => VerifiedOutcome::InvalidToken,
        };
        let found = verified.as_ref().ok().map(|it| it.owner.email.as_str());
        record(&AuditEvent::TokenVerified {
            outcome,
            app: app.id.as_str(),
            by: proof.kind(),
            account: self.settings.account(proof.email(), found),
            caller: self.settings.caller(http_request),
        });
    }
}
