use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::{AppId, EmailAddress};

/// Where everything about one address of one app is stored: the first 16 bytes of
/// SHA-256(app, 0, normalised address).
///
/// It needs no secret: it is a storage key, never an authorisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Locator([u8; Self::BYTES]);

impl Locator {
    pub const BYTES: usize = 16;

    pub fn new(app: &AppId, email: &EmailAddress) -> Self {
        let digest = Sha256::new()
            .chain_update(app.as_str())
            .chain_update([0])
            .chain_update(email.normalised())
            .finalize();
        let mut bytes = [0; Self::BYTES];
        bytes.copy_from_slice(&digest[..Self::BYTES]);
        Self(bytes)
    }

    /// The locator with these bytes, as a link token carries them.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    /// The locator in base64url without padding: 22 characters.
    pub fn encoded(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The locator whose encoded form is `text`, if it is one.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locator(app: &str, email: &str) -> Locator {
        Locator::new(
            &AppId::new(app).expect("a good id"),
            &EmailAddress::parse(email).expect("a good address"),
        )
    }

    #[test]
    fn differs_by_app_and_by_address_but_not_by_spelling() {
        let one = locator("main", "demo@example.com");
        assert_eq!(one, locator("main", "DEMO@Example.com "));
        assert_ne!(one, locator("other", "demo@example.com"));
        assert_ne!(one, locator("main", "demo2@example.com"));
    }

    #[test]
    fn survives_encoding() {
        let one = locator("main", "demo@example.com");
        assert_eq!(one.encoded().len(), 22);
        assert_eq!(Locator::decode(&one.encoded()), Some(one));
        assert_eq!(Locator::decode("short"), None);
    }
}
