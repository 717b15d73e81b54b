//! The Lambda binary of all three parts; the configuration says which one it is.

use std::process::ExitCode;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use request_reset::{HttpFunction, MailReporting, MailWorker, handle, handle_batch, handle_report};
use shared::adapters::SystemClock;
use shared::adapters::aws::sdk_config;
use shared::config::{CommonConfig, HttpConfig, RequestResetConfig, WorkerConfig, environment};
use shared::telemetry;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    telemetry::exit_code(match RequestResetConfig::read(environment) {
        Ok(RequestResetConfig::Http(config)) => serve_http(*config).await,
        Ok(RequestResetConfig::MailWorker(config)) => serve_stream(*config).await,
        Ok(RequestResetConfig::MailReports(config)) => serve_reports(*config).await,
        Err(error) => Err(error.into()),
    })
}

async fn serve_http(config: HttpConfig) -> Result<(), Error> {
    config.common.start_telemetry("request-reset");
    let sdk = sdk_config(config.common.aws.clone());
    let function = HttpFunction::new(config, &sdk, SystemClock);
    function.warm_up().await;
    let answer =
        async |event: LambdaEvent<_>| Ok::<_, Error>(handle(&function, event.payload).await);
    lambda_runtime::run(service_fn(answer)).await
}

async fn serve_stream(config: WorkerConfig) -> Result<(), Error> {
    config.common.start_telemetry("mail-worker");
    let sdk = sdk_config(config.common.aws.clone());
    let worker = MailWorker::new(config, &sdk, SystemClock)?;
    worker.ready();
    let batch =
        async |event: LambdaEvent<_>| Ok::<_, Error>(handle_batch(&worker, event.payload).await);
    lambda_runtime::run(service_fn(batch)).await
}

async fn serve_reports(config: CommonConfig) -> Result<(), Error> {
    config.start_telemetry("mail-reports");
    let sdk = sdk_config(config.aws.clone());
    let reporting = MailReporting::new(config, &sdk, SystemClock);
    let report = async |event: LambdaEvent<_>| {
        Ok::<_, Error>(handle_report(&reporting, event.payload).await?)
    };
    lambda_runtime::run(service_fn(report)).await
}
