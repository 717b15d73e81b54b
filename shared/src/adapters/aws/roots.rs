use aws_smithy_http_client::tls::TrustStore;
use serde::Deserialize;

/// The roots of Amazon Trust Services, to which the certificates of AWS's endpoints lead: Amazon
/// Root CA 1 to 4 and Starfield Services Root Certificate Authority - G2.
const AMAZON_ROOTS: &str = include_str!("amazon-roots.pem");

/// Whose certificates are believed to be those of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "lowercase")]
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
    /// These, in this Region. Amazon's own roots vouch for the commercial partition alone, whose
    /// Regions have names of three parts, such as `eu-central-1`; others have more, or are China's.
    #[must_use]
    pub fn in_region(self, region: Option<&str>) -> Self {
        let commercial =
            |region: &str| region.split('-').count() == 3 && !region.starts_with("cn-");
        if region.is_none_or(commercial) {
            self
        } else {
            Self::System
        }
    }

    pub(super) fn store(self) -> TrustStore {
        match self {
            Self::Amazon => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
            Self::System => TrustStore::default(),
        }
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
    fn other_partitions_use_system_roots() {
        for (region, roots) in [
            (None, TrustedRoots::Amazon),
            (Some("eu-central-1"), TrustedRoots::Amazon),
            (Some("ap-southeast-7"), TrustedRoots::Amazon),
            (Some("cn-north-1"), TrustedRoots::System),
            (Some("us-gov-west-1"), TrustedRoots::System),
            (Some("eusc-de-east-1"), TrustedRoots::System),
            (Some("us-isob-east-1"), TrustedRoots::System),
        ] {
            assert_eq!(TrustedRoots::Amazon.in_region(region), roots, "{region:?}");
            assert_eq!(TrustedRoots::System.in_region(region), TrustedRoots::System);
        }
    }
}
