use std::fmt;
use std::net::IpAddr;

use lambda_http::http::HeaderMap;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What the edge shows of itself. `CloudFront` overwrites what a client sends under this name.
const SECRET_HEADER: &str = "x-origin-secret";
/// Where the edge says whose request it is: the client's address, a colon and its port. `CloudFront`
/// writes this one itself too.
const VIEWER_HEADER: &str = "cloudfront-viewer-address";

/// A layer in front of the API whose word on the client's address is believed, as `infra/edge.yaml`
/// sets one up.
#[derive(Clone, PartialEq, Eq)]
pub struct Edge {
    /// SHA-256 of the secret; `None` where there is no edge.
    secret: Option<[u8; 32]>,
    required: bool,
}

impl Edge {
    /// No edge: no header can be trusted.
    pub const fn off() -> Self {
        Self {
            secret: None,
            required: false,
        }
    }

    /// An edge that requests may come through, and need not.
    pub fn optional(secret: &str) -> Self {
        Self {
            secret: Some(digest(secret.as_bytes())),
            required: false,
        }
    }

    /// An edge that every request has to come through.
    pub fn required(secret: &str) -> Self {
        Self {
            required: true,
            ..Self::optional(secret)
        }
    }

    /// The source of a request, if it is to be answered: `peer` is the client of API Gateway.
    #[must_use]
    pub(super) fn source(&self, headers: &HeaderMap, peer: IpAddr) -> Option<IpAddr> {
        let Some(secret) = &self.secret else {
            return Some(peer);
        };
        let shown = headers.get(SECRET_HEADER);
        let shown = digest(shown.map_or(b"", |value| value.as_bytes()));
        if bool::from(shown.ct_eq(secret)) {
            Some(viewer(headers).unwrap_or(peer))
        } else {
            (!self.required).then_some(peer)
        }
    }
}

/// Shows nothing of the secret.
impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edge")
            .field("on", &self.secret.is_some())
            .field("required", &self.required)
            .finish()
    }
}

/// Digests are compared, so that neither content nor length of the secret shows in the time.
fn digest(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The address in front of the last colon; one of IPv6 stands with or without brackets.
fn viewer(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get(VIEWER_HEADER)?.to_str().ok()?;
    let (address, _port) = value.rsplit_once(':')?;
    let address = address.strip_prefix('[').unwrap_or(address);
    address.strip_suffix(']').unwrap_or(address).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "the edge's own secret, long enough";
    const PEER: &str = "192.0.2.9";

    fn source(edge: &Edge, secret: Option<&str>, viewer: Option<&str>) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in [(SECRET_HEADER, secret), (VIEWER_HEADER, viewer)] {
            if let Some(value) = value {
                headers.insert(name, value.parse().expect("a good value"));
            }
        }
        let peer = PEER.parse().expect("an address");
        edge.source(&headers, peer).map(|ip| ip.to_string())
    }

    #[test]
    fn without_an_edge_no_header_is_believed() {
        let found = source(&Edge::off(), Some(""), Some("198.51.100.7:1"));
        assert_eq!(found.as_deref(), Some(PEER));
    }

    #[test]
    fn the_edge_is_believed_by_its_secret_alone() {
        let viewer = Some("198.51.100.7:46532");
        for edge in [Edge::optional(SECRET), Edge::required(SECRET)] {
            let found = source(&edge, Some(SECRET), viewer);
            assert_eq!(found.as_deref(), Some("198.51.100.7"));
            for wrong in [None, Some(""), Some("the edge's own secret"), Some("x")] {
                let expected = (edge == Edge::optional(SECRET)).then_some(PEER);
                assert_eq!(
                    source(&edge, wrong, viewer).as_deref(),
                    expected,
                    "{wrong:?}"
                );
            }
        }
    }

    #[test]
    fn every_form_of_an_address_is_read_and_nonsense_is_the_peer() {
        let edge = Edge::required(SECRET);
        for (viewer, expected) in [
            (Some("2001:db8::1:46532"), "2001:db8::1"),
            (Some("[2001:db8::1]:46532"), "2001:db8::1"),
            (Some("198.51.100.7"), PEER),
            (Some("198.51.100.7, 203.0.113.1:80"), PEER),
            (Some(""), PEER),
            (None, PEER),
        ] {
            let found = source(&edge, Some(SECRET), viewer);
            assert_eq!(found.as_deref(), Some(expected), "{viewer:?}");
        }
    }

    #[test]
    fn the_secret_shows_nowhere() {
        let shown = format!("{:?}", Edge::required(SECRET));
        assert_eq!(shown, "Edge { on: true, required: true }");
    }
}
