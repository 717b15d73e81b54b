use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::pasted::{is_dash, is_invisible};
use super::{ChangeTag, IdempotencyKey, NewPassword};

/// Crockford's base 32: no I, L, O, U, so that nothing is misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Longest text that is searched for a code, in bytes: a sentence around it.
const MAX_TEXT_BYTES: usize = 512;

/// A code that a person types: 8 characters of Crockford's base 32 (40 bits), wiped when dropped.
///
/// So short a secret is safe only with few tries and a slow hash at rest (ASVS 6.5.2).
#[derive(Clone)]
pub struct ShortCode(Zeroizing<String>);

impl ShortCode {
    pub const LENGTH: usize = 8;
    /// What a code looks like; no code that anybody gets is known to be this one.
    pub const EXAMPLE: &'static str = "7K3M-X9QT";

    /// The code made of these random bytes; the low five bits of each choose a character.
    pub fn from_random(bytes: [u8; Self::LENGTH]) -> Self {
        let text = bytes
            .iter()
            .map(|byte| char::from(ALPHABET[usize::from(byte & 0x1f)]))
            .collect();
        Self(Zeroizing::new(text))
    }

    /// Reads a code as a person types or pastes it: any case, I and L for 1 and O for 0, any white
    /// space, dashes, quotes and a full stop around and in it, full-width characters and Arabic
    /// digits, or one code in a sentence. `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let mut plain = Zeroizing::new(String::with_capacity(3 * text.len()));
        plain.extend(text.nfkc().filter(|c| !is_invisible(*c)).map(canonical));
        Self::of_plain(&plain).or_else(|| Self::in_sentence(&plain))
    }

    /// The code that the text is, but for what stands around and in it.
    fn of_plain(plain: &str) -> Option<Self> {
        let plain = plain.trim_matches(|c: char| !c.is_alphanumeric());
        let code: Zeroizing<String> = Zeroizing::new(
            plain
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '-')
                .map(symbol)
                .collect(),
        );
        let fits = code.len() == Self::LENGTH && code.bytes().all(|b| ALPHABET.contains(&b));
        fits.then_some(Self(code))
    }

    /// The one code in a text: the one word of two groups, or else the one word, clause or pair of
    /// words that is a code.
    fn in_sentence(plain: &str) -> Option<Self> {
        // Scripts without case put no space between a word of theirs and a code.
        let has_case = |c: char| c.is_lowercase() || c.is_uppercase();
        let is_break =
            move |c: char| !(has_case(c) || c.is_ascii_digit() || c.is_whitespace() || c == '-');
        let clauses = || plain.split(is_break);
        let parts = || {
            clauses()
                .chain(clauses().flat_map(str::split_whitespace))
                .map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()))
                // With two it is a date.
                .filter(|part| part.matches('-').count() < 2)
        };
        let grouped = |part: &&str| part.find('-') == Some(Self::LENGTH / 2);
        let only = |codes: Vec<Self>| {
            let mut codes = codes.into_iter();
            let first = codes.next()?;
            codes.all(|other| other.0 == first.0).then_some(first)
        };
        only(parts().filter(grouped).filter_map(Self::of_plain).collect()).or_else(|| {
            let mut codes: Vec<_> = parts().filter_map(Self::of_plain).collect();
            codes.extend(clauses().flat_map(Self::in_pairs));
            only(codes)
        })
    }

    /// The codes that two words side by side may be, among words of the same length.
    ///
    /// A word of a language has no digit, so the pair has one and no other group does.
    fn in_pairs(clause: &str) -> Vec<Self> {
        let words: Vec<_> = clause.split_whitespace().collect();
        let is_group = |word: &str| word.chars().count() == Self::LENGTH / 2;
        let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
        let with_digits = |words: &[&str]| {
            let groups = words.iter().filter(|word| is_group(word));
            groups.filter(|word| has_digit(word)).count()
        };
        let pairs = words.windows(2).filter(|pair| {
            let own = with_digits(pair);
            pair.iter().all(|word| is_group(word)) && own > 0 && own == with_digits(&words)
        });
        pairs
            .filter_map(|pair| Self::of_plain(&Zeroizing::new(pair.concat())))
            .collect()
    }

    /// The code as it is shown: XXXX-XXXX. It is a secret.
    pub fn expose(&self) -> Zeroizing<String> {
        let (head, tail) = self.0.split_at(Self::LENGTH / 2);
        Zeroizing::new(format!("{head}-{tail}"))
    }

    /// The bytes that are hashed: the eight characters, without the separator.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The tag by which a change of the password with this code is recognised.
    pub fn change_tag(&self, key: &IdempotencyKey, password: &NewPassword) -> ChangeTag {
        ChangeTag::new("code", self.as_bytes(), key, password)
    }
}

/// The character of the alphabet that a letter stands for.
const fn symbol(c: char) -> char {
    match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    }
}

fn canonical(c: char) -> char {
    match c {
        dash if is_dash(dash) => '-',
        // Arabic and Persian digits.
        digit @ '\u{660}'..='\u{669}' => ascii_digit(digit, '\u{660}'),
        digit @ '\u{6f0}'..='\u{6f9}' => ascii_digit(digit, '\u{6f0}'),
        other => other,
    }
}

fn ascii_digit(digit: char, zero: char) -> char {
    char::from_digit(u32::from(digit) - u32::from(zero), 10).unwrap_or(digit)
}

/// What the hashes of all codes of one record have in common: argon2id's cost and a random salt, as
/// a PHC string without a hash.
///
/// With one salt a try costs one slow hash, however many codes are alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSalt(String);

impl CodeSalt {
    pub const fn new(phc: String) -> Self {
        Self(phc)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The argon2id hash of a [`ShortCode`] under a [`CodeSalt`]: 43 characters of base64url.
#[derive(Clone)]
pub struct CodeHash(String);

impl CodeHash {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a stored hash is this one, in constant time.
    #[must_use]
    pub fn is(&self, stored: &str) -> bool {
        self.0.as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn is_found_in_the_longest_text_that_is_searched() {
        let text = |length: usize| format!("{} XRE1-1WE9", "x".repeat(length - 10));
        assert!(ShortCode::parse(&text(512)).is_some());
        assert!(ShortCode::parse(&text(513)).is_none());
    }

    #[test]
    fn is_shown_in_two_groups() {
        let code = ShortCode::from_random([0, 1, 2, 3, 10, 31, 32, 255]);
        assert_eq!(*code.expose(), "0123-AZ0Z");
    }

    #[test]
    fn people_may_type_it_carelessly() {
        for text in ["0123-ab1z", "0123AB1Z", " o1 23-ABLZ ", "OI23-ABIZ"] {
            let code = ShortCode::parse(text).expect(text);
            assert_eq!(code.as_bytes(), b"0123AB1Z", "{text}");
        }
    }

    #[test]
    fn people_may_paste_it_with_what_stood_around_it() {
        for text in [
            "XRE1-1WE9\n",
            "\r\n XRE1\u{a0}-\u{2009}1WE9\t",
            "XRE1\u{2013}1WE9",
            "XRE1\u{2212}1WE9",
            "XRE1\u{ad}-\u{200b}1WE9\u{feff}",
            "\u{ff38}\u{ff32}\u{ff25}\u{ff11}\u{ff0d}\u{ff11}\u{ff37}\u{ff25}\u{ff19}",
            "\"XRE1-1WE9\"",
            "\u{201c}XRE1-1WE9\u{201d}",
            "\u{ab}\u{a0}XRE1-1WE9\u{a0}\u{bb}",
            "XRE1-1WE9.",
            "(XRE1-1WE9)",
            "XRE\u{661}-\u{6f1}WE\u{669}",
            "Code: XRE1-1WE9",
            "Enter this code: xre1-1we9. It is valid for 10 minutes.",
            "password: XRE1-1WE9",
            "your code is XRE11WE9",
            "XRE1-1WE9\nXRE1-1WE9",
            "Code:XRE1-1WE9",
            "code=XRE1-1WE9",
            "Your code: XRE1 1WE9. It is valid for 10 minutes.",
            "Code XRE1-1WE9 (2026-11-26)",
            "Code XRE1 1WE9",
            "code xre1 1we9.",
            "My code is XRE1 1WE9 here",
            "Code XRE1 1WE9, valid for 10 minutes",
            "2026-11-26: your code is XRE11WE9",
            "XRE1\u{30fc}1WE9",
            "XRE1\u{301c}1WE9",
            "XRE1\u{ff5e}1WE9",
            "\u{30b3}\u{30fc}\u{30c9}\u{ff1a}XRE1-1WE9",
            "\u{30b3}\u{30fc}\u{30c9}\u{306f}XRE1-1WE9\u{3067}\u{3059}",
        ] {
            let code = ShortCode::parse(text).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!(code.as_bytes(), b"XRE11WE9", "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        let long = format!("{} XRE1-1WE9", "x".repeat(512));
        for text in [
            "",
            "0123",
            "0123-ABCDE",
            "0123-ABCU",
            "0123-AB\u{e9}",
            "XRE1-1WE9 or XRE1-1WE8",
            "XRE1-1WE9 or this: XRE1-1WE8",
            "XRE11WE9 or this: XRE1 1WE8",
            // Which of the three words is none of it?
            "Code XRE1 ABCD",
            "Code WXYZ ABCD",
            "XRE1 1WE9 1WE8",
            "XRE1 1WE9 is not 1WE8",
            "password XRE1 1WE9",
            "take that from here",
            &long,
        ] {
            assert!(ShortCode::parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(bytes in any::<[u8; 8]>()) {
            let code = ShortCode::from_random(bytes);
            let back = ShortCode::parse(&code.expose()).expect("a shown code is good");
            prop_assert_eq!(back.as_bytes(), code.as_bytes());
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "\\PC{0,40}") {
            let _ = ShortCode::parse(&text);
        }
    }
}
