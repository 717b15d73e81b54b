//! `request-reset`: takes requests for resets and, deployed a second time in another mode, mails
//! them. The half that answers the public cannot know what the half that mails finds out.

mod http;
mod mail_worker;

pub use http::{HttpFunction, handle};
pub use mail_worker::{MailWorker, handle_batch};
