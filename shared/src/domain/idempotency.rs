use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{NewPassword, SecretHash};

/// The name that a caller gives to one confirmation, so that it may be repeated when its answer was
/// lost: the `Idempotency-Key` of draft-ietf-httpapi-idempotency-key-header.
///
/// It should be random. Together with a code it is what keeps a reader of the table from testing
/// passwords.
#[derive(Clone)]
pub struct IdempotencyKey(Zeroizing<String>);

impl IdempotencyKey {
    /// Bytes of a key that is drawn here; 128 bits cannot be guessed.
    pub const BYTES: usize = 16;
    /// Fewest characters: as many of base64url hold 128 bits.
    const MIN_CHARS: usize = 22;
    const MAX_CHARS: usize = 128;

    /// The key with this text. `None` when it has another length than 22 to 128, or holds anything
    /// but visible characters of ASCII.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (Self::MIN_CHARS..=Self::MAX_CHARS).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    pub fn from_random(bytes: [u8; Self::BYTES]) -> Self {
        Self(Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a confirmation is known again by: an HMAC-SHA256 over the password, keyed by the secret that
/// proves it together with its [`IdempotencyKey`].
///
/// Neither of the two is stored, so that it lets nobody test a password.
#[derive(Debug, Clone, Copy)]
pub struct ChangeTag(SecretHash);

impl ChangeTag {
    /// The tag of a change of the password by a secret of this kind. Secrets of one kind have one
    /// length.
    pub(super) fn new(
        kind: &str,
        secret: &[u8],
        key: &IdempotencyKey,
        password: &NewPassword,
    ) -> Self {
        let parts = [kind.as_bytes(), b"\0", secret, key.as_str().as_bytes()];
        let key = Zeroizing::new(parts.concat());
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
            unreachable!("HMAC takes keys of every length");
        };
        mac.update(password.as_bytes());
        Self(SecretHash::from_bytes(mac.finalize().into_bytes().into()))
    }

    /// The tag in the form of an encoded hash.
    pub const fn as_hash(&self) -> &SecretHash {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LinkSecret, LinkToken, Locator, ShortCode};

    fn key(text: &str) -> IdempotencyKey {
        IdempotencyKey::parse(text).expect(text)
    }

    #[test]
    fn a_key_has_22_to_128_visible_characters() {
        for good in [
            &"k".repeat(22),
            &"~".repeat(128),
            "\"8e03978e-40d5-43e8-bc93-6894a57f9324\"",
        ] {
            assert!(IdempotencyKey::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            &"k".repeat(21),
            &"k".repeat(129),
            &format!("{} {}", "k".repeat(20), "k".repeat(20)),
            &format!("{}\u{e9}", "k".repeat(30)),
            &format!("{}\n", "k".repeat(30)),
        ] {
            assert!(IdempotencyKey::parse(bad).is_none(), "{bad}");
        }
        let drawn = IdempotencyKey::from_random([255; IdempotencyKey::BYTES]);
        assert!(IdempotencyKey::parse(drawn.as_str()).is_some());
    }

    #[test]
    fn a_tag_depends_on_the_secret_the_key_and_the_password_in_normal_form() {
        let (one, other) = (key(&"k".repeat(22)), key(&"k".repeat(23)));
        let password = NewPassword::new("caf\u{e9} at the corner");
        let link = |byte| {
            let secret = LinkSecret::from_bytes([byte; LinkSecret::BYTES]);
            LinkToken::new(Locator::from_bytes([1; Locator::BYTES]), secret)
        };
        let tag = link(1).change_tag(&one, &password);
        let decomposed = NewPassword::new("cafe\u{301} at the corner");
        let same = link(1).change_tag(&one, &decomposed);
        assert_eq!(tag.as_hash(), same.as_hash());
        let code = ShortCode::from_random([1; 8]);
        for other in [
            link(2).change_tag(&one, &password),
            link(1).change_tag(&other, &password),
            link(1).change_tag(&one, &NewPassword::new("cafe at the corner")),
            code.change_tag(&one, &password),
        ] {
            assert_ne!(tag.as_hash(), other.as_hash());
        }
        let by_code = code.change_tag(&one, &password);
        let other = ShortCode::from_random([2; 8]).change_tag(&one, &password);
        assert_ne!(by_code.as_hash(), other.as_hash());
    }
}
