//! Nothing that a stranger sends is answered by a 5xx, panics, or leaves a job that fails.
//!
//! The same as the fuzz targets `request`, `event` and `record` of tests/fuzz, on a few hundred requests of
//! each kind in every run, and what these found.

use std::sync::LazyLock;

use integration_tests::TestApp;
use integration_tests::app::{DEMO, template};
use integration_tests::stream::{request_image, stream_event};
use integration_tests::untrusted_input::{ask, ask_with_event, open_app};
use local_stack::api_gateway::{ApiRequest, Routes, build_event};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use shared::http::{ROUTES, Route};
use tokio::runtime::Runtime;

/// Started once: it takes longer than a request.
static SERVICE: LazyLock<(Runtime, TestApp)> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let app = runtime.block_on(open_app());
    (runtime, app)
});

static API_GATEWAY_ROUTES: LazyLock<Routes> =
    LazyLock::new(|| Routes::new(&template().api).expect("good routes"));

/// Any characters, the odd ones more often than they come by themselves.
fn text() -> impl Strategy<Value = String> {
    let odd = select(vec![
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
        "",
    ]);
    vec(
        prop_oneof![odd.prop_map(str::to_owned), any::<String>()],
        0..4,
    )
    .prop_map(|parts| parts.concat())
}

/// What stands in a field: nearly right, or of any type.
fn value() -> impl Strategy<Value = Value> {
    let good = select(vec![
        DEMO,
        "someone@b\u{fc}cher.example",
        "fpr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ABCD-2345",
        "seven lanterns over the bay",
        "https://app.example.com/reset?token={{token}}",
        "de-AT",
    ]);
    let leaf = prop_oneof![
        4 => good.prop_map(|it| json!(it)),
        3 => text().prop_map(|it| json!(it)),
        1 => any::<i64>().prop_map(|it| json!(it)),
        1 => any::<f64>().prop_map(|it| json!(it)),
        1 => any::<bool>().prop_map(|it| json!(it)),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4)
                .prop_map(|it| Value::Object(it.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn field() -> impl Strategy<Value = String> {
    let known = select(vec![
        "email",
        "token",
        "code",
        "password",
        "confirm",
        "confirm_password",
        "verificationCode",
        "newPassword",
        "locale",
        "resetPasswordUrl",
        "cancel",
        "idempotency_key",
    ]);
    prop_oneof![6 => known.prop_map(str::to_owned), 1 => text()]
}

/// Bodies that some route takes, so that what is changed in them is all that is wrong.
fn good_body() -> impl Strategy<Value = Map<String, Value>> {
    let (token, code) = ("fpr_".to_owned() + &"A".repeat(64), "ABCD-2345");
    let password = "seven lanterns over the bay";
    let bodies = [
        json!({ "email": DEMO }),
        json!({ "email": DEMO, "locale": "de-AT" }),
        json!({ "email": DEMO, "resetPasswordUrl": "https://app.example.com/reset?c={{code}}" }),
        json!({ "token": token }),
        json!({ "email": DEMO, "code": code }),
        json!({ "token": token, "password": password, "confirm": password }),
        json!({ "email": DEMO, "code": code, "password": password }),
        json!({ "email": DEMO, "verificationCode": code, "newPassword": password }),
        json!({ "email": DEMO, "password": password, "token": token }),
        json!({ "password": password, "confirm": password }),
    ];
    let objects = bodies.map(|it| it.as_object().expect("an object").clone());
    select(objects.to_vec())
}

/// The fields of a body: those of a good one with one changed at most, or any.
fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let change = proptest::option::of((field(), value()));
    let nearly_good = (good_body(), change).prop_map(|(mut body, change)| {
        body.extend(change);
        body
    });
    let any_fields = btree_map(field(), value(), 0..6).prop_map(|it| it.into_iter().collect());
    prop_oneof![3 => nearly_good, 1 => any_fields]
}

fn form_of(fields: &Map<String, Value>) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        form.append_pair(name, value.as_str().unwrap_or(&value.to_string()));
    }
    form.finish()
}

/// A body, and whether it has the format that its route reads.
#[derive(Debug, Clone)]
enum Sent {
    Fields(Map<String, Value>, bool),
    Raw(Option<&'static str>, Vec<u8>),
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn body() -> impl Strategy<Value = Sent> {
    let right_format = prop_oneof![9 => Just(true), 1 => Just(false)];
    let fields = (fields(), right_format).prop_map(|(it, right)| Sent::Fields(it, right));
    let types = select(vec![None, Some(JSON), Some(FORM), Some("text/plain")]);
    let raw = (types, vec(any::<u8>(), 0..300)).prop_map(|(kind, it)| Sent::Raw(kind, it));
    prop_oneof![5 => fields, 1 => raw]
}

/// The body with its content type. Pages send forms, all else sends JSON.
fn encode(sent: Sent, route: &Route) -> (Option<&'static str>, Vec<u8>) {
    match sent {
        Sent::Raw(content_type, bytes) => (content_type, bytes),
        Sent::Fields(fields, right) => {
            let is_page = route.path.starts_with("/auth/forgot-password");
            if is_page == right {
                (Some(FORM), form_of(&fields).into_bytes())
            } else {
                (Some(JSON), Value::Object(fields).to_string().into_bytes())
            }
        }
    }
}

fn header() -> impl Strategy<Value = (String, String)> {
    let names = select(vec![
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
    ]);
    // API Gateway itself refuses whatever is no host of its own.
    let name = prop_oneof![9 => names.prop_map(str::to_owned), 1 => Just("host".to_owned()), 1 => "[a-z!#$%&'*+.^_`|~-]{1,20}"];
    // HTTP allows no other control characters in a value than tabs (RFC 9110, section 5.5).
    let value = text().prop_map(|it| it.replace(|c: char| c.is_ascii_control() && c != '\t', ""));
    (name, value)
}

fn request() -> impl Strategy<Value = ApiRequest> {
    let methods = select(vec!["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);
    let method = prop_oneof![4 => Just(None), 1 => methods.prop_map(Some)];
    let query = proptest::option::of(text());
    (
        0..ROUTES.len(),
        method,
        text(),
        query,
        vec(header(), 0..3),
        body(),
    )
        .prop_map(|(route, method, segment, query, headers, body)| {
            let route = &ROUTES[route];
            let (content_type, body) = encode(body, route);
            let target = target(route, &segment, query.as_deref());
            let request = ApiRequest::new(method.unwrap_or(route.method), &target).body(body);
            let request = match content_type {
                Some(content_type) => request.header("content-type", content_type),
                None => request,
            };
            headers
                .iter()
                .fold(request, |it, (name, value)| it.header(name, value))
        })
}

/// Parts of a stream record that something may be wrong with.
const RECORD_PARTS: [&str; 12] = [
    "/eventID",
    "/eventName",
    "/dynamodb/Keys",
    "/dynamodb/Keys/pk",
    "/dynamodb/Keys/pk/S",
    "/dynamodb/NewImage",
    "/dynamodb/NewImage/v",
    "/dynamodb/NewImage/app/S",
    "/dynamodb/NewImage/email_typed/S",
    "/dynamodb/NewImage/request_id/S",
    "/dynamodb/NewImage/requested_at/N",
    "/dynamodb/SequenceNumber",
];

fn target(route: &Route, segment: &str, query: Option<&str>) -> String {
    let path = route.path.replace("{token}", segment);
    query.map_or(path.clone(), |query| format!("{path}?{query}"))
}

/// An event as API Gateway makes it, with parts of it replaced by anything or missing.
fn event() -> impl Strategy<Value = Value> {
    let parts = select(vec![
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
    ]);
    (request(), vec((parts, value()), 0..3)).prop_map(|(request, changes)| {
        let mut event = build_event(&API_GATEWAY_ROUTES, &request)
            .expect("a default route")
            .event;
        for (part, value) in changes {
            if let Some(place) = event.pointer_mut(part) {
                *place = value;
            }
        }
        event
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_is_answered_by_a_5xx_or_leaves_a_job_that_fails(request in request()) {
        let (runtime, app) = &*SERVICE;
        runtime.block_on(ask(app, request));
    }

    #[test]
    fn no_record_of_the_stream_stops_the_worker(
        changes in vec((select(RECORD_PARTS.to_vec()), value()), 0..4),
    ) {
        let (runtime, app) = &*SERVICE;
        let mut event = stream_event(&request_image("r1", DEMO));
        for (part, value) in changes {
            if let Some(place) = event.pointer_mut(&format!("/Records/0{part}")) {
                *place = value;
            }
        }
        // What is no event of a stream is refused by the runtime.
        if let Ok(answer) = runtime.block_on(app.invoke("MailWorkerFunction", event)) {
            prop_assert!(answer["batchItemFailures"].is_array());
        }
    }

    #[test]
    fn no_event_is_answered_by_a_5xx(event in event()) {
        let (runtime, app) = &*SERVICE;
        runtime.block_on(ask_with_event(app, &event));
    }
}
