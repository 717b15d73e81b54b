use std::fmt;
use std::str::FromStr;

use aws_smithy_http_client::tls::TrustStore;

/// The roots of Amazon Trust Services, to which the certificates of AWS's endpoints lead: Amazon
/// Root CA 1 to 4 and Starfield Services Root Certificate Authority - G2.
const AMAZON_ROOTS: &str = include_str!("amazon-roots.pem");

/// Whose certificates are believed to be those of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrustedRoots {
    /// Those that lead to Amazon's own roots. Reading the system's, a hundred and more, was four
    /// fifths of a start.
    #[default]
    Amazon,
    /// Those that lead to a root in the system's store, which `SSL_CERT_FILE` can replace: for
    /// partitions or networks in which other authorities vouch for AWS.
    System,
}

impl TrustedRoots {
    pub(super) fn store(self) -> TrustStore {
        match self {
            Self::Amazon => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
            Self::System => TrustStore::default(),
        }
    }
}

impl FromStr for TrustedRoots {
    type Err = UnknownTrustedRoots;

    fn from_str(text: &str) -> Result<Self, UnknownTrustedRoots> {
        match text {
            "amazon" => Ok(Self::Amazon),
            "system" => Ok(Self::System),
            _ => Err(UnknownTrustedRoots),
        }
    }
}

/// The text names no roots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTrustedRoots;

impl fmt::Display for UnknownTrustedRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be amazon or system")
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// SHA-256 of each root, as Amazon Trust Services publishes them in its repository.
    const FINGERPRINTS: [&str; 5] = [
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    ];

    fn fingerprint(certificate: &str) -> String {
        let (body, _) = certificate
            .split_once("-----END CERTIFICATE-----")
            .expect("an end");
        let body: String = body.split_whitespace().collect();
        let certificate = BASE64_STANDARD.decode(body).expect("base64");
        let digest = Sha256::digest(&certificate);
        digest.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("strings take all");
            text
        })
    }

    #[test]
    fn the_roots_are_amazons_and_no_others() {
        let certificates = AMAZON_ROOTS.split("-----BEGIN CERTIFICATE-----").skip(1);
        let found: Vec<_> = certificates.map(fingerprint).collect();
        assert_eq!(found, FINGERPRINTS);
    }

    #[test]
    fn roots_are_named_by_one_word() {
        assert_eq!("system".parse(), Ok(TrustedRoots::System));
        assert_eq!("amazon".parse(), Ok(TrustedRoots::Amazon));
        assert_eq!("mozilla".parse::<TrustedRoots>(), Err(UnknownTrustedRoots));
    }
}
