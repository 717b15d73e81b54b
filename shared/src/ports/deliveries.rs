use super::errors::StoreError;
use super::sessions::EndedSessions;
use crate::domain::{Delivery, MailReport, NoticeId, Timestamp};

/// Reads and writes what became of the mails of notices.
pub trait Notices: Send + Sync {
    /// What became of the mail of a notice so far.
    fn notice_delivery(
        &self,
        id: &NoticeId,
    ) -> impl Future<Output = Result<Option<Delivery>, StoreError>> + Send;

    /// Records what became of it.
    fn record_notice_delivery(
        &self,
        id: &NoticeId,
        delivery: &Delivery,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Whether it is recorded that the sessions from before the change of a notice are ended.
    fn sessions_are_ended(
        &self,
        id: &NoticeId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Records what became of them: how many were ended, or why they were given up.
    fn record_sessions(
        &self,
        id: &NoticeId,
        ended: &Result<EndedSessions, String>,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// What became of a report of a mail.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportOutcome {
    /// It is recorded with the delivery of the mail.
    Recorded,
    /// It says no more than is known, or the item has gone.
    Ignored,
    /// It is not recorded yet that the mail was sent: to be tried again.
    NotYetSent,
}

/// Records what the mail service says of mails that it took.
pub trait MailReports: Send + Sync {
    /// Records a report at `now`. One read, and one conditional write.
    fn record_report(
        &self,
        report: &MailReport,
        now: Timestamp,
    ) -> impl Future<Output = Result<ReportOutcome, StoreError>> + Send;
}

/// Remembers jobs that fail by themselves.
pub trait FailureLog: Send + Sync {
    /// Counts one more failure of the job `job`, whose stream record has the key `pk`, and gives
    /// how many there are now.
    fn count_failure(
        &self,
        pk: &str,
        job: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<u32, StoreError>> + Send;
}
