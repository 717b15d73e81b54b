use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::domain::EmailAddress;

/// Most bytes of text in one encoded word, whose whole may have 75 characters (RFC 2047, section 2).
const MAX_ENCODED_BYTES: usize = 45;

/// An address with an optional display name, as a mail's `From` and `Reply-To` have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    name: Option<String>,
    address: String,
}

impl Mailbox {
    /// Reads `address` or `Name <address>`, on one line.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, address) = match text.strip_suffix('>').and_then(|it| it.rsplit_once('<')) {
            Some((name, address)) => (name.trim(), address),
            None => ("", text),
        };
        let name = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'))
            .unwrap_or(name);
        let fits = is_single_line(text) && !name.contains(['<', '>', '"', '\\']);
        let address = EmailAddress::parse(address).ok().filter(|_| fits)?;
        Some(Self {
            name: (!name.is_empty()).then(|| name.to_owned()),
            address: address.mailable(),
        })
    }

    /// The mailbox as a header holds it, in ASCII. The name is always quoted or encoded, so that no
    /// comma or bracket in it can be read as another mailbox (RFC 5322, section 3.4).
    pub fn header(&self) -> String {
        match &self.name {
            None => self.address.clone(),
            Some(name) if name.is_ascii() => format!("\"{name}\" <{}>", self.address),
            Some(name) => format!("{} <{}>", encoded_words(name), self.address),
        }
    }
}

/// Whether a text has no line breaks, nor any other control character.
pub fn is_single_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// The text as encoded words (RFC 2047), none of which splits a character.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::<String>::new();
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if word.len() + c.len_utf8() <= MAX_ENCODED_BYTES => word.push(c),
            _ => words.push(c.into()),
        }
    }
    let encoded = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(word)));
    encoded.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Option<String> {
        Mailbox::parse(text).map(|mailbox| mailbox.header())
    }

    #[test]
    fn names_are_quoted_or_encoded() {
        for (text, expected) in [
            ("a@example.com", "a@example.com"),
            ("<a@example.com>", "a@example.com"),
            ("Example <a@example.com>", "\"Example\" <a@example.com>"),
            ("\"Example\" <a@example.com>", "\"Example\" <a@example.com>"),
            (
                "Example, Inc. <a@example.com>",
                "\"Example, Inc.\" <a@example.com>",
            ),
            (
                "x@y.example, Evil <a@example.com>",
                "\"x@y.example, Evil\" <a@example.com>",
            ),
            (
                "B\u{fc}cher <a@example.com>",
                "=?UTF-8?B?QsO8Y2hlcg==?= <a@example.com>",
            ),
        ] {
            assert_eq!(header(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn long_names_are_split_between_characters() {
        let text = format!("{} <a@example.com>", "\u{65e5}".repeat(40));
        let header = header(&text).expect("a good mailbox");
        let words: Vec<_> = header
            .split(' ')
            .filter(|word| word.starts_with("=?"))
            .collect();
        assert_eq!(words.len(), 3);
        assert!(words.iter().all(|word| word.len() <= 75));
    }

    #[test]
    fn what_could_break_a_header_is_refused() {
        for text in [
            "",
            "Example",
            "Example <>",
            "Example <a@example.com",
            "a\r\nBcc: b <a@example.com>",
            "A \" B <a@example.com>",
            "A <b@example.com> <a@example.com>",
            "A\\ <a@example.com>",
        ] {
            assert_eq!(header(text), None, "{text}");
        }
    }
}
