//! The part of `request-reset` that SES's events call, and that records what became of mails.

use aws_config::SdkConfig;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

use crate::adapters::aws::{dynamodb_client, sdk_config};
use crate::adapters::dynamodb::DynamoStore;
use crate::adapters::{SystemClock, report_from_event};
use crate::config::CommonConfig;
use crate::domain::{AuditEvent, AuditedJob, EmailAddress, MailReport, Pseudonymizer};
use crate::ports::{Clock, MailReports, ReportOutcome, StoreError, record};

/// Why a report was not recorded; Lambda brings it again.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The event is none of SES.
    #[error("no event of SES: {0}")]
    Unreadable(String),
    /// It came before the worker recorded that the mail was sent.
    #[error("the mail is not recorded as sent yet")]
    NotYetSent,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The part that SES's events call. It has no route.
pub struct MailReporting<C> {
    store: DynamoStore,
    clock: C,
    pseudonymizer: Pseudonymizer,
}

impl<C: Clock> MailReporting<C> {
    /// The part over real DynamoDB.
    pub fn new(config: CommonConfig, sdk: &SdkConfig, clock: C) -> Self {
        Self {
            store: config.store(dynamodb_client(sdk)),
            clock,
            pseudonymizer: config.pseudonymizer,
        }
    }

    fn log(&self, report: &MailReport, recipient: Option<&EmailAddress>) {
        record(&AuditEvent::MailReported {
            outcome: report.state,
            job: AuditedJob {
                mail: report.reference.mail(),
                account: recipient.map(|email| self.pseudonymizer.email(email)),
                job: report.reference.job(),
            },
            message_id: &report.message_id,
            reason: report.reason.as_deref(),
        });
    }
}

/// Notes one event of SES. Doing it again changes nothing.
///
/// # Errors
///
/// [`ReportError`] when the event is to be brought again.
pub async fn handle_report<C: Clock>(
    reporting: &MailReporting<C>,
    event: Value,
) -> Result<(), ReportError> {
    let Some((report, recipient)) = report_from_event(event).map_err(ReportError::Unreadable)?
    else {
        return Ok(());
    };
    let now = reporting.clock.now();
    match reporting.store.record_report(&report, now).await? {
        ReportOutcome::Recorded => reporting.log(&report, recipient.as_ref()),
        ReportOutcome::Ignored => {}
        ReportOutcome::NotYetSent => return Err(ReportError::NotYetSent),
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
