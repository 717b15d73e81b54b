//! The Lambda binary.

use std::process::ExitCode;

use confirm_reset::{ConfirmFunction, handle};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use shared::adapters::aws::sdk_config;
use shared::adapters::{Argon2Cost, Argon2Memory, ConfiguredHasher, SystemClock, SystemEntropy};
use shared::config::{ConfirmConfig, environment};
use shared::telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    telemetry::exit_code(serve().await)
}

async fn serve() -> Result<(), Error> {
    // First, because it is made ready beside everything else, which the settings are part of. Where
    // hashes cost more than usual, it grows at the end of the start.
    let memory = Argon2Memory::prepared(Argon2Cost::default());
    let config = ConfirmConfig::read(environment)?;
    let hasher = ConfiguredHasher::new(config.hashing, memory, SystemEntropy)?;
    let common = &config.http.common;
    common.start_telemetry("confirm-reset");
    let sdk = sdk_config(common.aws.clone());
    let function = ConfirmFunction::new(config, hasher, &sdk, SystemClock)?;
    function.warm_up().await;
    let answer =
        async |event: LambdaEvent<_>| Ok::<_, Error>(handle(&function, event.payload).await);
    lambda_runtime::run(service_fn(answer)).await
}
