use std::sync::Arc;

use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::DynamoStore;
use shared::config::RequestConfig;
use shared::http::{HttpSettings, RequestEndpoint};
use shared::ports::Clock;
use shared::use_cases::RequestReset;

/// The half that API Gateway calls.
pub struct HttpFunction<C> {
    store: DynamoStore,
    endpoint: RequestEndpoint<DynamoStore, C>,
}

impl<C: Clock> HttpFunction<C> {
    /// The function over real DynamoDB.
    #[must_use]
    pub fn new(config: RequestConfig, sdk: &SdkConfig, clock: C) -> Self {
        let common = config.common;
        let store = DynamoStore::new(
            dynamodb_client(sdk),
            common.tokens_table,
            common.limits,
            common.pseudonymizer.clone(),
        );
        Self {
            store: store.clone(),
            endpoint: RequestEndpoint {
                use_case: RequestReset::new(store),
                clock,
                resend_after: common.limits.address_cooldown,
                settings: HttpSettings {
                    apps: Arc::new(common.apps),
                    edge: config.edge,
                    form_origins: config.form_origins,
                    reset_enabled: config.reset_enabled,
                    pseudonymizer: common.pseudonymizer,
                    catalogue: common.catalogue,
                    policy: None,
                },
            },
        }
    }

    /// Opens the connection to DynamoDB, before anybody waits for it.
    pub async fn warm_up(&self) {
        self.store.warm_up_by_write().await;
    }
}

/// Answers one event of the HTTP API. Whatever goes wrong is an answer.
pub async fn handle<C: Clock>(
    function: &HttpFunction<C>,
    event: ApiGatewayV2httpRequest,
) -> ApiGatewayV2httpResponse {
    function.endpoint.handle(event).await
}
