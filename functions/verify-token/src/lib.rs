//! `verify-token`: tells whether a link or code is alive, and answers whatever no route answers.

use std::marker::PhantomData;

use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::DynamoStore;
use shared::adapters::{Argon2Hasher, Argon2Memory, SystemEntropy};
use shared::config::VerifyConfig;
use shared::http::VerifyEndpoint;
use shared::ports::{Clock, HashError};
use shared::use_cases::{VerifyPorts, VerifyToken};

/// Real DynamoDB.
struct RealPorts<C>(PhantomData<C>);

impl<C: Clock> VerifyPorts for RealPorts<C> {
    type Store = DynamoStore;
    type Hasher = Argon2Hasher<SystemEntropy>;
    type Clock = C;
    type Entropy = SystemEntropy;
}

/// The function over real DynamoDB.
pub struct VerifyFunction<C: Clock>(VerifyEndpoint<RealPorts<C>>);

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
            policy: config.policy,
            settings: config.http.settings(Some(config.policy)),
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
