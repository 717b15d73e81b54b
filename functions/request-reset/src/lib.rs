//! `request-reset`: takes requests for resets and, deployed a second time in another mode, mails
//! them. The half that answers the public cannot know what the half that mails finds out. A third
//! deployment notes what became of the mails.

mod http;
mod mail_reports;
mod mail_worker;

pub use http::{HttpFunction, handle};
pub use mail_reports::{MailReporting, ReportError, handle_report};
pub use mail_worker::{MailWorker, handle_batch};
