use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::path::{decode, split_target};
use super::request::ApiRequest;
use super::request::SOURCE_IP_HEADER;
use super::routes::{Match, Routes};
use crate::REGION;
use crate::template::ACCOUNT_ID;

/// The identifier of the API in events.
const API_ID: &str = "local";

/// Headers that concern one connection only, or that API Gateway sets itself.
const DROPPED: [&str; 12] = [
    "connection",
    "cookie",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-port",
    "x-forwarded-proto",
];

/// An event and the function that it goes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// The logical id of the function.
    pub function: String,
    /// The event, in payload format 2.0.
    pub event: Value,
}

/// The event that API Gateway makes of `request`; `None` when no route takes it.
pub fn build_event(routes: &Routes, request: &ApiRequest) -> Option<Invocation> {
    let (raw_path, raw_query) = split_target(&request.target);
    let path = decode(raw_path);
    let found = routes.find(&request.method, &path)?;
    let (body, is_base64) = encode_body(request);
    let mut event = Map::from_iter([
        ("version".to_owned(), json!("2.0")),
        ("routeKey".to_owned(), json!(found.key)),
        ("rawPath".to_owned(), json!(path)),
        ("rawQueryString".to_owned(), json!(raw_query)),
        ("headers".to_owned(), json!(headers(request))),
        ("requestContext".to_owned(), context(request, &path, &found)),
        ("isBase64Encoded".to_owned(), json!(is_base64)),
    ]);
    let optional = [
        ("cookies", cookies(request)),
        ("queryStringParameters", query_parameters(raw_query)),
        ("pathParameters", some(&found.parameters)),
        ("body", body.map(Value::from)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            event.insert(name.to_owned(), value);
        }
    }
    Some(Invocation {
        function: found.function.to_owned(),
        event: Value::Object(event),
    })
}

fn some<K, V>(map: &BTreeMap<K, V>) -> Option<Value>
where
    BTreeMap<K, V>: serde::Serialize,
{
    (!map.is_empty()).then(|| json!(map))
}

fn headers(request: &ApiRequest) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::<String, String>::new();
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        if DROPPED.contains(&name.as_str()) || name == SOURCE_IP_HEADER {
            continue;
        }
        headers
            .entry(name)
            .and_modify(|joined| {
                joined.push(',');
                joined.push_str(value);
            })
            .or_insert_with(|| value.clone());
    }
    let forwarded = headers.entry("x-forwarded-for".to_owned()).or_default();
    if !forwarded.is_empty() {
        forwarded.push_str(", ");
    }
    forwarded.push_str(&request.source_ip);
    if !request.body.is_empty() {
        headers.insert("content-length".to_owned(), request.body.len().to_string());
    }
    headers.entry("host".to_owned()).or_insert_with(domain_name);
    headers.insert("x-forwarded-port".to_owned(), "443".to_owned());
    headers.insert("x-forwarded-proto".to_owned(), "https".to_owned());
    headers
}

fn domain_name() -> String {
    format!("{API_ID}.execute-api.{REGION}.amazonaws.com")
}

fn cookies(request: &ApiRequest) -> Option<Value> {
    let cookies: Vec<_> = request
        .values("cookie")
        .flat_map(|line| line.split(';'))
        .map(str::trim)
        .filter(|cookie| !cookie.is_empty())
        .collect();
    (!cookies.is_empty()).then(|| json!(cookies))
}

fn query_parameters(raw: &str) -> Option<Value> {
    let mut parameters = BTreeMap::<String, String>::new();
    for (name, value) in url::form_urlencoded::parse(raw.as_bytes()) {
        parameters
            .entry(name.into_owned())
            .and_modify(|joined| {
                joined.push(',');
                joined.push_str(&value);
            })
            .or_insert_with(|| value.clone().into_owned());
    }
    some(&parameters)
}

fn context(request: &ApiRequest, path: &str, found: &Match<'_>) -> Value {
    let user_agent: Vec<_> = request.values("user-agent").collect();
    json!({
        "accountId": ACCOUNT_ID,
        "apiId": API_ID,
        "domainName": domain_name(),
        "domainPrefix": API_ID,
        "http": {
            "method": request.method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": user_agent.join(","),
        },
        "requestId": request.request_id,
        "routeKey": found.key,
        "stage": "$default",
        "time": common_log_time(request.time_ms),
        "timeEpoch": request.time_ms,
    })
}

/// The time as access logs write it: `12/Mar/2020:19:03:58 +0000`.
fn common_log_time(time_ms: u64) -> String {
    let time = i64::try_from(time_ms / 1000)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let month = time.month().to_string();
    format!(
        "{:02}/{}/{}:{:02}:{:02}:{:02} +0000",
        time.day(),
        month.get(..3).unwrap_or_default(),
        time.year(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// The body for the event, and whether it is base64.
fn encode_body(request: &ApiRequest) -> (Option<String>, bool) {
    if request.body.is_empty() {
        return (None, false);
    }
    let content_type = request.values("content-type").next().unwrap_or_default();
    match std::str::from_utf8(&request.body) {
        Ok(text) if is_text(content_type) => (Some(text.to_owned()), false),
        _ => (Some(STANDARD.encode(&request.body)), true),
    }
}

/// The types that an HTTP API hands on as text. Forms are not among them, nor is an absent type.
fn is_text(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence.starts_with("text/")
        || matches!(
            essence.as_str(),
            "application/json" | "application/xml" | "application/javascript"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{HttpApi, Route};

    fn routes() -> Routes {
        let route = |method: Option<&str>, path: &str| Route {
            method: method.map(str::to_owned),
            path: path.to_owned(),
            function: "Function".to_owned(),
        };
        Routes::new(&HttpApi {
            routes: vec![route(Some("POST"), "/things/{id}"), route(None, "")],
            cors: None,
        })
    }

    fn event(request: &ApiRequest) -> Value {
        build_event(&routes(), request).expect("routed").event
    }

    #[test]
    fn an_event_has_everything_that_payload_2_has() {
        let mut request = ApiRequest::new("POST", "/things/a%20b?x=1&x=2&y=%C3%A4+b&z")
            .header("Host", "api.example.com")
            .header("X-Many", "one")
            .header("x-many", "two")
            .header("Cookie", "a=1; b=2")
            .header("Cookie", "c=3")
            .header("User-Agent", "test")
            .header("Connection", "keep-alive")
            .header("X-Local-Source-Ip", "9.9.9.9")
            .header("X-Forwarded-For", "1.1.1.1")
            .header("X-Forwarded-Proto", "http")
            .json(&json!({"k": "ü"}))
            .source_ip("203.0.113.7");
        request.request_id = "id=".to_owned();
        request.time_ms = 1_583_348_638_390;
        assert_eq!(
            event(&request),
            json!({
                "version": "2.0",
                "routeKey": "POST /things/{id}",
                "rawPath": "/things/a b",
                "rawQueryString": "x=1&x=2&y=%C3%A4+b&z",
                "cookies": ["a=1", "b=2", "c=3"],
                "headers": {
                    "content-length": "10",
                    "content-type": "application/json",
                    "host": "api.example.com",
                    "user-agent": "test",
                    "x-forwarded-for": "1.1.1.1, 203.0.113.7",
                    "x-forwarded-port": "443",
                    "x-forwarded-proto": "https",
                    "x-many": "one,two",
                },
                "queryStringParameters": {"x": "1,2", "y": "ä b", "z": ""},
                "pathParameters": {"id": "a b"},
                "requestContext": {
                    "accountId": "000000000000",
                    "apiId": "local",
                    "domainName": "local.execute-api.us-east-1.amazonaws.com",
                    "domainPrefix": "local",
                    "http": {
                        "method": "POST",
                        "path": "/things/a b",
                        "protocol": "HTTP/1.1",
                        "sourceIp": "203.0.113.7",
                        "userAgent": "test",
                    },
                    "requestId": "id=",
                    "routeKey": "POST /things/{id}",
                    "stage": "$default",
                    "time": "04/Mar/2020:19:03:58 +0000",
                    "timeEpoch": 1_583_348_638_390_u64,
                },
                "body": "{\"k\":\"ü\"}",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn what_a_request_lacks_is_absent() {
        let event = event(&ApiRequest::new("GET", "/"));
        for absent in ["body", "cookies", "queryStringParameters", "pathParameters"] {
            assert!(event.get(absent).is_none(), "{absent}");
        }
        assert_eq!(event["routeKey"], "$default");
        assert_eq!(event["isBase64Encoded"], false);
    }

    #[test]
    fn only_known_text_that_is_utf_8_travels_as_text() {
        for (content_type, body, is_base64) in [
            ("application/json", &b"{}"[..], false),
            ("Application/JSON; charset=utf-8", b"{}", false),
            ("text/plain", b"x", false),
            ("application/json", b"\xff", true),
            ("application/x-www-form-urlencoded", b"a=b", true),
            ("application/problem+json", b"{}", true),
            ("multipart/form-data; boundary=x", b"x", true),
            ("", b"{}", true),
        ] {
            let request = ApiRequest::new("POST", "/")
                .header("Content-Type", content_type)
                .body(body);
            let event = event(&request);
            assert_eq!(event["isBase64Encoded"], is_base64, "{content_type}");
            let text = event["body"].as_str().expect("text");
            let sent = if is_base64 {
                STANDARD.decode(text).expect("base64")
            } else {
                text.as_bytes().to_vec()
            };
            assert_eq!(sent, body);
        }
    }

    #[test]
    fn request_ids_are_unique() {
        assert_ne!(
            ApiRequest::new("GET", "/").request_id,
            ApiRequest::new("GET", "/").request_id
        );
    }
}
