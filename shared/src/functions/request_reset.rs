//! `request-reset`: takes requests for resets and, deployed a second time in another mode, mails
//! them. The half that answers the public cannot know what the half that mails finds out. A third
//! deployment records what became of the mails.

use std::process::ExitCode;

use aws_config::SdkConfig;
use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use super::{mail_reports, mail_worker};
use crate::adapters::SystemClock;
use crate::adapters::aws::{dynamodb_client, sdk_config};
use crate::adapters::dynamodb::DynamoStore;
use crate::config::{HttpConfig, RequestResetConfig, environment};
use crate::http::RequestEndpoint;
use crate::ports::Clock;
use crate::telemetry;
use crate::use_cases::RequestReset;

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
            settings: config.settings(),
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

/// Runs the part of the function that the configuration names, until its environment ends.
///
/// # Panics
///
/// When the system has no event loop to give.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> ExitCode {
    telemetry::exit_code(match RequestResetConfig::read(environment) {
        Ok(RequestResetConfig::Http(config)) => serve(*config).await,
        Ok(RequestResetConfig::MailWorker(config)) => mail_worker::serve(*config).await,
        Ok(RequestResetConfig::MailReports(config)) => mail_reports::serve(*config).await,
        Err(error) => Err(error.into()),
    })
}

async fn serve(config: HttpConfig) -> Result<(), Error> {
    config.common.start_telemetry("request-reset");
    let sdk = sdk_config(config.common.aws.clone());
    let function = HttpFunction::new(config, &sdk, SystemClock);
    function.warm_up().await;
    let answer =
        async |event: LambdaEvent<_>| Ok::<_, Error>(handle(&function, event.payload).await);
    lambda_runtime::run(service_fn(answer)).await
}
