//! Values as an email shows them.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::domain::{Timestamp, User, is_invisible};

/// Longest value of somebody's choosing that an email repeats, in characters.
const MAX_VALUE_CHARS: usize = 100;

/// Longest name that somebody is greeted by, in characters.
const MAX_NAME_CHARS: usize = 60;
/// Most digits in it: more may be a number to call.
const MAX_NAME_DIGITS: usize = 3;
/// The same of a username, in which years and numbers of accounts are usual.
const MAX_USERNAME_DIGITS: usize = 6;

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
    let seen = seen(&name);
    let is_name = is_harmless(&seen, MAX_NAME_DIGITS) && !seen.trim().is_empty();
    is_name.then_some(name)
}

/// The name that somebody logs in with, if it is one word with a letter in it, and neither the address
/// nor anything that was put there to be called or followed.
pub(super) fn shown_username(user: &User) -> Option<String> {
    let name = user.profile.username.as_ref()?.as_str();
    is_shown_username(name).then(|| name.to_owned())
}

fn is_shown_username(name: &str) -> bool {
    let is_word = sanitize_line(name) == name && !name.contains(' ');
    let is_word = is_word && !name.contains(is_invisible) && name.contains(char::is_alphabetic);
    is_word && is_harmless(&seen(name), MAX_USERNAME_DIGITS)
}

/// What is seen of a name, with look-alikes of a character replaced by it.
fn seen(name: &str) -> String {
    name.nfkc().filter(|c| !is_invisible(*c)).collect()
}

/// Whether what is seen of a name is as short as names are, and nothing to be called or followed.
fn is_harmless(seen: &str, max_digits: usize) -> bool {
    let digits = seen.chars().filter(|c| c.is_numeric()).count();
    seen.chars().count() <= MAX_NAME_CHARS && digits <= max_digits && !is_link(seen)
}

/// Whether a mail program would make a link of it. An address is one.
fn is_link(seen: &str) -> bool {
    let lower = seen.to_lowercase();
    let has_domain = lower.split('.').skip(1).any(|rest| {
        let seen = rest.chars().filter(|c| !is_mark(*c));
        seen.take_while(|c| c.is_alphanumeric()).count() >= 2
    });
    lower.contains([':', '/', '\\', '@', '\u{3002}']) || lower.contains("www.") || has_domain
}

/// Whether it is drawn upon the character before it, and is no part of a word by itself.
fn is_mark(c: char) -> bool {
    is_combining_mark(c) && !c.is_alphanumeric()
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
    fn a_name_with_a_link_is_left_out() {
        for name in [
            "Jo",
            "J.R.R. Tolkien",
            "A.\u{1ecc}\u{301}. Adeyemi",
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
            "prize\u{ff61}example",
            "prize\u{2024}example",
            "prize\u{fe52}example",
            "prize.\u{200b}example",
            "prize.\u{ad}example",
            "prize.\u{2060}example",
            "prize.\u{34f}example",
            "prize.\u{fe0f}example",
            "prize.\u{301}example",
            "prize.x\u{301}\u{20dd}ample",
            "jo\u{ff20}prize",
            "https\u{ff1a}\u{ff0f}\u{ff0f}prize",
            "\u{3164}",
            "\u{2800}",
            "\u{115f}\u{1160}",
            " ",
            &"Jo ".repeat(21),
        ] {
            assert_eq!(greeted_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_username_is_not_one_either() {
        for name in ["jo", "jo.b", "anna_1985", "m\u{fc}ller-2", "u123456"] {
            assert!(is_shown_username(name), "{name}");
        }
        for name in [
            "jo@example.com",
            "prize\u{ff61}example",
            "prize.\u{200b}example",
            "jo\u{ff20}prize",
            "call-1-900-555-1234",
            "you\u{3164}have\u{2800}won",
            "\u{3164}",
            "a b",
        ] {
            assert!(!is_shown_username(name), "{name}");
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
