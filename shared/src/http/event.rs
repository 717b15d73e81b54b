//! Between Lambda's events and HTTP's types.

use std::fmt::Write as _;

use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lambda_http::request::LambdaRequest;
use lambda_http::{Body, Request, Response};

/// Longest path and longest query that are looked at, in bytes. API Gateway takes about 10 KB of
/// both and the headers together.
const MAX_TARGET_BYTES: usize = 8 * 1024;

/// Headers that `lambda_http` would build a URL from. Nothing here believes them.
const UNTRUSTED_HEADERS: [&str; 2] = ["host", "x-forwarded-proto"];

/// The name under which API Gateway was called, as it knows itself.
#[derive(Debug, Clone)]
pub(super) struct ApiHost(pub(super) String);

/// The HTTP request in an event.
///
/// `lambda_http` panics on a host, a path or a query that are no part of a URL, and on a body that
/// is said to be base64 and is not. Callers choose the first three, and may reach the last by an error
/// in API Gateway. So all four are made harmless here.
pub(super) fn request(mut event: ApiGatewayV2httpRequest) -> Request {
    for header in UNTRUSTED_HEADERS {
        event.headers.remove(header);
    }
    let host = event.request_context.domain_name.take();
    let path = event.raw_path.unwrap_or_default();
    let fits = path.starts_with('/') && path.len() <= MAX_TARGET_BYTES;
    // Nothing is found there.
    event.raw_path = Some(if fits { path } else { "/".to_owned() });
    event.raw_query_string = event
        .raw_query_string
        .filter(|query| query.len() <= MAX_TARGET_BYTES)
        .map(|query| encoded_query(&query));
    let body = event.body.as_deref().unwrap_or_default();
    event.is_base64_encoded = event.is_base64_encoded && BASE64_STANDARD.decode(body).is_ok();
    let mut request: Request = LambdaRequest::ApiGatewayV2(event).into();
    if let Some(host) = host {
        request.extensions_mut().insert(ApiHost(host));
    }
    request
}

/// The query with everything encoded that no query may hold (RFC 3986, section 3.4).
fn encoded_query(query: &str) -> String {
    let mut encoded = String::with_capacity(query.len());
    for byte in query.bytes() {
        if byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The event that answers with this response.
pub(super) fn response(response: Response<Body>) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let mut event = ApiGatewayV2httpResponse::default();
    event.status_code = i64::from(parts.status.as_u16());
    event.headers = parts.headers;
    event.body = Some(body);
    event
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(path: &str, query: &str, host: &str) -> ApiGatewayV2httpRequest {
        let mut event = ApiGatewayV2httpRequest::default();
        event.raw_path = Some(path.to_owned());
        event.raw_query_string = Some(query.to_owned());
        if let Ok(host) = host.parse() {
            event.headers.insert("host", host);
        }
        event
    }

    #[test]
    fn a_query_is_passed_on_and_made_harmless() {
        let request = request(event("/a", "app=x&b=\"<\u{e9} \n", "example.com"));
        assert_eq!(request.uri().query(), Some("app=x&b=%22%3C%C3%A9%20%0A"));
    }

    #[test]
    fn what_is_too_long_is_not_looked_at() {
        let long = "a".repeat(70_000);
        let request = request(event(&format!("/{long}"), &long, &long));
        assert_eq!(request.uri(), "/");
    }

    #[test]
    fn a_body_that_is_not_the_base64_it_is_said_to_be_is_taken_as_it_stands() {
        for (body, expected) in [("eyJ9", "{\"}"), ("{\"a\":1}", "{\"a\":1}"), ("e", "e")] {
            let mut event = event("/a", "", "");
            event.body = Some(body.to_owned());
            event.is_base64_encoded = true;
            assert_eq!(&**request(event).body(), expected.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn no_path_query_or_host_makes_it_panic(
            path in "\\PC{0,60}",
            query in any::<String>(),
            host in "\\PC{0,30}",
        ) {
            let _ = request(event(&path, &query, &host));
            let _ = request(event(&format!("/{path}"), &query, &host));
        }
    }
}
