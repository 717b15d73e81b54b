//! Values as an email shows them.

use crate::domain::{Timestamp, User};

/// Longest value of somebody's choosing that an email repeats, in characters.
const MAX_VALUE_CHARS: usize = 100;

/// Longest name that somebody is greeted by, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Most digits in it: more may be a number to call.
const MAX_NAME_DIGITS: usize = 3;

/// A time with its zone, for example `2026-01-31 09:30 UTC`.
pub(super) fn shown_time(time: Timestamp) -> String {
    let text = time.to_rfc3339();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(clock)) if text.ends_with('Z') => format!("{day} {clock} UTC"),
        _ => text,
    }
}

/// A value on one line and of bounded length: what somebody put into a name must not look like
/// another paragraph of the email, nor turn the direction of what stands behind it.
pub(super) fn sanitize_line(value: &str) -> String {
    let words = value
        .split(|c: char| {
            c.is_whitespace() || c.is_control() || is_direction_mark(c) || is_noncharacter(c)
        })
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_VALUE_CHARS).collect()
}

/// A name as a greeting shows it; `None` for what somebody put there to be read, called or followed:
/// whatever a mail program would make a link of, numbers, and anything longer than names are.
pub(super) fn greeted_name(name: &str) -> Option<String> {
    let name = sanitize_line(name);
    let digits = name.chars().filter(|c| c.is_numeric()).count();
    let fits = name.chars().count() <= MAX_NAME_CHARS && digits <= MAX_NAME_DIGITS;
    (fits && !is_link(&name) && !name.is_empty()).then_some(name)
}

/// The name that somebody logs in with, if it is one word with a letter in it, and neither the address
/// nor anything that was put there to be followed.
pub(super) fn shown_username(user: &User) -> Option<String> {
    let name = user.profile.username.as_ref()?.as_str();
    let is_word = sanitize_line(name) == name && !name.contains(' ');
    let fits = name.chars().count() <= MAX_NAME_CHARS && name.contains(char::is_alphabetic);
    (is_word && fits && !is_link(name)).then(|| name.to_owned())
}

/// Whether a mail program would make a link of it. An address is one.
fn is_link(name: &str) -> bool {
    let lower = name.to_lowercase();
    let has_domain = lower.split('.').skip(1).any(|rest| {
        let label = rest.chars().take_while(|c| c.is_alphanumeric());
        label.count() >= 2
    });
    lower.contains([':', '/', '\\', '@', '\u{ff0e}', '\u{3002}'])
        || lower.contains("www.")
        || has_domain
}

/// The explicit directional marks of Unicode (UAX #9, section 2).
const fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What Unicode promises never to be a character, and SES refuses a mail for.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_zone() {
        let time = Timestamp::from_unix_seconds(1_700_000_000);
        assert_eq!(shown_time(time), "2023-11-14 22:13 UTC");
    }

    #[test]
    fn a_name_is_not_a_billboard() {
        for name in [
            "Jo",
            "J.R.R. Tolkien",
            "Dr. Ana Pe\u{f1}a",
            "Louis XIV",
            "Jo 2nd",
            "O\u{2019}Neil",
        ] {
            assert_eq!(greeted_name(name).as_deref(), Some(name));
        }
        for name in [
            "https://prize.example/win",
            "www.prize.example",
            "prize.example",
            "Jo prize.example now",
            "jo@prize.example",
            "mailto:jo",
            "your account is locked, call +1 900 555",
            "prize\u{3002}example",
            " ",
            &"Jo ".repeat(21),
        ] {
            assert_eq!(greeted_name(name), None, "{name}");
        }
    }

    #[test]
    fn values_cannot_break_out_of_their_line() {
        assert_eq!(
            sanitize_line(" Jo\r\n\r\nClick\u{2028}here\0 "),
            "Jo Click here"
        );
        assert_eq!(sanitize_line("Jo\u{202e}nna\u{2069}"), "Jo nna");
        assert_eq!(sanitize_line(&"x".repeat(500)).len(), 100);
    }
}
