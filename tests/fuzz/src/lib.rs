//! What the targets share: one service in the process, and requests made of the fuzzer's bytes.

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use integration_tests::TestApp;
use integration_tests::untrusted_input::open_app;
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use shared::http::ROUTES;
use tokio::runtime::Runtime;

/// Started once: what one input leaves behind, the next one finds.
static SERVICE: LazyLock<(Runtime, TestApp)> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let app = runtime.block_on(open_app());
    (runtime, app)
});

/// Runs `work` with the service.
pub fn with_service(work: impl AsyncFnOnce(&TestApp)) {
    let (runtime, app) = &*SERVICE;
    runtime.block_on(work(app));
}

/// A request as a stranger may send it: near enough to a good one to get past the first check, and
/// free in every part.
#[derive(Debug, Arbitrary)]
pub struct Request<'a> {
    route: u8,
    method: Option<Method>,
    in_path: &'a str,
    query: Option<&'a str>,
    headers: Vec<(Header<'a>, &'a str)>,
    body: Body<'a>,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
    Options,
}

#[derive(Debug, Arbitrary)]
enum Header<'a> {
    Known(u8),
    Any(&'a str),
}

#[derive(Debug, Arbitrary)]
enum Body<'a> {
    Json(Vec<(Field<'a>, Content<'a>)>),
    Form(Vec<(Field<'a>, &'a str)>),
    Raw(&'a [u8]),
}

#[derive(Debug, Arbitrary)]
enum Field<'a> {
    Known(u8),
    Any(&'a str),
}

#[derive(Debug, Arbitrary)]
enum Content<'a> {
    Text(&'a str),
    Good(u8),
    Number(i64),
    Flag(bool),
    Null,
    List(Vec<&'a str>),
    Object(Vec<(&'a str, &'a str)>),
}

const HEADERS: [&str; 12] = [
    "content-type",
    "x-app-name",
    "accept-language",
    "accept",
    "user-agent",
    "host",
    "origin",
    "cookie",
    "x-forwarded-for",
    "x-forwarded-host",
    "forwarded",
    "idempotency-key",
];
const FIELDS: [&str; 15] = [
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
    "app",
    "app_name",
    "name",
    "cancel",
    "idempotency_key",
];
const GOOD: [&str; 6] = [
    "demo@example.com",
    "someone@b\u{fc}cher.example",
    "fpr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "ABCD-2345",
    "seven lanterns over the bay",
    "https://app.example.com/reset?token={{token}}",
];

fn pick<T: Copy>(from: &[T], number: u8) -> T {
    from[usize::from(number) % from.len()]
}

impl Request<'_> {
    /// The request, as it would reach API Gateway.
    #[must_use]
    pub fn into_api_request(self) -> ApiRequest {
        let route = pick(&ROUTES.iter().collect::<Vec<_>>(), self.route);
        let method = self.method.map_or(route.method, Method::name);
        let mut target = route.path.replace("{token}", self.in_path);
        if let Some(query) = self.query {
            target = format!("{target}?{query}");
        }
        let (content_type, body) = self.body.encode();
        let request = ApiRequest::new(method, &target).body(body);
        let request = match content_type {
            Some(content_type) => request.header("content-type", content_type),
            None => request,
        };
        self.headers
            .iter()
            .filter(|(_, value)| is_header_value(value))
            .fold(request, |request, (name, value)| match name {
                Header::Known(number) => request.header(pick(&HEADERS, *number), value),
                Header::Any(name) if is_header_name(name) => request.header(name, value),
                Header::Any(_) => request,
            })
    }
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

impl Body<'_> {
    fn encode(&self) -> (Option<&'static str>, Vec<u8>) {
        match self {
            Self::Json(fields) => {
                let fields = fields.iter().map(|(name, it)| (name.text(), it.json()));
                let object = Value::Object(fields.collect());
                (Some("application/json"), object.to_string().into_bytes())
            }
            Self::Form(fields) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for (name, value) in fields {
                    form.append_pair(&name.text(), value);
                }
                let form_type = "application/x-www-form-urlencoded";
                (Some(form_type), form.finish().into_bytes())
            }
            Self::Raw(bytes) => (None, bytes.to_vec()),
        }
    }
}

impl Field<'_> {
    fn text(&self) -> String {
        match self {
            Self::Known(number) => pick(&FIELDS, *number).to_owned(),
            Self::Any(name) => (*name).to_owned(),
        }
    }
}

impl Content<'_> {
    fn json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Good(number) => json!(pick(&GOOD, *number)),
            Self::Number(number) => json!(number),
            Self::Flag(flag) => json!(flag),
            Self::Null => Value::Null,
            Self::List(list) => json!(list),
            Self::Object(pairs) => {
                let pairs = pairs
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), json!(value)));
                Value::Object(pairs.collect())
            }
        }
    }
}

/// What HTTP allows as the name of a header (RFC 9110, section 5.1): no other one arrives.
fn is_header_name(text: &str) -> bool {
    let symbols = "!#$%&'*+-.^_`|~";
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || symbols.contains(c))
}

/// What HTTP allows as a value (RFC 9110, section 5.5).
fn is_header_value(text: &str) -> bool {
    !text.chars().any(|c| c.is_ascii_control() && c != '\t')
}
