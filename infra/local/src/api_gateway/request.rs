use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::{Clock, SystemClock};

/// The header that sets the client's address here; no deployment knows it, and it is not passed on.
pub const SOURCE_IP_HEADER: &str = "x-local-source-ip";

/// The largest body that API Gateway takes, in bytes.
pub(super) const MAX_BODY: usize = 10 * 1024 * 1024;

/// A request as it reaches the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRequest {
    pub method: String,
    /// The path and the query, both still encoded.
    pub target: String,
    /// The headers in order, names in any case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The client's address.
    pub source_ip: String,
    /// What the event's `requestContext.requestId` will be.
    pub request_id: String,
    /// When it came, in milliseconds since the epoch.
    pub time_ms: u64,
}

impl ApiRequest {
    /// A request of now, without headers and body, from 127.0.0.1, with an id of its own.
    pub fn new(method: &str, target: &str) -> Self {
        let time_ms = now_ms();
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            source_ip: "127.0.0.1".to_owned(),
            request_id: next_id(time_ms),
            time_ms,
        }
    }

    /// The request with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The request with a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The request with a JSON body and its content type.
    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// The request from another client.
    #[must_use]
    pub fn source_ip(mut self, address: &str) -> Self {
        address.clone_into(&mut self.source_ip);
        self
    }

    /// The values of all headers called `name`, in any case.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the clock gives a number that is not negative and has few digits"
)]
fn now_ms() -> u64 {
    (SystemClock.now_unix_secs_f64() * 1000.0) as u64
}

/// An id that no other request of this process has, nor of one that started in another millisecond.
fn next_id(time_ms: u64) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{time_ms:x}-{number:06x}=")
}
