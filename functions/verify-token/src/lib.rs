//! `verify-token`: tells whether a link or code is alive, and answers whatever no route answers.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::DynamoStore;
use shared::adapters::{Argon2Hasher, SystemEntropy};
use shared::config::VerifyConfig;
use shared::http::{HttpSettings, VerifyEndpoint};
use shared::ports::{Clock, HashError};
use shared::use_cases::VerifyToken;

/// The function over real DynamoDB.
pub struct VerifyFunction<C> {
    store: DynamoStore,
    endpoint: VerifyEndpoint<DynamoStore, Argon2Hasher<SystemEntropy>, C>,
}

impl<C: Clock + Clone> VerifyFunction<C> {
    /// The function with these settings.
    ///
    /// # Errors
    ///
    /// [`HashError`] when argon2 does not know the configured cost.
    pub fn new(config: VerifyConfig, sdk: &SdkConfig, clock: C) -> Result<Self, HashError> {
        let common = config.common;
        let store = DynamoStore::new(
            dynamodb_client(sdk),
            common.tokens_table,
            common.limits,
            common.pseudonymizer.clone(),
        );
        // Most people come by link, and pay for no memory that only codes need.
        let hasher = Argon2Hasher::on_demand(config.argon2, SystemEntropy)?;
        Ok(Self {
            store: store.clone(),
            endpoint: VerifyEndpoint {
                use_case: VerifyToken::new(store, hasher, clock.clone()),
                clock,
                policy: config.policy,
                settings: HttpSettings {
                    apps: Arc::new(common.apps),
                    edge: config.edge,
                    form_origins: config.form_origins,
                    reset_enabled: config.reset_enabled,
                    pseudonymizer: common.pseudonymizer,
                    catalogue: common.catalogue,
                    policy: Some(config.policy),
                },
            },
        })
    }

    /// Opens the connection to DynamoDB, before anybody waits for it.
    pub async fn warm_up(&self) {
        self.store.warm_up_by_read().await;
    }
}

/// Answers one event of the HTTP API. Whatever goes wrong is an answer.
pub async fn handle<C: Clock>(
    function: &VerifyFunction<C>,
    event: ApiGatewayV2httpRequest,
) -> ApiGatewayV2httpResponse {
    function.endpoint.handle(event).await
}
