use std::ops::Add;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A point in time, in whole seconds since the Unix epoch, UTC.
///
/// Seconds are what DynamoDB's TTL counts in, so nothing finer is kept anywhere.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The time as RFC 3339 in UTC, for example `2026-01-31T09:30:00Z`.
    ///
    /// A time outside the years that RFC 3339 can name is given as its number of seconds.
    pub fn to_rfc3339(self) -> String {
        OffsetDateTime::from_unix_timestamp(self.0)
            .ok()
            .and_then(|time| time.format(&Rfc3339).ok())
            .unwrap_or_else(|| self.0.to_string())
    }

    /// Whole seconds from `self` until `later`; zero when `later` has passed.
    pub fn seconds_until(self, later: Self) -> u64 {
        u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0)
    }

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(whole_seconds(span)))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(whole_seconds(span)))
    }
}

fn whole_seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_as_rfc_3339_in_utc() {
        let time = Timestamp::from_unix_seconds(1_700_000_000);
        assert_eq!(time.to_rfc3339(), "2023-11-14T22:13:20Z");
    }

    #[test]
    fn a_time_that_has_passed_is_no_seconds_away() {
        let [sooner, later] = [5, 8].map(Timestamp::from_unix_seconds);
        assert_eq!(
            (sooner.seconds_until(later), later.seconds_until(sooner)),
            (3, 0)
        );
    }

    #[test]
    fn arithmetic_saturates_instead_of_overflowing() {
        let end = Timestamp::from_unix_seconds(i64::MAX);
        assert_eq!(end + Duration::MAX, end);
        assert_eq!(end.seconds_until(Timestamp::default()), 0);
        assert_eq!(end.to_rfc3339(), i64::MAX.to_string());
    }
}
