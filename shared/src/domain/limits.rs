use std::time::Duration;

use super::Timestamp;

/// How long secrets live and how often things may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub link_lifetime: Duration,
    pub code_lifetime: Duration,
    /// Wrong tries after which a code is dead.
    pub code_max_tries: u32,
    /// Least time between two accepted requests for one address.
    pub address_cooldown: Duration,
    /// Most accepted requests for one address within one link lifetime.
    pub address_requests: usize,
    /// Most requests of one source (an IPv4 address or an IPv6 /64) within one window.
    pub source_limit: u32,
    pub source_window: Duration,
    /// Most passwords of one account that are rejected within as long a window.
    pub password_rejections: u32,
}

impl Limits {
    /// How many times more than one /64 a whole IPv6 /48 may ask.
    const GROUP_FACTOR: u32 = 10;
    /// Most that a /48 may ask all the same: its counter holds an entry for each /64.
    const MAX_GROUP_LIMIT: u32 = 10_000;

    /// Most requests of one IPv6 /48 within one window.
    pub fn source_group_limit(&self) -> u32 {
        let limit = self.source_limit.saturating_mul(Self::GROUP_FACTOR);
        limit.min(Self::MAX_GROUP_LIMIT)
    }

    /// Start and end of the window that `now` falls into; windows are aligned to the epoch.
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
    pub fn new(mails_per_hour: u32, link_lifetime: Duration) -> Self {
        Self {
            per_hour: mails_per_hour,
            window: (link_lifetime / 2).min(Self::HOUR),
        }
    }

    /// Start and end of the window that `now` falls into; windows are aligned to the epoch.
    pub fn window_at(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        window_at(now, self.window)
    }

    /// Most mails in a window, by a `random` number: a share of the hour's, less up to a fifth.
    /// Never none.
    pub fn size(&self, random: u16) -> u64 {
        let per_hour = u64::from(self.per_hour);
        let share = per_hour * self.window.as_secs() / Self::HOUR.as_secs();
        let less = share * u64::from(random) / (5 * u64::from(u16::MAX));
        (share - less).max(1)
    }

    /// Most repeats among the mails of a window of this size: a quarter of it, and never none.
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

/// Passwords of one account that were rejected, in the window that began with the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejections {
    pub until: Timestamp,
    pub count: u32,
}

impl Rejections {
    /// When another password may be tried, if no more are at `now`.
    #[must_use]
    pub fn limited_until(&self, limits: &Limits, now: Timestamp) -> Option<Timestamp> {
        let is_limited = self.until > now && self.count >= limits.password_rejections;
        is_limited.then_some(self.until)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{
        AppId, CodeHash, CodeSalt, Delivery, DeliveryState, IssuedSecrets, LinkSecret, Owner,
        RequestId, ResetRecord,
    };

    #[test]
    fn a_48_may_ask_ten_times_as_often_and_ten_thousand_times_at_most() {
        let of_group = |source_limit| {
            let limits = Limits {
                source_limit,
                ..Limits::default()
            };
            limits.source_group_limit()
        };
        assert_eq!(Limits::default().source_limit, 60);
        let expected = [10, 600, 10_000, 10_000];
        assert_eq!([1, 60, 1000, u32::MAX].map(of_group), expected);
    }

    #[test]
    fn a_quarter_of_the_mails_may_be_repeats_and_never_none() {
        assert_eq!(
            [1, 3, 4, 7, 400].map(MailCap::repeats_of),
            [1, 1, 1, 1, 100]
        );
    }

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

    #[test]
    fn rejections_count_for_their_window_only() {
        let limits = Limits::default();
        let at = Timestamp::from_unix_seconds;
        let rejections = |count| Rejections {
            until: at(600),
            count,
        };
        assert_eq!(rejections(19).limited_until(&limits, at(0)), None);
        assert_eq!(
            rejections(20).limited_until(&limits, at(599)),
            Some(at(600))
        );
        assert_eq!(rejections(99).limited_until(&limits, at(600)), None);
    }

    /// Whose accounts fill the cap.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Accounts {
        Others,
        /// The attacker's own, who cancels each mail, so that the next one is a first one.
        Own,
    }

    /// An address, what is outstanding for it, and when it was asked for.
    struct Asked {
        record: ResetRecord,
        at: Vec<Timestamp>,
    }

    impl Asked {
        /// Whether its limits let one more request pass. Cancelling changes nothing about them.
        fn may_be_asked(&mut self, limits: &Limits, now: Timestamp) -> bool {
            let life_ago = now.minus(limits.link_lifetime);
            self.at.retain(|at| *at > life_ago);
            let rested = self
                .at
                .last()
                .is_none_or(|at| *at + limits.address_cooldown <= now);
            rested && self.at.len() < limits.address_requests
        }

        fn is_mailed(&mut self, whose: Accounts, limits: &Limits, now: Timestamp) {
            self.at.push(now);
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&now.unix_seconds().to_be_bytes());
            let secrets = IssuedSecrets {
                link: LinkSecret::from_bytes(bytes).hash(),
                code: CodeHash::from_bytes(bytes),
                salt: CodeSalt::new("salt".to_owned()),
            };
            assert!(
                self.record
                    .add_secrets(Owner::nobody(""), &secrets, limits, now)
            );
            let sent = Delivery::new(DeliveryState::Sent, now, None).of_link(&secrets.link);
            let id = RequestId::new(&now.unix_seconds().to_string());
            self.record.record_delivery(id, sent);
            if whose == Accounts::Own {
                self.record.links.clear();
            }
        }
    }

    /// Fills twelve windows, each in its first minutes, so that nobody else is mailed, and gives the
    /// sources that it takes; none when these accounts do not fill each.
    fn sources_to_fill(whose: Accounts, accounts: usize, random: u16) -> Option<usize> {
        let limits = Limits::default();
        let cap = MailCap::new(1000, limits.link_lifetime);
        let app = AppId::new("main").expect("a good id");
        let mut asked: Vec<_> = (0..accounts)
            .map(|_| Asked {
                record: ResetRecord::empty(app.clone(), ""),
                at: Vec::new(),
            })
            .collect();
        let mut sources = BTreeMap::<_, usize>::new();
        let mut start = Timestamp::from_unix_seconds(1_800_000_000);
        for _ in 0..12 {
            let size = cap.size(random);
            let quarter = MailCap::repeats_of(size);
            let mut mails = 0;
            // First mails, then all the repeats that there is room for, then first mails again.
            for (minute, repeats, until) in [
                (0, false, size - quarter),
                (1, true, size),
                (2, false, size),
            ] {
                let most = if repeats {
                    until.min(mails + quarter)
                } else {
                    until
                };
                let now = start + limits.address_cooldown * minute;
                // First mails go to a person who was asked for longest ago; repeats to a person who was asked for
                // last, so that they do not put off another one's next first mail.
                asked.sort_by_key(|it| it.at.last().copied());
                if repeats {
                    asked.reverse();
                }
                for it in &mut asked {
                    let fits = it.record.has_working_link(None, now) == repeats;
                    if mails < most && fits && it.may_be_asked(&limits, now) {
                        it.is_mailed(whose, &limits, now);
                        mails += 1;
                        *sources.entry(limits.source_window_at(now)).or_default() += 1;
                    }
                }
            }
            if mails < size {
                return None;
            }
            start = cap.window_at(start).1;
        }
        let limit = usize::try_from(limits.source_limit).expect("a small number");
        sources
            .into_values()
            .max()
            .map(|asked| asked.div_ceil(limit))
    }

    /// The fewest accounts that fill the cap for good, and the sources from which they are asked for.
    fn cheapest_fill(whose: Accounts, random: u16) -> (usize, usize) {
        let (mut too_few, mut enough) = (100, 500);
        let mut sources = sources_to_fill(whose, enough, random).expect("more than enough");
        while enough - too_few > 1 {
            let middle = usize::midpoint(too_few, enough);
            match sources_to_fill(whose, middle, random) {
                Some(found) => (enough, sources) = (middle, found),
                None => too_few = middle,
            }
        }
        (enough, sources)
    }

    /// Repeats count only as far as a quarter of a window, and an account of somebody else is good for
    /// a first mail in every other window. Where the attacker cancels it is good for three in two.
    #[test]
    fn filling_the_cap_for_good_takes_hundreds_of_accounts() {
        assert_eq!(cheapest_fill(Accounts::Others, 0), (376, 5));
        assert_eq!(cheapest_fill(Accounts::Others, u16::MAX), (300, 4));
        assert_eq!(cheapest_fill(Accounts::Own, 0), (167, 5));
        assert_eq!(cheapest_fill(Accounts::Own, u16::MAX), (134, 4));
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
