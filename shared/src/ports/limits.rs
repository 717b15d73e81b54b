use std::net::IpAddr;

use super::errors::StoreError;
use crate::domain::{MailCap, Timestamp};

/// Whether a source may ask.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceDecision {
    /// It may, and has been counted.
    Allowed,
    /// It has reached a limit until this time.
    LimitedUntil(Timestamp),
}

/// Counts the requests of each source address.
pub trait SourceLimiter: Send + Sync {
    /// Counts one request of `ip`, unless that would exceed a limit. One write.
    fn count(
        &self,
        ip: IpAddr,
        now: Timestamp,
    ) -> impl Future<Output = Result<SourceDecision, StoreError>> + Send;
}

/// Room for one mail under the deployment's cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailSlot {
    /// Start of the window that it was taken from.
    pub window: Timestamp,
    /// Which share of the window it counts for.
    pub priority: MailPriority,
}

/// Whether a mail is somebody's first with a link or a repeat, of which fewer may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailPriority {
    /// The person has no mail with a link that is good for a while.
    First,
    /// The person has such a mail.
    Repeat,
}

/// Whether a mail may go out.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailCapDecision {
    /// It may go out, and has been counted.
    Slot(MailSlot),
    /// The cap is reached until this time.
    FullUntil(Timestamp),
}

/// Counts the mails of the whole deployment.
pub trait MailCapCounter: Send + Sync {
    /// Takes room for one mail, if there is any; a quarter of a window is there for repeats. One
    /// conditional write.
    fn acquire(
        &self,
        cap: &MailCap,
        priority: MailPriority,
        now: Timestamp,
    ) -> impl Future<Output = Result<MailCapDecision, StoreError>> + Send;

    /// Gives the room of a mail back that was certainly not sent.
    fn release(&self, slot: MailSlot) -> impl Future<Output = Result<(), StoreError>> + Send;
}
