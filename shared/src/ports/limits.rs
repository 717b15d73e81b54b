use std::net::IpAddr;

use super::errors::StoreError;
use crate::domain::{MailCap, RateDecision, Timestamp};

/// Counts what each source asks.
pub trait SourceLimiter: Send + Sync {
    /// Counts one request of `ip`, unless that would exceed a limit. One write.
    fn count(
        &self,
        ip: IpAddr,
        now: Timestamp,
    ) -> impl Future<Output = Result<RateDecision, StoreError>> + Send;
}

/// Room for one mail under the deployment's cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailSlot {
    /// Start of the window that it was taken from.
    pub window: Timestamp,
    /// What it was taken for.
    pub turn: MailTurn,
}

/// Which of somebody's mails one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTurn {
    /// The person has no mail with a link that is good for a while.
    First,
    /// The person has one.
    Repeat,
}

/// Whether a mail may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailRoom {
    /// It may, and has been counted.
    Slot(MailSlot),
    /// Not before this time.
    FullUntil(Timestamp),
}

/// Counts the mails of the whole deployment.
pub trait MailQuota: Send + Sync {
    /// Takes room for one mail, if there is any; a quarter of a window is there for repeats. One
    /// conditional write.
    fn take_slot(
        &self,
        cap: &MailCap,
        turn: MailTurn,
        now: Timestamp,
    ) -> impl Future<Output = Result<MailRoom, StoreError>> + Send;

    /// Gives the room of a mail back that was certainly not sent.
    fn return_slot(&self, slot: MailSlot) -> impl Future<Output = Result<(), StoreError>> + Send;
}
