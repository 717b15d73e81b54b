//! The Lambda binary.

use std::process::ExitCode;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::adapters::SystemClock;
use shared::adapters::aws::sdk_config;
use shared::config::{VerifyConfig, environment};
use shared::telemetry;
use verify_token::{VerifyFunction, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
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
