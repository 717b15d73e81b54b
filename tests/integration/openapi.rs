//! The document says what the service does: the same routes, and every answer as it is.

use std::collections::BTreeSet;
use std::time::Duration;

use integration_tests::app::{Answer, DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_contains, template};
use integration_tests::dialects::{DialectClient, dialects, form};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::openapi::Document;
use integration_tests::{Fault, TestApp};
use local_stack::api_gateway::{ApiRequest, ApiResponse, Routes, build_event};
use serde_json::json;
use shared::http::routes;
use shared::i18n::Language;

/// Of the right shape, and nobody's.
const DEAD_TOKEN: &str = "fpr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

type Rows = BTreeSet<(String, String, String)>;

fn rows_of_code() -> Rows {
    let row = |route: &shared::http::Route| {
        let function: &str = route.function.into();
        (route.method.into(), route.path.into(), function.into())
    };
    routes().map(row).collect()
}

fn rows_of_template() -> Rows {
    let template = template();
    let row = |route: &local_stack::template::Route| {
        let function = &template.functions[&route.function];
        let method = route.method.clone()?;
        Some((method, route.path.clone(), function.binary.clone()))
    };
    template.api.routes.iter().filter_map(row).collect()
}

fn rows_of_document() -> Rows {
    let document = Document::load();
    let row = |(method, path): (String, String)| {
        let function = document.function(&method, &path).expect("a function");
        (method, path, function)
    };
    document.operations().into_iter().map(row).collect()
}

/// Where the local router brings a request for each of these routes.
fn rows_of_router(rows: &Rows) -> Rows {
    let template = template();
    let routes = Routes::new(&template.api);
    let row = |(method, path, _): &(String, String, String)| {
        let request = ApiRequest::new(method, &path.replace("{token}", DEAD_TOKEN));
        let invocation = build_event(&routes, &request).expect("a route");
        let key = invocation.event["routeKey"].as_str().expect("a key");
        let (method, path) = key.split_once(' ').expect("no default route");
        let function = &template.functions[&invocation.function];
        (method.into(), path.into(), function.binary.clone())
    };
    rows.iter().map(row).collect()
}

#[test]
fn code_template_router_and_document_have_the_same_routes() {
    let code = rows_of_code();
    assert_eq!(rows_of_template(), code);
    assert_eq!(rows_of_document(), code);
    assert_eq!(rows_of_router(&code), code);
}

#[test]
fn code_and_document_have_the_same_languages() {
    let code = Language::all().map(|language| language.tag().to_owned());
    assert_eq!(Document::load().languages(), code.collect());
}

/// Sends requests, checks each answer, and remembers what was answered.
struct Checked {
    document: Document,
    seen: BTreeSet<(String, String, u16)>,
}

impl Checked {
    /// An answer to a method that the path does not have is checked with all that it has.
    async fn send(&mut self, app: &TestApp, request: ApiRequest) -> Answer {
        let path = self.document.path_of(&request.target);
        let path = path.expect("a documented path");
        let answer = app.send(request.clone()).await;
        let mut operations: Vec<_> = self.operations();
        operations.retain(|(_, its)| *its == path);
        if operations.iter().any(|(its, _)| *its == request.method) {
            operations.retain(|(its, _)| *its == request.method);
        }
        for (method, path) in operations {
            let checked = self.document.check(&method, &path, &answer.0);
            assert_eq!(checked, Ok(()), "{answer:?}");
            self.seen.insert((method, path, answer.status()));
        }
        answer
    }

    async fn expect(&mut self, app: &TestApp, request: ApiRequest, status: u16) {
        let shown = format!("{} {}", request.method, request.target);
        assert_eq!(self.send(app, request).await.status(), status, "{shown}");
    }

    /// At the start of a window of ten minutes.
    async fn expect_limited(&mut self, app: &TestApp, request: ApiRequest) {
        let shown = format!("{} {}", request.method, request.target);
        let answer = self.send(app, request).await;
        let said = (answer.status(), answer.0.header("retry-after"));
        assert_eq!(said, (429, Some("600")), "{shown}");
    }

    fn operations(&self) -> Vec<(String, String)> {
        self.document.operations().into_iter().collect()
    }

    /// What is documented and was not answered.
    fn missing(&self) -> Vec<(String, String, u16)> {
        let mut missing = Vec::new();
        for (method, path) in self.operations() {
            for status in self.document.statuses(&method, &path) {
                let key = (method.clone(), path.clone(), status);
                if !self.seen.contains(&key) {
                    missing.push(key);
                }
            }
        }
        missing
    }
}

/// A request for an operation, without a body.
fn bare(method: &str, path: &str) -> ApiRequest {
    ApiRequest::new(method, &path.replace("{token}", DEAD_TOKEN))
}

/// A confirmation, with a password that is good.
fn confirm(dialect: &DialectClient, token: &str) -> ApiRequest {
    dialect.confirm(DEMO, token, NEW_PASSWORD)
}

/// What takes the code from the mail's text.
struct ByCode {
    verify: [ApiRequest; 2],
    confirm: [ApiRequest; 3],
}

impl ByCode {
    fn new(email: &str, code: &str) -> Self {
        let verify = json!({ "email": email, "code": code });
        let native = json!({ "email": email, "code": code, "password": NEW_PASSWORD });
        let razi = json!({ "email": email, "verificationCode": code, "newPassword": NEW_PASSWORD });
        Self {
            verify: [
                ApiRequest::new("POST", "/v1/verify-token").json(&verify),
                form("/auth/reset-code", &[("email", email), ("code", code)]),
            ],
            confirm: [
                ApiRequest::new("POST", "/v1/confirm-reset").json(&native),
                ApiRequest::new("PUT", "/v1/authentication/users/password").json(&razi),
                password_by_code(email, code, [NEW_PASSWORD; 2]),
            ],
        }
    }

    fn all(self) -> impl Iterator<Item = ApiRequest> {
        self.verify.into_iter().chain(self.confirm)
    }
}

/// The form for the new password, on the page that a code leads to.
fn password_by_code(email: &str, code: &str, [password, repeated]: [&str; 2]) -> ApiRequest {
    let fields = [
        ("email", email),
        ("code", code),
        ("password", password),
        ("confirm", repeated),
    ];
    form("/auth/reset-code/password", &fields)
}

/// The page on which a reset is cancelled.
fn cancel_page(token: &str) -> ApiRequest {
    ApiRequest::new("GET", &format!("/auth/cancel-reset/{token}"))
}

fn cancel(token: &str) -> [ApiRequest; 2] {
    [
        ApiRequest::new("POST", "/v1/cancel-reset").json(&json!({ "token": token })),
        form(&format!("/auth/cancel-reset/{token}"), &[("cancel", "yes")]),
    ]
}

/// All that a dialect does with a link, here a dead one: to look at it, and to set a password by it.
fn uses_of_a_link(dialect: &DialectClient) -> Vec<ApiRequest> {
    let verify = dialect.verify(DEAD_TOKEN);
    verify
        .into_iter()
        .chain([confirm(dialect, DEAD_TOKEN)])
        .collect()
}

#[tokio::test]
async fn every_documented_answer_is_given_as_documented() {
    let mut checked = Checked {
        document: Document::load(),
        seen: BTreeSet::new(),
    };
    Box::pin(flows(&mut checked)).await;
    Box::pin(codes(&mut checked)).await;
    Box::pin(cancellations(&mut checked)).await;
    Box::pin(bad_requests(&mut checked)).await;
    Box::pin(refusals_of_the_gateway(&mut checked)).await;
    Box::pin(switched_off(&mut checked)).await;
    Box::pin(limits(&mut checked)).await;
    let unavailable = Fault::INTERNAL;
    Box::pin(failures(&mut checked, unavailable, 503)).await;
    let denied = Fault::DENIED;
    Box::pin(failures(&mut checked, denied, 500)).await;
    assert_eq!(checked.missing(), []);
}

/// Each dialect from the request to the new password, with what may go wrong on the way.
async fn flows(checked: &mut Checked) {
    let app = TestApp::start().await;
    for (path, status) in [
        ("/v1/settings", 200),
        ("/api/v1/settings", 200),
        ("/auth/forgot-password", 200),
        ("/auth/reset-code", 200),
        ("/.well-known/change-password", 303),
    ] {
        checked
            .expect(&app, ApiRequest::new("GET", path), status)
            .await;
    }
    for dialect in dialects() {
        let email = format!("{}@example.com", dialect.name);
        app.add_user(dialect.name, &email, OLD_PASSWORD).await;
        let (_, accepted) = dialect.request;
        checked
            .expect(&app, dialect.request(&email), accepted)
            .await;
        app.deliver().await;
        let token = token_in(&app.last_mail());
        if let Some(verify) = dialect.verify(&token) {
            checked.expect(&app, verify, 200).await;
        }
        if dialect.repeats_password {
            let mismatch = dialect.confirm_mismatch(&email, &token);
            checked.expect(&app, mismatch, 400).await;
        }
        checked
            .send(&app, dialect.confirm(&email, &token, "password"))
            .await;
        let done = dialect.confirm(&email, &token, NEW_PASSWORD);
        checked.expect(&app, done.clone(), dialect.confirmed).await;
        checked.expect(&app, done, 400).await;
    }
}

async fn codes(checked: &mut Checked) {
    let app = TestApp::start().await;
    for (way, name) in ["native", "razi", "page"].into_iter().enumerate() {
        let email = format!("{name}@example.com");
        app.add_user(name, &email, OLD_PASSWORD).await;
        let code = code_in(&app.mailed_reset(&email).await);
        let ByCode { verify, confirm } = ByCode::new(&email, &code);
        for request in verify {
            checked.expect(&app, request, 200).await;
        }
        let mismatch = password_by_code(&email, &code, [NEW_PASSWORD, OLD_PASSWORD]);
        checked.expect(&app, mismatch, 400).await;
        let rejected = password_by_code(&email, &code, ["password"; 2]);
        checked.expect(&app, rejected, 422).await;
        let confirm = &confirm[way];
        checked.expect(&app, confirm.clone(), 200).await;
        checked.expect(&app, confirm.clone(), 400).await;
    }
    for request in ByCode::new(DEMO, "0123-ABCD").verify {
        checked.expect(&app, request, 400).await;
    }
}

/// A person who did not ask for a reset cancels it; once more is no failure.
async fn cancellations(checked: &mut Checked) {
    let app = TestApp::start().await;
    for way in 0..2 {
        let token = app.fresh_token().await;
        let cancel = &cancel(&token)[way];
        checked.expect(&app, cancel_page(&token), 200).await;
        checked.expect(&app, cancel.clone(), 200).await;
        checked.expect(&app, cancel.clone(), 200).await;
        app.clock.advance(Duration::from_mins(30));
        checked.expect(&app, cancel_page(&token), 400).await;
    }
}

/// What is refused for its form, at each operation.
async fn bad_requests(checked: &mut Checked) {
    let app = TestApp::start().await;
    for (method, path) in checked.operations() {
        checked.expect(&app, bare("DELETE", &path), 405).await;
        if let Some(content_type) = checked.document.request_type(&method, &path) {
            let request = bare(&method, &path).header("content-type", &content_type);
            checked.expect(&app, request.clone(), 400).await;
            let large = request.body("x".repeat(16 * 1024 + 1));
            checked.expect(&app, large, 413).await;
            checked.expect(&app, bare(&method, &path), 415).await;
        }
    }
    for dialect in dialects() {
        checked.expect(&app, dialect.malformed_request(), 400).await;
        // One of them answers any text as it answers an address.
        checked.send(&app, dialect.request("nobody")).await;
        for request in uses_of_a_link(dialect) {
            checked.expect(&app, request.clone(), 400).await;
            checked.expect(&app, of_no_app(request), 400).await;
        }
        let request = of_no_app(dialect.request(DEMO));
        checked.expect(&app, request, 400).await;
    }
    for request in cancel(DEAD_TOKEN) {
        checked.expect(&app, request.clone(), 400).await;
        checked.expect(&app, of_no_app(request), 400).await;
    }
    for page in [
        bare("GET", "/auth/forgot-password"),
        bare("GET", "/auth/reset-code"),
        cancel_page(DEAD_TOKEN),
    ] {
        checked.expect(&app, of_no_app(page), 400).await;
    }
}

/// The request for an app that does not exist, as pages and as all others name it.
fn of_no_app(mut request: ApiRequest) -> ApiRequest {
    request.headers.retain(|(name, _)| name != "X-App-Name");
    request.target.push_str("?app=nobody");
    request.header("X-App-Name", "nobody")
}

async fn refusals_of_the_gateway(checked: &mut Checked) {
    let app = TestApp::start().await;
    for (method, path) in checked.operations() {
        let no_host = bare(&method, &path).header("host", "a b");
        checked.expect(&app, no_host, 403).await;
        let large = bare(&method, &path).body(vec![b'x'; 10 * 1024 * 1024 + 1]);
        checked.expect(&app, large, 413).await;
    }
}

async fn switched_off(checked: &mut Checked) {
    let app = TestApp::with("enabled", false).await;
    for (method, path) in checked.operations() {
        let status = match path.as_str() {
            path if path.ends_with("/settings") => 200,
            path if path.starts_with("/account/") => 400,
            // What was asked for before can be cancelled: this link is dead, these bodies are none.
            path if path.starts_with("/auth/cancel-reset/") && method == "GET" => 400,
            path if path.contains("/cancel-reset") => 415,
            "/.well-known/change-password" => 303,
            _ => 403,
        };
        checked.expect(&app, bare(&method, &path), status).await;
    }
}

async fn limits(checked: &mut Checked) {
    let app = TestApp::with("limits.source_requests", 1).await;
    app.request_reset("first@example.com").await;
    let requests = dialects().iter().map(|it| it.request(DEMO));
    for request in requests.chain(ByCode::new(DEMO, "0123-ABCD").all()) {
        checked.expect_limited(&app, request).await;
    }
    let app = TestApp::with("limits.password_rejections", 1).await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    app.confirm_link(&token, "password").await;
    let by_link = dialects().iter().map(|it| confirm(it, &token));
    for request in by_link.chain(ByCode::new(DEMO, &code).confirm) {
        let request = request.header("idempotency-key", "mSqVCJHsRxy0Vq3mXy8bJA");
        checked.expect_limited(&app, request).await;
    }
}

/// What is answered when each call of the store meets this fault.
async fn failures(checked: &mut Checked, fault: Fault, status: u16) {
    let app = TestApp::start().await;
    for operation in ["UpdateItem", "GetItem"] {
        app.aws.fail(operation, fault.clone());
    }
    for dialect in dialects() {
        checked.expect(&app, dialect.request(DEMO), status).await;
        for request in uses_of_a_link(dialect) {
            checked.expect(&app, request, status).await;
        }
    }
    let by_code = ByCode::new(DEMO, "0123-ABCD").all();
    let cancel = cancel(DEAD_TOKEN)
        .into_iter()
        .chain([cancel_page(DEAD_TOKEN)]);
    for request in by_code.chain(cancel) {
        checked.expect(&app, request, status).await;
    }
}

#[tokio::test]
async fn what_is_said_in_any_language_is_as_documented() {
    let app = TestApp::start().await;
    let document = Document::load();
    for language in Language::all() {
        for dialect in dialects() {
            let request = dialect.malformed_request();
            let request = request.header("accept-language", language.tag());
            let answer = app.send(request).await;
            let said = answer.0.header("content-language");
            assert_eq!(said, Some(language.tag()), "{}", dialect.name);
            let checked = document.check("POST", dialect.request.0, &answer.0);
            assert_eq!(checked, Ok(()), "{language:?}");
        }
    }
}

#[tokio::test]
async fn a_path_that_is_not_listed_is_answered_as_the_document_says() {
    let app = TestApp::start().await;
    let document = Document::load();
    for target in [
        "/v1",
        "/v2/request-reset",
        "/v1/settings/",
        "/app/nothing",
        "/auth/reset-code/nothing",
        "/auth/cancel-reset",
    ] {
        assert_eq!(document.path_of(target), None);
        let answer = app.get(target).await;
        assert_eq!(document.check_unlisted(target, &answer.0), Ok(()));
    }
}

/// A way to spoil an answer, and what is then said of it.
type Spoiled = (Box<dyn Fn(&mut ApiResponse)>, &'static str);

fn without(name: &'static str, said: &'static str) -> Spoiled {
    let remove = move |it: &mut ApiResponse| it.headers.retain(|(its, _)| its != name);
    (Box::new(remove), said)
}

fn with(name: &'static str, value: &'static str, said: &'static str) -> Spoiled {
    let replace = move |it: &mut ApiResponse| {
        it.headers.retain(|(its, _)| its != name);
        it.headers.push((name.into(), value.into()));
    };
    (Box::new(replace), said)
}

fn with_body(body: &'static str, said: &'static str) -> Spoiled {
    (Box::new(|it| it.body = body.into()), said)
}

/// A body with one text in the place of another.
fn changed(from: &'static str, to: &'static str, said: &'static str) -> Spoiled {
    let change = move |it: &mut ApiResponse| {
        let body = String::from_utf8_lossy(&it.body);
        assert_contains(&body, from);
        it.body = body.replace(from, to).into_bytes();
    };
    (Box::new(change), said)
}

fn assert_noticed(method: &str, path: &str, answer: &ApiResponse, spoiled: &[Spoiled]) {
    let document = Document::load();
    assert_eq!(document.check(method, path, answer), Ok(()));
    for (spoil, said) in spoiled {
        let mut answer = answer.clone();
        spoil(&mut answer);
        let problem = document.check(method, path, &answer);
        let problem = problem.expect_err("it is noticed");
        assert!(problem.contains(said), "{problem} instead of {said}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_as_documented_is_noticed() {
    let app = TestApp::start().await;
    let path = "/v1/request-reset";
    let accepted = app.request_reset(DEMO).await.0;
    let spoiled = [
        (
            Box::new(|it: &mut ApiResponse| it.status = 200) as _,
            "200 is not documented",
        ),
        changed("accepted", "sent", "the body is wrong"),
        changed("{", "{\"known\":true,", "the body is wrong"),
        with_body("{", "no JSON"),
        with("content-type", "text/html", "text/html"),
        without("cache-control", "Cache-Control is missing"),
        with("x-frame-options", "ALLOWALL", "X-Frame-Options is wrong"),
        with("x-user-known", "yes", "x-user-known is not documented"),
        without("apigw-requestid", "Apigw-Requestid is missing"),
    ];
    assert_noticed("POST", path, &accepted, &spoiled);
    assert!(Document::load().check("PATCH", path, &accepted).is_err());

    let refused = app.send(ApiRequest::new("DELETE", path)).await.0;
    let spoiled = [without("allow", "Allow is missing")];
    assert_noticed("POST", path, &refused, &spoiled);
}

#[tokio::test]
async fn a_page_that_is_not_as_documented_is_noticed() {
    let app = TestApp::start().await;
    let page = app.send(bare("GET", "/auth/forgot-password")).await.0;
    let (policy, language) = ("content-security-policy", "content-language");
    let (kind, other) = ("data-page=\"request\"", "data-page=\"sent\"");
    let elsewhere = "0; url=https://evil.example";
    let spoiled = [
        with_body("<html></html>", "the body is wrong"),
        changed(kind, other, "the body is wrong"),
        with(policy, "none", "Content-Security-Policy is wrong"),
        without(language, "Content-Language is missing"),
        with(language, "tlh", "Content-Language is wrong"),
        with("refresh", elsewhere, "refresh is not documented"),
    ];
    assert_noticed("GET", "/auth/forgot-password", &page, &spoiled);

    let path = "/.well-known/change-password";
    let redirect = app.send(bare("GET", path)).await.0;
    let spoiled = [
        without("location", "Location is missing"),
        with("location", "https://evil.example", "Location is wrong"),
    ];
    assert_noticed("GET", path, &redirect, &spoiled);
}

#[tokio::test]
async fn a_problem_that_is_not_documented_there_is_noticed() {
    let app = TestApp::start().await;
    let (is, other) = ("invalid-request", "too-many-requests");
    let spoiled = [changed(is, other, "not in x-problems")];
    for dialect in dialects() {
        if ["novel", "backstack"].contains(&dialect.name) {
            let refused = app.send(dialect.malformed_request()).await.0;
            assert_noticed("POST", dialect.request.0, &refused, &spoiled);
        }
    }
}

#[tokio::test]
async fn a_body_where_none_is_documented_is_noticed() {
    let app = TestApp::start().await;
    let accepted = app.post("/auth/forgot", &json!({ "email": DEMO })).await.0;
    let spoiled = [with_body("{}", "none is documented")];
    assert_noticed("POST", "/auth/forgot", &accepted, &spoiled);
}

#[tokio::test]
async fn the_services_own_headers_are_missed_on_its_own_answers_alone() {
    let app = TestApp::with("limits.source_requests", 1).await;
    app.request_reset("first@example.com").await;
    let limited = app.request_reset(DEMO).await.0;
    let spoiled = [
        without("retry-after", "Retry-After is missing"),
        with("retry-after", "soon", "Retry-After is wrong"),
    ];
    assert_noticed("POST", "/v1/request-reset", &limited, &spoiled);

    let request = ApiRequest::new("POST", "/v1/request-reset").header("host", "a b");
    let of_gateway = app.send(request).await.0;
    assert_eq!(of_gateway.header("cache-control"), None);
    assert_noticed("POST", "/v1/request-reset", &of_gateway, &[]);
}
