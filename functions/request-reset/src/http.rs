use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::DynamoStore;
use shared::config::HttpConfig;
use shared::http::RequestEndpoint;
use shared::ports::Clock;
use shared::use_cases::RequestReset;

/// The half that API Gateway calls.
pub struct HttpFunction<C>(RequestEndpoint<DynamoStore, C>);

impl<C: Clock> HttpFunction<C> {
    /// The function over real DynamoDB.
    pub fn new(config: HttpConfig, sdk: &SdkConfig, clock: C) -> Self {
        Self(RequestEndpoint {
            use_case: RequestReset {
                store: config.common.store(dynamodb_client(sdk)),
            },
            clock,
            limits: config.common.limits,
            settings: config.settings(None),
        })
    }

    /// Opens the connection to DynamoDB, before anybody waits for it.
    pub async fn warm_up(&self) {
        self.0.use_case.store.warm_up_by_write().await;
    }
}

/// Answers one event of the HTTP API. Whatever goes wrong is an answer.
pub async fn handle<C: Clock>(
    function: &HttpFunction<C>,
    event: ApiGatewayV2httpRequest,
) -> ApiGatewayV2httpResponse {
    function.0.handle(event).await
}
