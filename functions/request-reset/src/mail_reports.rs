use aws_config::SdkConfig;
use serde_json::Value;
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::DynamoStore;
use shared::adapters::report_from_event;
use shared::config::CommonConfig;
use shared::domain::{AuditEvent, AuditedJob, EmailAddress, MailReport, Pseudonymizer};
use shared::ports::{Clock, MailReports, ReportOutcome, StoreError, record};

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
