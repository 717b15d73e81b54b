use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::EmailAddress;

/// Nine bytes, 72 bits: too many to collide in any log, and twelve characters to read.
const PSEUDONYM_BYTES: usize = 9;

/// A keyed hash that stands for an address or a source in logs and counters: the same one in every
/// line of a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pseudonym(
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Za-z0-9_-]{12}$")))] String,
);

impl Pseudonym {
    /// The pseudonym's text: 12 characters of base64url.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes pseudonyms with a key of the deployment's own.
///
/// A plain hash of an address or an IP is undone by guessing; a keyed one is not.
#[derive(Clone)]
pub struct Pseudonymizer {
    key: Zeroizing<Vec<u8>>,
}

impl Pseudonymizer {
    /// A pseudonymizer with this key, of any length.
    pub fn new(key: &str) -> Self {
        Self {
            key: Zeroizing::new(key.as_bytes().to_vec()),
        }
    }

    pub fn email(&self, email: &EmailAddress) -> Pseudonym {
        self.pseudonym("email", email.normalised().as_bytes())
    }

    /// The pseudonym of one source: an IPv4 address, or an IPv6 /64, which one customer owns.
    ///
    /// An IPv4 address in IPv6 notation is the IPv4 address.
    pub fn source(&self, ip: IpAddr) -> Pseudonym {
        match ip.to_canonical() {
            IpAddr::V4(ip) => self.pseudonym("source", &ip.octets()),
            IpAddr::V6(ip) => self.pseudonym("source", &ip.octets()[..8]),
        }
    }

    /// The pseudonym of the network that a source belongs to: an IPv6 /48; none for IPv4.
    pub fn source_group(&self, ip: IpAddr) -> Option<Pseudonym> {
        match ip.to_canonical() {
            IpAddr::V4(_) => None,
            IpAddr::V6(ip) => Some(self.pseudonym("group", &ip.octets()[..6])),
        }
    }

    /// A number that looks random without the key, and is the same for the same
    /// `value` of a kind.
    pub fn keyed_number(&self, kind: &str, value: i64) -> u16 {
        let digest = self.digest(kind, &value.to_be_bytes());
        u16::from_be_bytes([digest[0], digest[1]])
    }

    fn pseudonym(&self, kind: &str, value: &[u8]) -> Pseudonym {
        let digest = self.digest(kind, value);
        Pseudonym(BASE64_URL_SAFE_NO_PAD.encode(&digest[..PSEUDONYM_BYTES]))
    }

    fn digest(&self, kind: &str, value: &[u8]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            unreachable!("HMAC takes keys of every length");
        };
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(ip: &str) -> Pseudonym {
        Pseudonymizer::new("key").source(ip.parse().expect("a good address"))
    }

    fn group(ip: &str) -> Option<Pseudonym> {
        Pseudonymizer::new("key").source_group(ip.parse().expect("a good address"))
    }

    #[test]
    fn ipv6_is_told_apart_by_64_and_grouped_by_48() {
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::9"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_eq!(group("2001:db8:1:2::1"), group("2001:db8:1:3::1"));
        assert_ne!(group("2001:db8:1:2::1"), group("2001:db8:2:2::1"));
    }

    #[test]
    fn a_number_depends_on_key_kind_and_value() {
        let of = |key, kind, value| Pseudonymizer::new(key).keyed_number(kind, value);
        let number = of("key", "window", 1);
        assert_eq!(number, of("key", "window", 1));
        for other in [
            of("yek", "window", 1),
            of("key", "wodniw", 1),
            of("key", "window", 2),
        ] {
            assert_ne!(number, other);
        }
    }

    #[test]
    fn ipv4_is_told_apart_by_address_in_either_notation() {
        assert_eq!(source("192.0.2.1"), source("::ffff:192.0.2.1"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
        assert_eq!(group("192.0.2.1"), None);
    }

    #[test]
    fn another_key_gives_other_pseudonyms() {
        let ip = "192.0.2.1".parse().expect("a good address");
        assert_ne!(
            Pseudonymizer::new("one").source(ip),
            Pseudonymizer::new("two").source(ip)
        );
        assert_eq!(Pseudonymizer::new("one").source(ip).as_str().len(), 12);
    }
}
