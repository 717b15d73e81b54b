use std::time::Duration;

use super::Timestamp;

/// How long secrets live and how often things may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Life of a mailed link.
    pub link_lifetime: Duration,
    /// Life of a short code.
    pub code_lifetime: Duration,
    /// Wrong tries that a short code survives, less one.
    pub code_max_tries: u32,
    /// Least time between two accepted requests for one address.
    pub address_cooldown: Duration,
    /// Most accepted requests for one address within one link lifetime.
    pub address_requests: usize,
    /// Most requests of one source (an IPv4 address or an IPv6 /64) within one window.
    pub source_limit: u32,
    /// Length of that window.
    pub source_window: Duration,
}

impl Limits {
    /// How many times more than one /64 a whole IPv6 /48 may ask.
    const GROUP_FACTOR: u32 = 10;
    /// Most that a /48 may ask all the same: its counter holds an entry for each /64.
    const MAX_GROUP_LIMIT: u32 = 10_000;

    /// Most requests of one IPv6 /48 within one window.
    #[must_use]
    pub fn source_group_limit(&self) -> u32 {
        let limit = self.source_limit.saturating_mul(Self::GROUP_FACTOR);
        limit.min(Self::MAX_GROUP_LIMIT)
    }

    /// Start and end of the window that `now` falls into; windows are aligned to the epoch.
    #[must_use]
    pub fn source_window_at(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        window_at(now, self.source_window)
    }
}

/// How many mails the whole deployment sends in an hour.
///
/// The hour is counted in windows of half the life of a link, an hour at most, each with its share.
/// The outbox keeps a job for as long as a link lives, so waiting for the next window never costs
/// a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailCap {
    per_hour: u32,
    window: Duration,
}

impl MailCap {
    const HOUR: Duration = Duration::from_hours(1);

    /// The cap of this many mails an hour, for links that live this long.
    #[must_use]
    pub fn new(mails_per_hour: u32, link_lifetime: Duration) -> Self {
        Self {
            per_hour: mails_per_hour,
            window: (link_lifetime / 2).min(Self::HOUR),
        }
    }

    /// Start and end of the window that `now` falls into; windows are aligned to the epoch.
    #[must_use]
    pub fn window_at(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        window_at(now, self.window)
    }

    /// Most mails in a window for which `draw` was drawn: a share of the hour's, less up to a fifth.
    /// Never none.
    #[must_use]
    pub fn size(&self, draw: u16) -> u64 {
        let per_hour = u64::from(self.per_hour);
        let share = per_hour * self.window.as_secs() / Self::HOUR.as_secs();
        let less = share * u64::from(draw) / (5 * u64::from(u16::MAX));
        (share - less).max(1)
    }

    /// Most repeats among the mails of a window of this size: a quarter of it, and never none.
    #[must_use]
    pub const fn repeats_of(size: u64) -> u64 {
        if size < 4 { 1 } else { size / 4 }
    }
}

/// Start and end of the window of this length that `now` falls into.
fn window_at(now: Timestamp, length: Duration) -> (Timestamp, Timestamp) {
    let seconds = i64::try_from(length.as_secs().max(1)).unwrap_or(i64::MAX);
    let start = now.unix_seconds() - now.unix_seconds().rem_euclid(seconds);
    let start = Timestamp::from_unix_seconds(start);
    (start, start + length)
}

/// Whether a source may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateDecision {
    /// Within the limit; the request has been counted.
    Allowed,
    /// Over the limit until this time.
    LimitedUntil(Timestamp),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AppId, CodeHash, CodeSalt, Delivery, DeliveryState, IssuedSecrets, LinkSecret, RequestId,
        ResetRecord,
    };

    #[test]
    fn windows_are_aligned_and_half_open() {
        let limits = Limits::default();
        let at = |seconds| limits.source_window_at(Timestamp::from_unix_seconds(seconds));
        let first = (
            Timestamp::from_unix_seconds(600),
            Timestamp::from_unix_seconds(1200),
        );
        assert_eq!(at(600), first);
        assert_eq!(at(1199), first);
        assert_eq!(at(1200).0, Timestamp::from_unix_seconds(1200));
    }

    /// What fills every window at its start, for good, with mails to accounts that somebody knows.
    fn fill_every_window(accounts: usize) -> bool {
        let limits = Limits::default();
        let cap = MailCap::new(1000, limits.link_lifetime);
        let app = AppId::new("main").expect("a good id");
        let mut records: Vec<_> = (0..accounts)
            .map(|_| (ResetRecord::empty(app.clone(), String::new()), Vec::new()))
            .collect();
        let mut now = Timestamp::from_unix_seconds(1_800_000_000);
        (0..24_u8).all(|window| {
            let size = cap.size(0);
            let (mut mails, mut repeats) = (0, 0);
            for (record, asked) in &mut records {
                asked.retain(|at: &Timestamp| *at > now.minus(limits.link_lifetime));
                let answered = record.is_answered(now);
                let full = mails == size || (answered && repeats == MailCap::repeats_of(size));
                if full || asked.len() >= limits.address_requests {
                    continue;
                }
                mails += 1;
                repeats += u64::from(answered);
                asked.push(now);
                let secrets = IssuedSecrets {
                    link: LinkSecret::from_bytes([window; 32]).hash(),
                    code: CodeHash::from_bytes([window; 32]),
                    salt: CodeSalt::new("salt".to_owned()),
                };
                assert!(record.add_secrets(&secrets, &limits, now));
                let sent = Delivery::new(DeliveryState::Sent, now, None).of_link(&secrets.link);
                record.note_delivery(RequestId::new(&window.to_string()), sent);
            }
            now = cap.window_at(now).1;
            mails == size
        })
    }

    /// A repeat counts only as far as a quarter of a window, and for a first mail an account is good in
    /// every other window.
    #[test]
    fn filling_the_cap_for_good_takes_hundreds_of_accounts() {
        let fewest = (1..1_000).find(|accounts| fill_every_window(*accounts));
        assert_eq!(fewest, Some(438));
    }

    #[test]
    fn mails_are_capped_by_windows_that_end_before_an_outbox_gives_up() {
        let minutes = Duration::from_mins;
        for (lifetime, window, share) in [
            (minutes(5), Duration::from_secs(150), 41),
            (minutes(30), minutes(15), 250),
            (minutes(120), minutes(60), 1000),
            (minutes(1440), minutes(60), 1000),
        ] {
            let cap = MailCap::new(1000, lifetime);
            let (start, end) = cap.window_at(Timestamp::from_unix_seconds(1_800_000_000));
            assert_eq!(start + window, end);
            assert!(window < lifetime);
            assert_eq!(cap.size(0), share);
            assert_eq!(cap.size(u16::MAX), share - share / 5);
        }
        assert_eq!(MailCap::new(1, minutes(5)).size(u16::MAX), 1);
    }
}
