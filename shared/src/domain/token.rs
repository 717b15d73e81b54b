use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{ChangeTag, IdempotencyKey, Locator, NewPassword};

/// Marks a link token, so that secret scanners and people who grep can tell one (`fpr` for
/// "forgot password reset").
const PREFIX: &str = "fpr_";
const TOKEN_BYTES: usize = Locator::BYTES + LinkSecret::BYTES;
/// Length of what follows the prefix, in characters of base64url.
const ENCODED_CHARS: usize = TOKEN_BYTES / 3 * 4;

/// The secret half of a link token: 32 random bytes, wiped from memory when dropped.
#[derive(Clone)]
pub struct LinkSecret(Zeroizing<[u8; Self::BYTES]>);

impl LinkSecret {
    /// Length in bytes; 256 bits are far beyond the 112 that would call for a slow hash
    /// (ASVS 6.5.2).
    pub const BYTES: usize = 32;

    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The secret of a new link. Its token ends in a letter or digit: mail programs leave a last `-`
    /// or `_` out of the links that they find in plain text.
    pub fn from_random(mut bytes: [u8; Self::BYTES]) -> Self {
        // The last six bits are the token's last character; base64url writes 62 as `-`, 63 as `_`.
        if bytes[Self::BYTES - 1] & 0x3f >= 62 {
            bytes[Self::BYTES - 1] &= !0x20;
        }
        Self::from_bytes(bytes)
    }

    /// The SHA-256 of the secret: the only form in which it is stored.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(*self.0).into())
    }
}

/// The SHA-256 of a [`LinkSecret`].
#[derive(Debug, Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    pub(super) const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash in base64url without padding: 43 characters.
    pub fn encoded(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The hash whose encoded form is `text`, if it is one.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

/// Compares in constant time.
impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

/// What a mailed link carries: a prefix, then base64url of the locator and the secret.
///
/// The locator makes one strongly consistent read enough to find the item.
#[derive(Debug, Clone)]
pub struct LinkToken {
    locator: Locator,
    secret: LinkSecret,
}

impl LinkToken {
    /// The token that finds `locator` and proves itself with `secret`.
    pub const fn new(locator: Locator, secret: LinkSecret) -> Self {
        Self { locator, secret }
    }

    /// Finds the token in a text that people or mail programs may have put something around: white
    /// space, the rest of the link, punctuation. `None` when there is nothing of the shape of one, which
    /// callers answer as they answer an unknown token.
    pub fn parse(text: &str) -> Option<Self> {
        let is_encoded = |c: &char| c.is_ascii_alphanumeric() || "-_".contains(*c);
        let mut candidates = text.match_indices(PREFIX).filter_map(|(at, prefix)| {
            let rest = &text[at + prefix.len()..];
            let length = rest.chars().take_while(is_encoded).count();
            let (encoded, after) = rest[..length].split_at_checked(ENCODED_CHARS)?;
            // No token ends with one of these, but a sentence may go on with it.
            after.trim_matches(['-', '_']).is_empty().then_some(encoded)
        });
        let encoded = candidates.next()?;
        let mut bytes = Zeroizing::new([0_u8; TOKEN_BYTES]);
        let decoded = BASE64_URL_SAFE_NO_PAD.decode_slice(encoded, bytes.as_mut_slice());
        decoded.ok()?;
        let (locator, secret) = bytes.split_first_chunk()?;
        let secret = LinkSecret::from_bytes(secret.try_into().ok()?);
        Some(Self::new(Locator::from_bytes(*locator), secret))
    }

    pub const fn locator(&self) -> Locator {
        self.locator
    }

    /// The hash to look for in that item.
    pub fn secret_hash(&self) -> SecretHash {
        self.secret.hash()
    }

    /// The tag by which a change of the password with this link is recognised.
    pub fn change_tag(&self, key: &IdempotencyKey, password: &NewPassword) -> ChangeTag {
        ChangeTag::new("link", &*self.secret.0, key, password)
    }

    /// The token as it stands in a link: 68 characters, safe in a URL. It is a secret.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0_u8; TOKEN_BYTES]);
        bytes[..Locator::BYTES].copy_from_slice(self.locator.as_bytes());
        bytes[Locator::BYTES..].copy_from_slice(&*self.secret.0);
        Zeroizing::new(format!(
            "{PREFIX}{}",
            BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice())
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token() -> LinkToken {
        LinkToken::new(
            Locator::from_bytes([1; Locator::BYTES]),
            LinkSecret::from_bytes([2; LinkSecret::BYTES]),
        )
    }

    #[test]
    fn survives_the_way_into_a_link_and_back() {
        let text = token().expose();
        assert_eq!(text.len(), 68);
        let back = LinkToken::parse(&text).expect("a good token");
        assert_eq!(back.locator(), token().locator());
        assert_eq!(back.secret_hash(), token().secret_hash());
    }

    #[test]
    fn other_shapes_are_refused() {
        let good = token().expose();
        for text in [
            "",
            "fpr_",
            &good[4..],
            &good[..67],
            &format!("{}A", *good),
            &good.replace("fpr_", "FPR_"),
        ] {
            assert!(LinkToken::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn it_is_found_among_what_came_along() {
        let good = token().expose();
        for text in [
            format!(" {}\n", *good),
            format!("https://a.example/auth/forgot-password/{}?app=main", *good),
            format!("<https://a.example/reset?token={}>", *good),
            format!("{}.", *good),
            format!("{})", *good),
            format!("{}%3E", *good),
            format!("{}=", *good),
            format!("{}-", *good),
            format!("{}__", *good),
            format!("{}-.", *good),
            format!("{}_*", *good),
            format!("_{}_", *good),
            format!("fpr_ is how it begins: {}", *good),
        ] {
            let found = LinkToken::parse(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.secret_hash(), token().secret_hash(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_new_token_ends_in_a_letter_or_digit(bytes in any::<[u8; 32]>(), last in 0xc0..=0xff_u8) {
            let mut bytes = bytes;
            bytes[31] = last;
            let secret = LinkSecret::from_random(bytes);
            // One in 32 loses one bit, and no other loses any.
            let lost = if last & 0x3f >= 62 { 0x20 } else { 0 };
            prop_assert_eq!((&secret.0[..31], secret.0[31]), (&bytes[..31], last - lost));
            let token = LinkToken::new(Locator::from_bytes([1; Locator::BYTES]), secret).expose();
            prop_assert!(token.ends_with(|c: char| c.is_ascii_alphanumeric()), "{}", *token);
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "\\PC{0,100}") {
            let _ = LinkToken::parse(&text);
            let _ = LinkToken::parse(&format!("fpr_{text}"));
        }
    }
}
