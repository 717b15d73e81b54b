use lambda_http::http::{HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde_json::{Value, json};

use super::problem::Problem;
use super::views::SettingsView;
use crate::i18n::Translator;

/// Headers of every answer. Nothing here is a page; a page replaces the policy by its own.
const SECURITY_HEADERS: [(&str, &str); 7] = [
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (
        "permissions-policy",
        "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    ("referrer-policy", "no-referrer"),
    (
        "strict-transport-security",
        "max-age=63072000; includeSubDomains",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

pub(super) fn json(status: u16, body: &Value) -> Response<Body> {
    with_body(status, "application/json", body.to_string())
}

pub(super) fn empty(status: u16) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = status_code(status);
    response
}

/// A page, with a policy that lets it do what it has to.
pub(super) fn html(status: u16, page: String, policy: &str) -> Response<Body> {
    let mut response = with_body(status, "text/html; charset=utf-8", page);
    set_header(&mut response, "content-security-policy", policy);
    response
}

/// Redirects a browser, which then uses GET.
pub(super) fn see_other(location: &str) -> Response<Body> {
    let mut response = empty(303);
    set_header(&mut response, "location", location);
    response
}

/// What frontends need to know beforehand, as all dialects say it.
pub(super) fn settings(view: &SettingsView) -> Value {
    json!({
        "user:reset-password": view.reset_enabled,
        "password_policy": view.policy,
    })
}

/// A problem as RFC 9457 has it.
pub(super) fn problem(problem: &Problem, texts: &Translator<'_>) -> Response<Body> {
    let body = problem.details(texts).to_string();
    with_body(problem.status(), "application/problem+json", body)
}

fn with_body(status: u16, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = status_code(status);
    set_header(&mut response, "content-type", content_type);
    response
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Puts the headers on that every answer has, unless the answer has its own.
pub(super) fn with_security_headers(mut response: Response<Body>) -> Response<Body> {
    for (name, value) in SECURITY_HEADERS {
        if !response.headers().contains_key(name) {
            set_header(&mut response, name, value);
        }
    }
    response
}

/// Sets a header. A value that no header can hold is left out.
pub(super) fn set_header(response: &mut Response<Body>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
}
