use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::pasted::is_invisible;

/// Longest address that SMTP can carry, in octets (RFC 5321, section 4.5.3.1.3, less the brackets).
const MAX_OCTETS: usize = 254;
/// Longest local part, in octets (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_OCTETS: usize = 64;
/// Printable ASCII that an unquoted local part may hold besides letters and digits (RFC 5322, `atext`).
const ATEXT_SYMBOLS: &str = "!#$%&'*+-/=?^_`{|}~";

/// A mail address that SES can send to: an unquoted ASCII local part and a domain of at least two labels.
///
/// It keeps what was typed, without white space and invisible characters around it, beside the
/// normalised form (NFC, lower case, IDN domain in ASCII). Limits and storage keys use the normalised form, so that spelling the same address
/// differently buys nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress {
    typed: String,
    normalised: String,
}

/// What was submitted is no address that mail could be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address that this service can send to")]
pub struct InvalidEmailAddress;

impl EmailAddress {
    /// Parses what a person typed.
    ///
    /// # Errors
    ///
    /// [`InvalidEmailAddress`] when mail could not be sent to it. That includes local parts outside
    /// ASCII (SES has no SMTPUTF8) and domains whose characters merely look like, or fold to, other
    /// ones: an address must never stand for another one (CVE-2019-19844, CVE-2024-27295).
    pub fn parse(input: &str) -> Result<Self, InvalidEmailAddress> {
        let typed = input.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
        if typed.len() > MAX_OCTETS * 2 {
            return Err(InvalidEmailAddress);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(InvalidEmailAddress)?;
        check_local(local)?;
        let domain = normalise_domain(domain)?;
        let normalised = format!("{}@{domain}", local.to_ascii_lowercase());
        if normalised.len() > MAX_OCTETS {
            return Err(InvalidEmailAddress);
        }
        Ok(Self {
            typed: typed.to_owned(),
            normalised,
        })
    }

    /// The address as it was typed, without white space and invisible characters around it.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The normalised address: what limits and storage keys are made of.
    pub fn normalised(&self) -> &str {
        &self.normalised
    }

    /// The spellings under which the address may be stored, the likeliest first: as it was typed,
    /// with its domain in lower case and ASCII, and all of it so; then the last two with a domain that
    /// is none in ASCII as people write it.
    pub fn spellings(&self) -> Vec<String> {
        let mut spellings = vec![
            self.typed.clone(),
            self.with_normalised_domain(),
            self.normalised.clone(),
        ];
        for index in [1, 2] {
            let (local, domain) = spellings[index].rsplit_once('@').unwrap_or_default();
            let (unicode, decoded) = idna::domain_to_unicode(domain);
            if decoded.is_ok() && unicode != domain {
                spellings.push(format!("{local}@{unicode}"));
            }
        }
        let mut seen = HashSet::new();
        spellings.retain(|spelling| seen.insert(spelling.clone()));
        spellings
    }

    /// The address as mail can be sent to it: as it was typed, but with a domain outside ASCII in
    /// its ASCII form, because SES takes no other.
    pub fn mailable(&self) -> String {
        if self.typed.is_ascii() {
            self.typed.clone()
        } else {
            self.with_normalised_domain()
        }
    }

    fn with_normalised_domain(&self) -> String {
        let local = self.typed.rsplit_once('@').map(|(local, _)| local);
        let domain = self.normalised.rsplit_once('@').map(|(_, domain)| domain);
        match (local, domain) {
            (Some(local), Some(domain)) => format!("{local}@{domain}"),
            _ => self.normalised.clone(),
        }
    }

    /// Whether `stored`, an address from the users table, is this address.
    #[must_use]
    pub fn matches(&self, stored: &str) -> bool {
        stored == self.typed
            || Self::parse(stored).is_ok_and(|stored| stored.normalised == self.normalised)
    }
}

fn check_local(local: &str) -> Result<(), InvalidEmailAddress> {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ATEXT_SYMBOLS.contains(c))
    };
    if local.len() <= MAX_LOCAL_OCTETS && local.split('.').all(is_atom) {
        Ok(())
    } else {
        Err(InvalidEmailAddress)
    }
}

/// Brings a domain into its ASCII form, refusing whatever the mapping of UTS 46 would change but
/// for its case. That mapping lowers each character by itself: a language's rules would make another
/// domain of a capital sigma at the end of a word.
fn normalise_domain(domain: &str) -> Result<String, InvalidEmailAddress> {
    let composed: String = domain.nfc().collect();
    let ascii = idna::domain_to_ascii_strict(&composed).map_err(|_| InvalidEmailAddress)?;
    let (unicode, decoded) = idna::domain_to_unicode(&ascii);
    let survives = decoded.is_ok()
        && (lower(&unicode).eq(lower(&composed)) || ascii == composed.to_ascii_lowercase());
    let folds_to_ascii = domain
        .chars()
        .filter(|c| !c.is_ascii())
        .any(turns_into_ascii);
    let labels_fit = ascii.split('.').count() >= 2 && ascii.split('.').all(|l| !l.is_empty());
    let ends_in_letters = ascii
        .rsplit('.')
        .next()
        .is_some_and(|tld| tld.starts_with(|c: char| c.is_ascii_alphabetic()));
    if survives && labels_fit && ends_in_letters && !folds_to_ascii {
        Ok(ascii)
    } else {
        Err(InvalidEmailAddress)
    }
}

/// The characters in lower case, each by itself.
fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// Whether a letter becomes an ASCII one when it is folded, as the Kelvin sign becomes a k.
fn turns_into_ascii(c: char) -> bool {
    std::iter::once(c)
        .nfc()
        .flat_map(char::to_lowercase)
        .any(|c| c.is_ascii())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normalised(input: &str) -> Option<String> {
        EmailAddress::parse(input).ok().map(|e| e.normalised)
    }

    #[test]
    fn spelling_the_same_address_differently_gives_one_normalised_form() {
        for input in [
            "demo@example.com",
            " Demo@EXAMPLE.com\t",
            "DEMO@example.COM",
        ] {
            assert_eq!(normalised(input).as_deref(), Some("demo@example.com"));
        }
    }

    #[test]
    fn a_domain_outside_ascii_is_kept_in_its_ascii_form() {
        let ascii = "xn--bcher-kva.example";
        // Composed, with a combining accent, and already in ASCII.
        for domain in ["b\u{fc}cher.example", "bu\u{308}cher.example", ascii] {
            let normalised = normalised(&format!("jo@{domain}"));
            assert_eq!(normalised, Some(format!("jo@{ascii}")));
        }
    }

    #[test]
    fn the_case_of_a_domain_is_lowered_by_uts_46() {
        for (capitals, small) in [
            ("\u{391}\u{3a3}-x.com", "\u{3b1}\u{3c3}-x.com"), // a sigma at the end of a word
            (
                "x.\u{39f}\u{394}\u{39f}\u{3a3}.gr",
                "x.\u{3bf}\u{3b4}\u{3bf}\u{3c3}.gr",
            ),
            ("stra\u{1e9e}e.example", "stra\u{df}e.example"),
            ("B\u{dc}CHER.Example", "b\u{fc}cher.example"),
            ("\u{41f}\u{420}.example", "\u{43f}\u{440}.example"),
            ("\u{ab70}\u{ab71}.example", "\u{13a0}\u{13a1}.example"), // Cherokee
        ] {
            let [capitals, small] =
                [capitals, small].map(|domain| normalised(&format!("jo@{domain}")));
            assert!(capitals.is_some(), "{small:?}");
            assert_eq!(capitals, small);
        }
        // A final sigma and a sharp s are letters of their own.
        for (one, other) in [
            ("\u{3b1}\u{3c2}-x.com", "\u{3b1}\u{3c3}-x.com"),
            ("stra\u{df}e.de", "strasse.de"),
        ] {
            assert_ne!(
                normalised(&format!("jo@{one}")),
                normalised(&format!("jo@{other}"))
            );
        }
    }

    #[test]
    fn invisible_characters_around_an_address_go_and_inside_it_are_refused() {
        for c in [
            '\u{200b}', '\u{feff}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2060}',
            '\u{a0}',
        ] {
            let around = format!("{c} {c}demo@example.com{c}\u{200b} ");
            assert_eq!(
                normalised(&around).as_deref(),
                Some("demo@example.com"),
                "{c:?}"
            );
            for inside in [
                format!("de{c}mo@example.com"),
                format!("demo@exam{c}ple.com"),
                format!("demo{c}@example.com"),
            ] {
                assert_eq!(normalised(&inside), None, "{c:?}");
            }
        }
    }

    #[test]
    fn an_address_may_be_stored_as_typed_with_a_small_domain_or_all_small() {
        let email = EmailAddress::parse("Jo@Example.COM").expect("a good address");
        let spellings = ["Jo@Example.COM", "Jo@example.com", "jo@example.com"];
        assert_eq!(email.spellings(), spellings);
        let email = EmailAddress::parse("jo@example.com").expect("a good address");
        assert_eq!(email.spellings(), ["jo@example.com"]);
        let email = EmailAddress::parse("jo@B\u{dc}CHER.example").expect("a good address");
        let spellings = [
            "jo@B\u{dc}CHER.example",
            "jo@xn--bcher-kva.example",
            "jo@b\u{fc}cher.example",
        ];
        assert_eq!(email.spellings(), spellings);
    }

    #[test]
    fn look_alikes_never_fold_to_another_address() {
        for input in [
            "\u{212a}ate@example.com",  // Kelvin sign for k
            "m\u{131}ke@example.com",   // dotless i
            "demo@\u{ff45}xample.com",  // full-width e
            "demo@example\u{3002}com",  // ideographic full stop
            "demo@\u{212a}example.com", // Kelvin sign in the domain
            "demo@exam\u{ad}ple.com",   // soft hyphen, which UTS 46 drops
            "d\u{e9}mo@example.com",
            "a@b\u{fc}\u{212a}er.example",
        ] {
            assert_eq!(normalised(input), None, "{input}");
        }
    }

    #[test]
    fn mail_goes_to_an_ascii_domain_and_a_local_part_as_typed() {
        let email = EmailAddress::parse("Jo@B\u{fc}cher.example").expect("a good address");
        assert_eq!(email.mailable(), "Jo@xn--bcher-kva.example");
    }

    #[test]
    fn what_mail_cannot_be_sent_to_is_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long = format!("a@{}example.com", "a.".repeat(125));
        for input in [
            "",
            " ",
            "@",
            "a@",
            "@b.example",
            "a b@example.com",
            "a@b",
            "a@b..example",
            ".a@example.com",
            "a.@example.com",
            "a..b@example.com",
            "a@-b.example",
            "a@example.com\r\nBcc: x@evil.example",
            "a@example.com,b@evil.example",
            "\"a b\"@example.com",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@example.com.",
            "a@b@c@",
            "<a@example.com>",
            "a@exa mple.com",
            "a\0@example.com",
            &long_local,
            &long,
        ] {
            assert_eq!(normalised(input), None, "{input}");
        }
    }

    #[test]
    fn the_longest_address_has_254_octets() {
        let (local, label) = ("l".repeat(64), "d".repeat(63));
        let address = |rest: usize| format!("{local}@{label}.{label}.{}.com", "d".repeat(rest));
        assert_eq!(address(57).len(), 254);
        assert_eq!(normalised(&address(57)), Some(address(57)));
        assert_eq!(normalised(&address(58)), None);
    }

    proptest! {
        #[test]
        fn any_text_parses_or_is_refused_and_normalising_is_stable(input in "\\PC{0,80}") {
            if let Ok(email) = EmailAddress::parse(&input) {
                let again = EmailAddress::parse(email.normalised()).expect("normalised is good");
                prop_assert_eq!(again.normalised(), email.normalised());
                prop_assert!(email.normalised().is_ascii());
                prop_assert!(!email.normalised().contains(char::is_whitespace));
            }
        }
    }
}
