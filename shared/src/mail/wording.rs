//! Values as a letter shows them.

use std::time::Duration;

use crate::domain::Timestamp;

/// Longest value of somebody's choosing that a letter repeats, in characters.
const MAX_VALUE_CHARS: usize = 100;

/// How long something is valid, in the largest unit that fits.
pub(super) fn lifetime(span: Duration) -> String {
    let seconds = span.as_secs();
    let (count, unit) = match seconds {
        s if s % 3600 == 0 && s > 0 => (s / 3600, "hour"),
        s if s % 60 == 0 && s > 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// A time with its zone, for example `2026-01-31 09:30 UTC`.
pub(super) fn shown_time(time: Timestamp) -> String {
    let text = time.to_rfc3339();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(clock)) if text.ends_with('Z') => format!("{day} {clock} UTC"),
        _ => text,
    }
}

/// A value on one line and of bounded length: what somebody put into a name must not look like
/// another paragraph of the letter.
pub(super) fn one_line(value: &str) -> String {
    if sabotaged!(ValuesUntamed) {
        return value.to_owned();
    }
    let words = value
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_VALUE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_said_in_the_largest_unit_that_fits() {
        let said = |seconds| lifetime(Duration::from_secs(seconds));
        assert_eq!(said(1800), "30 minutes");
        assert_eq!(said(60), "1 minute");
        assert_eq!(said(86_400), "24 hours");
        assert_eq!(said(3601), "3601 seconds");
    }

    #[test]
    fn times_have_a_zone() {
        let time = Timestamp::from_unix_seconds(1_700_000_000);
        assert_eq!(shown_time(time), "2023-11-14 22:13 UTC");
    }

    #[test]
    fn values_cannot_break_out_of_their_line() {
        assert_eq!(one_line(" Jo\r\n\r\nClick\u{2028}here\0 "), "Jo Click here");
        assert_eq!(one_line(&"x".repeat(500)).len(), 100);
    }
}
