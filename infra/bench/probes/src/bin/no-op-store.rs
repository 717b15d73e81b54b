//! The service over a store that does nothing: what Lambda runs, but for the SDK.
//!
//! `no-op-store request|verify TOKEN` is that function, with its settings, and its store holds this link. Logs
//! are written as the function writes them.

use std::error::Error;
use std::net::IpAddr;

use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::lambda_runtime::{self, LambdaEvent, service_fn};
use shared::adapters::{Argon2Hasher, Argon2Memory, SystemClock, SystemEntropy};
use shared::config::{CommonConfig, RequestResetConfig, VerifyConfig, environment};
use shared::domain::{
    ChangeTag, Issued, LinkToken, Locator, Owner, ResetRecord, ResetRequest, SecretState,
    Timestamp, User, UserKey,
};
use shared::http::{RequestEndpoint, VerifyEndpoint};
use shared::ports::{
    Acceptance, CodeTries, RequestOutbox, Reservation, ResetRecords, SourceDecision, SourceLimiter,
    StoreError,
};
use shared::use_cases::{RequestReset, VerifyPorts, VerifyToken};

const EMAIL: &str = "somebody@example.com";

/// A store that holds one live link, whatever is asked of it.
#[derive(Clone)]
struct OneLink(ResetRecord);

impl OneLink {
    fn new(common: &CommonConfig, token: &LinkToken) -> Self {
        let mut record = ResetRecord::empty(common.apps.default_app().id.clone(), EMAIL);
        record.owners[0] = Owner::of(&User::new(UserKey::text("somebody".to_owned()), EMAIL));
        let link = Issued {
            state: SecretState::Alive,
            expires_at: Timestamp::from_unix_seconds(4_102_444_800),
            owner: 0,
        };
        record.links.insert(token.secret_hash().encoded(), link);
        Self(record)
    }
}

impl SourceLimiter for OneLink {
    async fn count(&self, _: IpAddr, _: Timestamp) -> Result<SourceDecision, StoreError> {
        Ok(SourceDecision::Allowed)
    }
}

impl RequestOutbox for OneLink {
    async fn submit(&self, _: &ResetRequest) -> Result<Acceptance, StoreError> {
        Ok(Acceptance::Accepted)
    }
}

impl ResetRecords for OneLink {
    async fn load(&self, _: &Locator) -> Result<Option<ResetRecord>, StoreError> {
        Ok(Some(self.0.clone()))
    }
}

impl CodeTries for OneLink {
    async fn reserve(&self, _: &Locator, _: Option<&ChangeTag>) -> Result<Reservation, StoreError> {
        Ok(Reservation::Refused(None))
    }

    async fn refund(&self, _: &Locator, _: u64) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Verifying over [`OneLink`].
struct VerifyBench;

impl VerifyPorts for VerifyBench {
    type Store = OneLink;
    type Hasher = Argon2Hasher<SystemEntropy>;
    type Clock = SystemClock;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [function, token] = arguments.as_slice() else {
        return Err("usage: no-op-store request|verify TOKEN".into());
    };
    let token = LinkToken::parse(token).ok_or("no token")?;
    match function.as_str() {
        "request" => request(&token).await,
        "verify" => verify(&token).await,
        other => Err(format!("what is {other}?").into()),
    }
}

async fn request(token: &LinkToken) -> Result<(), Box<dyn Error>> {
    let RequestResetConfig::Http(config) = RequestResetConfig::read(environment)? else {
        return Err("another mode".into());
    };
    config.common.start_telemetry("request-reset");
    let endpoint = RequestEndpoint {
        use_case: RequestReset {
            store: OneLink::new(&config.common, token),
        },
        clock: SystemClock,
        limits: config.common.limits,
        settings: config.settings(),
    };
    serve(async |event| endpoint.handle(event).await).await
}

async fn verify(token: &LinkToken) -> Result<(), Box<dyn Error>> {
    let config = VerifyConfig::read(environment)?;
    config.http.common.start_telemetry("verify-token");
    let endpoint = VerifyEndpoint::<VerifyBench, _> {
        use_case: VerifyToken {
            store: OneLink::new(&config.http.common, token),
            hasher: Argon2Hasher::new(config.argon2, Argon2Memory::default(), SystemEntropy)?,
            clock: SystemClock,
        },
        entropy: SystemEntropy,
        settings: config.http.settings(),
    };
    serve(async |event| endpoint.handle(event).await).await
}

async fn serve(
    answer: impl AsyncFn(ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse,
) -> Result<(), Box<dyn Error>> {
    let answer =
        async |event: LambdaEvent<_>| Ok::<_, lambda_runtime::Error>(answer(event.payload).await);
    let served = lambda_runtime::run(service_fn(answer)).await;
    served.map_err(|error| error as Box<dyn Error>)
}
