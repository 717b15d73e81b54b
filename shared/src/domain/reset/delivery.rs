use std::time::Duration;

use strum::{EnumString, IntoStaticStr};

use crate::domain::{SecretHash, Timestamp};

/// How far the mail of one request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum DeliveryState {
    /// About to be handed to SES; what happened next is not known.
    Pending,
    /// SES did not take it and will be asked again.
    Deferred,
    Sent,
    /// Nobody is to get one.
    Skipped,
    /// It will not be sent.
    Failed,
    /// The recipient's server is slow to take it; SES goes on trying.
    Delayed,
    /// The recipient's server took it.
    Delivered,
    /// The recipient's server sent it back, or SES gave up trying.
    Bounced,
    /// The recipient called it spam.
    Complained,
    /// SES took it, and then found a virus in it.
    Rejected,
}

impl DeliveryState {
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether nothing more is to be done.
    pub const fn is_final(self) -> bool {
        self.was_sent() || matches!(self, Self::Skipped | Self::Failed)
    }

    /// Whether SES took it, whatever became of it then.
    pub const fn was_sent(self) -> bool {
        match self {
            Self::Sent
            | Self::Delayed
            | Self::Delivered
            | Self::Bounced
            | Self::Complained
            | Self::Rejected => true,
            Self::Pending | Self::Deferred | Self::Skipped | Self::Failed => false,
        }
    }

    /// Whether the mail is on its way or in the inbox, as far as is known.
    pub const fn is_with_recipient(self) -> bool {
        self.was_sent() && !matches!(self, Self::Bounced | Self::Rejected)
    }

    /// Whether a report of `next` says more than is known. Reports come in any order and more than
    /// once.
    pub const fn is_followed_by(self, next: Self) -> bool {
        match self {
            Self::Sent | Self::Delayed => !matches!(next, Self::Sent),
            // A server may take a mail and send it back all the same.
            Self::Delivered => matches!(next, Self::Bounced | Self::Complained),
            _ => false,
        }
    }
}

/// What became of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub state: DeliveryState,
    pub at: Timestamp,
    /// Why it was skipped, deferred or failed; or the message id that SES gave.
    pub detail: Option<String>,
    /// Encoded hash of the link that was issued for it; none of a notice's.
    pub link: Option<String>,
    /// Tries before this one of which nobody knows whether SES took the mail.
    pub unclear_tries: u32,
}

impl Delivery {
    /// The wait before the second retry after an unclear outcome. The first comes at once, and each
    /// wait is three times the one before.
    const FIRST_WAIT: Duration = Duration::from_secs(10);
    /// No wait is longer than the life of a link divided by this.
    const WAITS_IN_LIFE: u32 = 4;
    /// Before the stream gives a job up there is one more try.
    pub(super) const LAST_TRY: Duration = Duration::from_mins(1);

    pub fn new(state: DeliveryState, at: Timestamp, detail: Option<&str>) -> Self {
        Self {
            state,
            at,
            detail: detail.map(str::to_owned),
            link: None,
            unclear_tries: 0,
        }
    }

    /// The same, of the mail that this link was issued for.
    #[must_use]
    pub fn of_link(self, link: &SecretHash) -> Self {
        Self {
            link: Some(link.encoded()),
            ..self
        }
    }

    /// The same, after so many tries with an unclear outcome.
    #[must_use]
    pub fn after_unclear_tries(self, unclear_tries: u32) -> Self {
        Self {
            unclear_tries,
            ..self
        }
    }

    /// The tries with an unclear outcome, with this one if it is one.
    pub(super) fn unclear_tries_with_this(&self) -> u32 {
        self.unclear_tries + u32::from(self.state == DeliveryState::Pending)
    }

    /// When the mail may be tried again.
    ///
    /// A try whose outcome is unclear leaves a link alive, since it may be in an inbox. So the tries
    /// come less and less often: where links live for up to four hours, three requests of one address
    /// find room for the links of all their tries, for as long as the stream brings them.
    pub fn due(&self, requested_at: Timestamp, link_lifetime: Duration) -> Timestamp {
        if self.state != DeliveryState::Pending || self.unclear_tries == 0 {
            return self.at;
        }
        let longest = link_lifetime / Self::WAITS_IN_LIFE;
        let wait = Self::FIRST_WAIT * 3_u32.saturating_pow((self.unclear_tries - 1).min(10));
        let due = self.at + wait.min(longest);
        let last = (requested_at + link_lifetime).minus(Self::LAST_TRY);
        if self.at < last { due.min(last) } else { due }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_stored_by_its_name_and_is_final_unless_it_is_to_be_tried() {
        use DeliveryState::{Bounced, Deferred, Failed, Pending, Sent, Skipped};
        for (state, name, is_final) in [
            (Pending, "pending", false),
            (Deferred, "deferred", false),
            (Sent, "sent", true),
            (Skipped, "skipped", true),
            (Failed, "failed", true),
            (Bounced, "bounced", true),
        ] {
            assert_eq!(state.as_str(), name);
            assert_eq!(name.parse(), Ok(state));
            assert_eq!(state.is_final(), is_final, "{name}");
        }
    }

    #[test]
    fn a_later_report_says_more_and_an_earlier_one_does_not_take_it_back() {
        use DeliveryState::{Bounced, Complained, Delayed, Delivered, Failed, Pending, Sent};
        for (known, next) in [
            (Sent, Delivered),
            (Sent, Delayed),
            (Delayed, Bounced),
            (Delivered, Complained),
            (Delivered, Bounced),
        ] {
            assert!(known.is_followed_by(next), "{known:?} {next:?}");
            assert!(!next.is_followed_by(Sent), "{next:?}");
        }
        for (known, next) in [
            (Delivered, Delayed),
            (Delivered, Delivered),
            (Bounced, Delivered),
            (Pending, Delivered),
            (Failed, Delivered),
        ] {
            assert!(!known.is_followed_by(next), "{known:?} {next:?}");
        }
    }
}
