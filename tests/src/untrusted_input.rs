//! Untrusted input, made of any bytes, and what must hold of every answer to it.
//!
//! Tests make it of random bytes and `tests/fuzz` of those that a fuzzer chooses. The first choice among
//! several is what is left when the bytes come to an end.

use std::sync::LazyLock;
use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use local_stack::api_gateway::{ApiRequest, Routes, build_event};
use serde_json::{Map, Value, json};
use shared::domain::PageUrls;
use shared::http::{Route, routes};
use tokio::runtime::Runtime;

use crate::app::{DEMO, TestApp, template};
use crate::openapi::Document;
use crate::stream::{request_image, stream_event};

/// The text fields of all wire formats.
pub static FIELDS: LazyLock<Vec<String>> =
    LazyLock::new(|| Document::load().field_names().into_iter().collect());

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];

const HEADERS: [&str; 12] = [
    "content-type",
    "x-app-name",
    "accept-language",
    "accept",
    "user-agent",
    "origin",
    "cookie",
    "x-forwarded-for",
    "x-forwarded-host",
    "forwarded",
    "idempotency-key",
    "host",
];

/// What HTTP allows in the name of a header (RFC 9110, section 5.1), but for the digits.
const HEADER_NAME: &[u8] = b"abcdefghijklmnopqrstuvwxyz!#$%&'*+.^_`|~-";

const TOKEN: &str = "fpr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const CODE: &str = "ABCD-2345";
const PASSWORD: &str = "seven lanterns over the bay";
const LINK: &str = "https://app.example.com/reset?token={{token}}";

/// What some field takes.
const GOOD: [&str; 7] = [
    DEMO,
    "someone@b\u{fc}cher.example",
    TOKEN,
    CODE,
    PASSWORD,
    LINK,
    "de-AT",
];

const ODD: [&str; 22] = [
    "\u{0}",
    "\n",
    "\r\n",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "{{token}}",
    "{{",
    "<b>",
    "\"",
    "'",
    "\\",
    "%",
    "%00",
    "%ff",
    "../",
    "@",
    "a@b.co",
    "\u{212a}",
    "\u{130}",
    "xn--",
    " ",
];

/// Parts of an event of an HTTP API that something may be wrong with.
const EVENT_PARTS: [&str; 18] = [
    "/version",
    "/routeKey",
    "/rawPath",
    "/rawQueryString",
    "/headers",
    "/headers/host",
    "/cookies",
    "/queryStringParameters",
    "/pathParameters",
    "/body",
    "/isBase64Encoded",
    "/requestContext/requestId",
    "/requestContext/domainName",
    "/requestContext/http/method",
    "/requestContext/http/path",
    "/requestContext/http/sourceIp",
    "/requestContext/http/userAgent",
    "/requestContext/stage",
];

/// Parts of a stream record that something may be wrong with.
const RECORD_PARTS: [&str; 12] = [
    "/Records/0/eventID",
    "/Records/0/eventName",
    "/Records/0/dynamodb/Keys",
    "/Records/0/dynamodb/Keys/pk",
    "/Records/0/dynamodb/Keys/pk/S",
    "/Records/0/dynamodb/NewImage",
    "/Records/0/dynamodb/NewImage/v",
    "/Records/0/dynamodb/NewImage/app/S",
    "/Records/0/dynamodb/NewImage/email_typed/S",
    "/Records/0/dynamodb/NewImage/request_id/S",
    "/Records/0/dynamodb/NewImage/requested_at/N",
    "/Records/0/dynamodb/SequenceNumber",
];

/// Started once, with limits out of the way, so that requests get as far as they can. What one input
/// leaves behind, the next one finds.
static SERVICE: LazyLock<(Runtime, TestApp)> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let app = TestApp::builder()
        .setting("limits.source_requests", 100_000)
        .setting("limits.address_cooldown_seconds", 1)
        .setting("limits.address_requests", 20)
        .setting("mail.per_hour", 1_000_000);
    let app = runtime.block_on(app.start());
    (runtime, app)
});

static API_GATEWAY_ROUTES: LazyLock<Routes> = LazyLock::new(|| Routes::new(&template().api));

/// Sends a request through API Gateway, checks the answer, and lets the job that it may have become run
/// to its end.
pub fn send_request(bytes: &[u8]) {
    let Ok(request) = request(&mut Unstructured::new(bytes)) else {
        return;
    };
    let shown = format!("{request:?}");
    let (runtime, app) = &*SERVICE;
    runtime.block_on(async {
        let answer = app.send(request).await;
        assert!(
            (200..500).contains(&answer.status()),
            "{shown}\nis answered with {answer:?}"
        );
        if [200, 202, 204].contains(&answer.status()) {
            settle(app, &shown).await;
        }
    });
}

/// No job that a caller can cause fails, waits or is given up.
async fn settle(app: &TestApp, shown: &str) {
    let progress = app.deliver().await;
    let failed = (progress.pending, progress.discarded, progress.failure);
    assert_eq!(failed, (0, 0, None), "{shown}\nleft a job that fails");
    for mail in app.ses.mails() {
        assert_eq!(
            mail.to,
            [DEMO],
            "{shown}\nmailed somebody without an account"
        );
    }
    app.ses.clear();
    app.aws.forget_calls();
    app.clock.advance(Duration::from_secs(1));
}

/// Hands an event to every function with a route. One that is no event of an HTTP API is refused by the
/// runtime before it gets to ours; all others are answered.
pub fn send_event(bytes: &[u8]) {
    let Some(event) = json_or(bytes, event) else {
        return;
    };
    let (runtime, app) = &*SERVICE;
    for function in [
        "RequestResetFunction",
        "VerifyTokenFunction",
        "ConfirmResetFunction",
    ] {
        if let Ok(answer) = runtime.block_on(app.invoke(function, event.clone())) {
            let status = answer["statusCode"].as_i64().expect("a status");
            assert!(
                (200..500).contains(&status),
                "{event}\nis answered with {answer}"
            );
        }
    }
    app.aws.forget_calls();
}

/// Hands a stream record to the mail worker, which answers whatever passes for an event of the stream,
/// and reports no record but one that it was given.
pub fn send_record(bytes: &[u8]) {
    let Some(event) = json_or(bytes, record) else {
        return;
    };
    let (runtime, app) = &*SERVICE;
    if let Ok(answer) = runtime.block_on(app.invoke("MailWorkerFunction", event.clone())) {
        let failures = answer["batchItemFailures"].as_array().expect("a list");
        assert!(failures.len() <= 1, "a batch stops at its first failure");
        for failure in failures {
            // As JSON, which escapes some of what a record may be named by.
            let reported = failure["itemIdentifier"].to_string();
            assert!(event.to_string().contains(reported.trim_matches('"')));
        }
    }
}

/// The JSON that the bytes are, such as an event of `infra/events`; else what is made of them.
fn json_or(bytes: &[u8], make: fn(&mut Unstructured<'_>) -> Result<Value>) -> Option<Value> {
    let json = serde_json::from_slice(bytes);
    json.ok()
        .or_else(|| make(&mut Unstructured::new(bytes)).ok())
}

/// A request as a caller may send it: near enough to a good one to get past the first check, and free
/// in every part.
fn request(u: &mut Unstructured<'_>) -> Result<ApiRequest> {
    let routes: Vec<_> = routes().collect();
    let route = u.choose(&routes)?;
    let method = if u.ratio(4, 5)? {
        route.method
    } else {
        u.choose(&METHODS)?
    };
    let mut target = route.path.replace("{token}", &text(u)?);
    if !u.ratio(1, 2)? {
        target = format!("{target}?{}", text(u)?);
    }
    let mut request = body(u, route, ApiRequest::new(method, &target))?;
    for _ in 0..u.int_in_range(0..=2)? {
        let name = if u.ratio(9, 10)? {
            (*u.choose(&HEADERS)?).to_owned()
        } else {
            header_name(u)?
        };
        // HTTP allows no other control characters in a value than tabs (RFC 9110, section 5.5).
        let value = text(u)?.replace(|c: char| c.is_ascii_control() && c != '\t', "");
        request = request.header(&name, &value);
    }
    Ok(request)
}

/// The request with a body, which mostly has the format that its route reads.
fn body(u: &mut Unstructured<'_>, route: &Route, request: ApiRequest) -> Result<ApiRequest> {
    const FORM: &str = "application/x-www-form-urlencoded";
    if u.ratio(5, 6)? {
        let fields = fields(u)?;
        // Pages send forms, all else sends JSON.
        let pages = [PageUrls::REQUEST, PageUrls::CODE, PageUrls::CANCEL];
        let is_page = pages.iter().any(|page| route.path.starts_with(page));
        if is_page != u.ratio(9, 10)? {
            return Ok(request.json(&fields.into()));
        }
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &fields {
            form.append_pair(name, value.as_str().unwrap_or(&value.to_string()));
        }
        return Ok(request.header("content-type", FORM).body(form.finish()));
    }
    let types = [
        None,
        Some("application/json"),
        Some(FORM),
        Some("text/plain"),
    ];
    let request = match u.choose(&types)? {
        Some(content_type) => request.header("content-type", content_type),
        None => request,
    };
    Ok(request.body(some_bytes(u, 300)?))
}

/// The fields of a body: those that some route takes with one changed at most, or any.
fn fields(u: &mut Unstructured<'_>) -> Result<Map<String, Value>> {
    let mut fields = Map::new();
    let mut changes = u.int_in_range(0..=5)?;
    if u.ratio(3, 4)? {
        let good = [
            json!({ "email": DEMO }),
            json!({ "email": DEMO, "locale": "de-AT" }),
            json!({ "email": DEMO, "resetPasswordUrl": LINK }),
            json!({ "token": TOKEN }),
            json!({ "email": DEMO, "code": CODE }),
            json!({ "token": TOKEN, "password": PASSWORD, "confirm": PASSWORD }),
            json!({ "email": DEMO, "code": CODE, "password": PASSWORD }),
            json!({ "email": DEMO, "verificationCode": CODE, "newPassword": PASSWORD }),
            json!({ "email": DEMO, "password": PASSWORD, "token": TOKEN }),
            json!({ "password": PASSWORD, "confirm": PASSWORD }),
        ];
        fields.extend(u.choose(&good)?.as_object().cloned().unwrap_or_default());
        changes %= 2;
    }
    for _ in 0..changes {
        let name = if u.ratio(6, 7)? {
            u.choose(&FIELDS)?.clone()
        } else {
            text(u)?
        };
        fields.insert(name, value(u, 3)?);
    }
    Ok(fields)
}

/// What stands in a field: nearly right, or of any type, with lists and objects to this depth.
fn value(u: &mut Unstructured<'_>, depth: u8) -> Result<Value> {
    Ok(match u.int_in_range(0..=12)? {
        0..=3 => json!(u.choose(&GOOD)?),
        4..=6 => json!(text(u)?),
        7 => json!(i64::arbitrary(u)?),
        8 => json!(f64::arbitrary(u)?),
        9 => json!(bool::arbitrary(u)?),
        11 if depth > 0 => some(u, 3, |u| value(u, depth - 1))?,
        12 if depth > 0 => some(u, 3, |u| Ok((text(u)?, value(u, depth - 1)?)))?,
        _ => Value::Null,
    })
}

/// Any characters, the odd ones more often than they come by themselves.
fn text(u: &mut Unstructured<'_>) -> Result<String> {
    some(u, 3, |u| match u.int_in_range(0..=2)? {
        0 => Ok((*u.choose(&ODD)?).to_owned()),
        1 => Ok(String::from_utf8_lossy(some_bytes(u, 32)?).into_owned()),
        _ => some(u, 8, char::arbitrary),
    })
}

fn header_name(u: &mut Unstructured<'_>) -> Result<String> {
    let rest: String = some(u, 20, |u| u.choose(HEADER_NAME).map(|it| char::from(*it)))?;
    Ok(format!("x{rest}"))
}

fn some_bytes<'a>(u: &mut Unstructured<'a>, most: usize) -> Result<&'a [u8]> {
    let count = u.int_in_range(0..=most)?.min(u.len());
    u.bytes(count)
}

fn some<'a, T, C: FromIterator<T>>(
    u: &mut Unstructured<'a>,
    most: usize,
    make: impl Fn(&mut Unstructured<'a>) -> Result<T>,
) -> Result<C> {
    let count = u.int_in_range(0..=most)?;
    (0..count).map(|_| make(u)).collect()
}

/// An event as API Gateway makes it, with parts of it replaced by anything.
fn event(u: &mut Unstructured<'_>) -> Result<Value> {
    let request = request(u)?;
    let invocation = build_event(&API_GATEWAY_ROUTES, &request).expect("a default route");
    changed(u, invocation.event, &EVENT_PARTS)
}

/// A record of the stream, with parts of it replaced by anything.
fn record(u: &mut Unstructured<'_>) -> Result<Value> {
    changed(u, stream_event(&request_image("r1", DEMO)), &RECORD_PARTS)
}

fn changed(u: &mut Unstructured<'_>, mut event: Value, parts: &[&str]) -> Result<Value> {
    for _ in 0..u.int_in_range(0..=3)? {
        if let Some(part) = event.pointer_mut(u.choose(parts)?) {
            *part = value(u, 3)?;
        }
    }
    Ok(event)
}
