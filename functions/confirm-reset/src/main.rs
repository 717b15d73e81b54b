//! The Lambda binary.

use std::process::ExitCode;

use confirm_reset::{ConfirmFunction, handle};
use lambda_runtime::{Error, service_fn};
use shared::adapters::SystemClock;
use shared::adapters::aws::sdk_config;
use shared::config::{ConfirmConfig, environment};
use shared::telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    telemetry::exit_code(serve().await)
}

async fn serve() -> Result<(), Error> {
    let config = ConfirmConfig::read(environment)?;
    telemetry::init(config.common.log_level);
    let function = ConfirmFunction::new(config, &sdk_config().await, SystemClock)?;
    lambda_http::run(service_fn(|request| handle(&function, request))).await
}
