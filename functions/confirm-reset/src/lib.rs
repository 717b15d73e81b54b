//! `confirm-reset`: changes the password of whoever proves that the mail reached them.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::{DynamoPasswordChanges, DynamoStore, DynamoUsers};
use shared::adapters::{ConfiguredHasher, SystemEntropy};
use shared::config::ConfirmConfig;
use shared::http::{ConfirmEndpoint, HttpSettings};
use shared::ports::{Clock, HashError};
use shared::use_cases::{CancelReset, ConfirmReset};

/// The endpoint over real DynamoDB.
type RealEndpoint<C> = ConfirmEndpoint<
    DynamoStore,
    DynamoUsers,
    DynamoPasswordChanges,
    ConfiguredHasher<SystemEntropy>,
    C,
    SystemEntropy,
>;

/// The function over real DynamoDB.
pub struct ConfirmFunction<C> {
    store: DynamoStore,
    endpoint: RealEndpoint<C>,
}

impl<C: Clock + Clone> ConfirmFunction<C> {
    /// The function with these settings.
    ///
    /// # Errors
    ///
    /// [`HashError`] when argon2 does not know the configured cost.
    pub fn new(config: ConfirmConfig, sdk: &SdkConfig, clock: C) -> Result<Self, HashError> {
        // First, because its memory is made ready beside everything else.
        let hasher = ConfiguredHasher::new(config.hashing, SystemEntropy)?;
        let common = config.common;
        let dynamodb = dynamodb_client(sdk);
        let store = DynamoStore::new(
            dynamodb.clone(),
            common.tokens_table,
            common.limits,
            common.pseudonymizer.clone(),
        );
        let users = DynamoUsers::new(dynamodb, config.users);
        let cancel = CancelReset {
            store: store.clone(),
            clock: clock.clone(),
        };
        Ok(Self {
            store: store.clone(),
            endpoint: ConfirmEndpoint {
                use_case: ConfirmReset {
                    changes: DynamoPasswordChanges::new(store.clone(), users.clone()),
                    users,
                    store,
                    hasher,
                    clock,
                    entropy: SystemEntropy,
                    policy: config.policy,
                },
                cancel,
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

    /// Opens the connection to DynamoDB, and waits until argon2's memory is there, before anybody
    /// waits for either.
    pub async fn warm_up(&self) {
        self.store.warm_up_by_read().await;
        self.endpoint.use_case.hasher.ready();
    }
}

/// Answers one event of the HTTP API. Whatever goes wrong is an answer.
pub async fn handle<C: Clock>(
    function: &ConfirmFunction<C>,
    event: ApiGatewayV2httpRequest,
) -> ApiGatewayV2httpResponse {
    function.endpoint.handle(event).await
}
