use thiserror::Error;

use crate::domain::{AuditEvent, AuditedJob, EmailAddress, MailReport, Pseudonymizer};
use crate::ports::{Clock, MailReports, ReportOutcome, StoreError, record};

/// Records what the mail service says of a mail.
pub struct RecordReport<S, C> {
    /// What became of each mail.
    pub store: S,
    pub clock: C,
    pub pseudonymizer: Pseudonymizer,
}

/// Why a report was not recorded; it is to come again.
#[derive(Debug, Error)]
pub enum ReportError {
    /// It came before the worker recorded that the mail was sent.
    #[error("the mail is not recorded as sent yet")]
    NotYetSent,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: MailReports, C: Clock> RecordReport<S, C> {
    /// Records a report of a mail to `recipient`. Doing it again changes nothing.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it is to come again.
    pub async fn execute(
        &self,
        report: &MailReport,
        recipient: Option<&EmailAddress>,
    ) -> Result<(), ReportError> {
        match self.store.record_report(report, self.clock.now()).await? {
            ReportOutcome::Recorded => self.log(report, recipient),
            ReportOutcome::Ignored => {}
            ReportOutcome::NotYetSent => return Err(ReportError::NotYetSent),
        }
        Ok(())
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
