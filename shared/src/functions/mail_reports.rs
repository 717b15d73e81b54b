//! The part of `request-reset` that SES's events call, and that records what became of mails.

use aws_config::SdkConfig;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

use crate::adapters::aws::{dynamodb_client, sdk_config};
use crate::adapters::dynamodb::DynamoStore;
use crate::adapters::{SystemClock, report_from_event};
use crate::config::CommonConfig;
use crate::ports::Clock;
use crate::use_cases::{RecordReport, ReportError};

/// Why an event was not dealt with; Lambda brings it again.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The event is none of SES.
    #[error("no event of SES: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// The part that SES's events call. It has no route.
pub struct MailReporting<C>(RecordReport<DynamoStore, C>);

impl<C: Clock> MailReporting<C> {
    /// The part over real DynamoDB.
    pub fn new(config: CommonConfig, sdk: &SdkConfig, clock: C) -> Self {
        Self(RecordReport {
            store: config.store(dynamodb_client(sdk)),
            clock,
            pseudonymizer: config.pseudonymizer,
        })
    }
}

/// Records one event of SES. Doing it again changes nothing.
///
/// # Errors
///
/// [`EventError`] when the event is to be brought again.
pub async fn handle_report<C: Clock>(
    reporting: &MailReporting<C>,
    event: Value,
) -> Result<(), EventError> {
    let report = report_from_event(event).map_err(EventError::Unreadable)?;
    if let Some((report, recipient)) = report {
        reporting.0.execute(&report, recipient.as_ref()).await?;
    }
    Ok(())
}

pub(super) async fn serve(config: CommonConfig) -> Result<(), Error> {
    config.start_telemetry("mail-reports");
    let sdk = sdk_config(config.aws.clone());
    let reporting = MailReporting::new(config, &sdk, SystemClock);
    let report = async |event: LambdaEvent<_>| {
        Ok::<_, Error>(handle_report(&reporting, event.payload).await?)
    };
    lambda_runtime::run(service_fn(report)).await
}
