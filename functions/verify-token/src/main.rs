//! The Lambda binary.

use std::process::ExitCode;

use lambda_runtime::{Error, service_fn};
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
    telemetry::init(config.common.log_level);
    let function = VerifyFunction::new(config, &sdk_config().await, SystemClock)?;
    lambda_http::run(service_fn(|request| handle(&function, request))).await
}
