//! `verify-token`: tells whether a link or code is alive, and answers whatever no route answers.

use std::marker::PhantomData;
use std::process::ExitCode;

use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::adapters::aws::{dynamodb_client, sdk_config};
use crate::adapters::dynamodb::DynamoStore;
use crate::adapters::{Argon2Hasher, Argon2Memory, SystemClock, SystemEntropy};
use crate::config::{VerifyConfig, environment};
use crate::http::VerifyEndpoint;
use crate::ports::{Clock, HashError};
use crate::telemetry;
use crate::use_cases::{VerifyPorts, VerifyToken};

/// Real DynamoDB.
struct RealPorts<C>(PhantomData<C>);

impl<C: Clock> VerifyPorts for RealPorts<C> {
    type Store = DynamoStore;
    type Hasher = Argon2Hasher<SystemEntropy>;
    type Clock = C;
}

/// The function over real DynamoDB.
pub struct VerifyFunction<C: Clock>(VerifyEndpoint<RealPorts<C>, SystemEntropy>);

impl<C: Clock> VerifyFunction<C> {
    /// The function with these settings.
    ///
    /// # Errors
    ///
    /// [`HashError`] when argon2 does not know the configured cost.
    pub fn new(config: VerifyConfig, sdk: &SdkConfig, clock: C) -> Result<Self, HashError> {
        // Most people come by link, and pay for no memory that only codes need.
        let memory = Argon2Memory::default();
        let hasher = Argon2Hasher::new(config.argon2, memory, SystemEntropy)?;
        Ok(Self(VerifyEndpoint {
            use_case: VerifyToken {
                store: config.http.common.store(dynamodb_client(sdk)),
                hasher,
                clock,
            },
            entropy: SystemEntropy,
            settings: config.http.settings(),
        }))
    }

    /// Opens the connection to DynamoDB, before anybody waits for it.
    pub async fn warm_up(&self) {
        self.0.use_case.store.warm_up_by_read().await;
    }
}

/// Answers one event of the HTTP API. Whatever goes wrong is an answer.
pub async fn handle<C: Clock>(
    function: &VerifyFunction<C>,
    event: ApiGatewayV2httpRequest,
) -> ApiGatewayV2httpResponse {
    function.0.handle(event).await
}

/// Runs the function until its environment ends.
///
/// # Panics
///
/// When the system has no event loop to give.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> ExitCode {
    telemetry::exit_code(serve().await)
}

async fn serve() -> Result<(), Error> {
    let config = VerifyConfig::read(environment)?;
    let common = &config.http.common;
    common.start_telemetry("verify-token");
    let sdk = sdk_config(common.aws.clone());
    let function = VerifyFunction::new(config, &sdk, SystemClock)?;
    function.warm_up().await;
    let answer =
        async |event: LambdaEvent<_>| Ok::<_, Error>(handle(&function, event.payload).await);
    lambda_runtime::run(service_fn(answer)).await
}
