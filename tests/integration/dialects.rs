//! Many wire formats, one core: the same protections in each.

use std::time::Duration;

use integration_tests::app::{
    Answer, DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_contains, assert_invalid, assert_ok,
};
use integration_tests::apps::{app_with, one_app};
use integration_tests::dialects::{DialectClient, dialects, form, shown};
use integration_tests::mailbox::{code_in, token_in};
use integration_tests::{Fault, TestApp};
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};

const ORIGIN: &str = "https://app.example.com";

/// An answer to the byte, without what names the request or repeats the address.
fn comparable(answer: &Answer, email: &str) -> (u16, Vec<(String, String)>, String) {
    let (status, headers, body) = answer.without_ids();
    let body = String::from_utf8_lossy(&body).replace(email, "[email]");
    (status, headers, body)
}

async fn token_by(app: &TestApp, dialect: &DialectClient, email: &str) -> String {
    let answer = app.send(dialect.request(email)).await;
    assert_eq!(answer.status(), dialect.request.1, "{}", dialect.name);
    app.deliver().await;
    token_in(&app.last_mail())
}

#[tokio::test]
async fn a_token_of_one_dialect_can_be_spent_through_another() {
    for (index, issuing) in dialects().iter().enumerate() {
        let spending = &dialects()[(index + 1) % dialects().len()];
        let app = TestApp::start().await;
        let token = token_by(&app, issuing, DEMO).await;
        let answer = app.send(spending.confirm(DEMO, &token, NEW_PASSWORD)).await;
        assert_eq!(
            answer.status(),
            spending.confirmed,
            "{} {answer:?}",
            spending.name
        );
        assert!(app.password_is(NEW_PASSWORD).await);
    }
}

#[tokio::test]
async fn whether_an_account_exists_shows_in_none() {
    for dialect in dialects() {
        let app = TestApp::start().await;
        app.add_user("off", "off@example.com", OLD_PASSWORD).await;
        app.disable_user("off").await;
        let ask = async |email: &str| {
            let answer = app.send(dialect.request(email)).await;
            (comparable(&answer, email), app.aws.take_calls())
        };
        let known = ask(DEMO).await;
        // The second time comes too early.
        for email in [DEMO, "nobody@example.com", "off@example.com"] {
            assert_eq!(ask(email).await, known, "{} {email}", dialect.name);
        }
    }
}

#[tokio::test]
async fn an_invalid_token_looks_the_same_however_it_came_to_be() {
    for dialect in dialects() {
        let app = TestApp::start().await;
        let used = token_by(&app, dialect, DEMO).await;
        app.send(dialect.confirm(DEMO, &used, NEW_PASSWORD)).await;
        app.clock.advance(Duration::from_mins(1));
        let expired = token_by(&app, dialect, DEMO).await;
        app.clock.advance(Duration::from_mins(30));
        let cancelled = token_by(&app, dialect, DEMO).await;
        assert_ok(&app.cancel(&cancelled).await);
        let unknown = format!("fpr_{}", "A".repeat(64));
        let mut tokens = vec![cancelled.as_str(), &unknown, "nonsense", "fpr_"];
        // Problem details and pages tell a person who holds a link that it was used or has expired.
        let dead = app
            .send(dialect.confirm(DEMO, &unknown, NEW_PASSWORD))
            .await;
        if dead.0.header("content-type") == Some("application/json") {
            tokens.extend([used.as_str(), &expired]);
        }
        let mut answers = Vec::new();
        for token in tokens {
            let confirmed = app.send(dialect.confirm(DEMO, token, NEW_PASSWORD)).await;
            answers.push(comparable(&confirmed, DEMO));
            if let Some(verify) = dialect.verify(token) {
                let verified = app.send(verify).await;
                assert_eq!(verified.status(), 400, "{} {token}", dialect.name);
            }
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{}: {answers:#?}", dialect.name);
    }
}

#[tokio::test]
async fn every_format_refuses_the_same_attacks() {
    for dialect in dialects() {
        let app = TestApp::start().await;
        let token = token_by(&app, dialect, DEMO).await;
        let unknown = format!("fpr_{}", "B".repeat(64));
        app.clock.advance(Duration::from_mins(2));
        // FlowFuse answers any text alike, counts its source, and does nothing else.
        let no_address = dialect.no_address;
        let counted = if no_address == 200 { 3 } else { 0 };
        let (path, _) = dialect.request;
        let odd = |email: Value| dialect.request_with(&json!({ dialect.address: email }));
        let confirm = |token: &str, password: &str| dialect.confirm(DEMO, token, password);
        let xml = ApiRequest::new("POST", path).header("content-type", "text/xml");
        let huge = "x".repeat(3 * 1024 * 1024);
        let attacks: Vec<(&str, ApiRequest, u16)> = vec![
            ("malformed", dialect.malformed_request(), 400),
            ("no body", dialect.malformed_request().body(""), 400),
            ("no address", dialect.request("nobody"), no_address),
            ("two addresses", odd(json!([DEMO, "x@evil.example"])), 400),
            ("an object", odd(json!({ "S": DEMO })), 400),
            (
                "a header",
                dialect.request("a@example.com\r\nBcc: x@evil.example"),
                no_address,
            ),
            (
                "a look-alike",
                dialect.request("demo@\u{ff45}xample.com"),
                no_address,
            ),
            ("a huge body", dialect.request(&huge), 413),
            ("another content type", xml.body("<x/>"), 415),
            ("another method", ApiRequest::new("DELETE", path), 405),
            ("a huge password", confirm(&token, &huge), 413),
            ("a blank password", confirm(&token, " "), 400),
            ("an unknown token", confirm(&unknown, NEW_PASSWORD), 400),
        ];
        app.aws.forget_calls();
        for (attack, request, status) in attacks {
            let answer = app.send(request).await;
            assert_eq!(
                answer.status(),
                status,
                "{} {attack} {answer:?}",
                dialect.name
            );
        }
        // Of all these, only the unknown token was worth a look.
        let calls = [vec!["UpdateItem"; counted], vec!["GetItem"]].concat();
        assert_eq!(app.aws.take_calls(), calls, "{}", dialect.name);
        app.deliver().await;
        assert_eq!(app.ses.mails().len(), 1, "{}", dialect.name);
        let answer = app.send(dialect.confirm(DEMO, &token, NEW_PASSWORD)).await;
        assert_eq!(answer.status(), dialect.confirmed, "{}", dialect.name);
    }
}

#[tokio::test]
async fn switched_off_every_dialect_is_off() {
    let app = TestApp::with("enabled", false).await;
    for dialect in dialects() {
        let status = if dialect.name == "flowfuse" { 400 } else { 403 };
        for request in [
            dialect.request(DEMO),
            dialect.confirm(DEMO, "fpr_x", NEW_PASSWORD),
        ] {
            let answer = app.send(request).await;
            assert_eq!(answer.status(), status, "{}", dialect.name);
            if dialect.name == "flowfuse" {
                assert_eq!(answer.json()["code"], "password_reset_unavailable");
            }
        }
    }
    // What was asked for before can be cancelled.
    assert_invalid(&app.cancel("fpr_x").await);
    assert!(app.items("").await.is_empty());
    for (app, enabled) in [(app, false), (TestApp::start().await, true)] {
        for path in ["/v1/settings", "/api/v1/settings"] {
            let answer = app.get(path).await;
            assert_eq!(answer.json()["user:reset-password"], enabled, "{path}");
        }
    }
}

#[tokio::test]
async fn a_frontend_may_send_more_than_is_needed() {
    for dialect in dialects().iter().filter(|dialect| dialect.name != "native") {
        let app = TestApp::start().await;
        let request = dialect.request_with(&json!({ dialect.address: DEMO, "remember": "yes" }));
        assert_eq!(
            app.send(request).await.status(),
            dialect.request.1,
            "{}",
            dialect.name
        );
    }
}

#[tokio::test]
async fn novel_and_razi_want_the_address_of_the_token() {
    for name in ["novel", "razi"] {
        let dialect = dialects()
            .iter()
            .find(|it| it.name == name)
            .expect("a dialect");
        let app = TestApp::start().await;
        app.add_user("other", "other@example.com", OLD_PASSWORD)
            .await;
        let token = token_by(&app, dialect, DEMO).await;
        let answer = app
            .send(dialect.confirm("other@example.com", &token, NEW_PASSWORD))
            .await;
        let name_of_problem = match name {
            "novel" => answer.json()["error"]["code"].clone(),
            _ => answer.problem().into(),
        };
        assert_eq!(name_of_problem, "invalid-token", "{name}");
        let answer = app
            .send(dialect.confirm("DEMO@example.com", &token, NEW_PASSWORD))
            .await;
        assert_eq!(answer.status(), dialect.confirmed, "{name}");
    }
}

#[tokio::test]
async fn razi_takes_the_short_code_too_and_puts_the_token_into_its_own_link() {
    let app = TestApp::start().await;
    let path = "/v1/authentication/users/password/reset-request/email";
    let url = "https://app.example.com/reset?verificationCode={{code}}";
    let body = json!({ "email": DEMO, "resetPasswordUrl": url });
    let request = ApiRequest::new("POST", path).header("X-App-Name", "main");
    let mail = app.mailed(request.json(&body)).await;
    let text = mail.text.clone().unwrap_or_default();
    let link = format!(
        "https://app.example.com/reset?verificationCode={}",
        token_in(&mail)
    );
    assert_contains(&text, &link);

    let body = json!({
        "email": DEMO, "verificationCode": code_in(&mail), "newPassword": NEW_PASSWORD
    });
    let request = ApiRequest::new("PUT", "/v1/authentication/users/password").json(&body);
    assert_ok(&app.send(request).await);
    assert!(app.password_is(NEW_PASSWORD).await);

    for evil in [
        "https://evil.example/?c={{code}}",
        "https://app.example.com/reset",
        "//evil",
    ] {
        let body = json!({ "email": "new@example.com", "resetPasswordUrl": evil });
        let answer = app.post(path, &body).await;
        answer.assert_problem(400, "invalid-request");
    }
    let request = ApiRequest::new("POST", path).header("X-App-Name", "nobody");
    let answer = app.send(request.json(&json!({ "email": DEMO }))).await;
    assert_eq!(answer.problem(), "unknown-app");
}

#[tokio::test]
async fn backstack_gets_public_attributes_of_the_user_and_never_a_secret() {
    let app = TestApp::start().await;
    for (name, value) in [
        ("username", json!("demo1")),
        ("name", json!("Demo Person")),
        ("created", json!(1_700_000_000)),
        ("last_login", json!("2026-01-31T09:30:00Z")),
        ("plan", json!("gold")),
    ] {
        app.set_user("demo", name, value).await;
    }
    let token = app.fresh_token().await;
    let body = json!({ "token": token, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD });
    let answer = app.post("/app/reset-password", &body).await;
    let expected = json!({
        "id": "demo",
        "created": 1_700_000_000,
        "last_login": "2026-01-31T09:30:00Z",
        "username": "demo1",
        "name": "Demo Person",
        "email": DEMO,
    });
    assert_eq!(answer.json(), expected);
}

/// A body with these fields besides.
fn with(mut body: Value, fields: &Value) -> Value {
    let all = body.as_object_mut().expect("an object");
    all.extend(fields.as_object().expect("an object").clone());
    body
}

#[tokio::test]
async fn a_confirmation_that_is_no_text_is_none() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    for (path, fields) in [
        ("/app/reset-password", json!({ "confirm": null })),
        ("/app/reset-password", json!({ "confirm": true })),
        ("/app/reset-password", json!({})),
        ("/v1/confirm-reset", json!({ "confirm": true })),
    ] {
        let body = with(json!({ "token": token, "password": NEW_PASSWORD }), &fields);
        assert_eq!(app.post(path, &body).await.status(), 400, "{path} {fields}");
    }
    assert!(app.password_is(OLD_PASSWORD).await);
}

#[tokio::test]
async fn null_is_taken_for_every_field_that_may_be_left_out() {
    let app = TestApp::start().await;
    for (path, fields) in [
        (
            "/v1/request-reset",
            json!({ "locale": null, "resetPasswordUrl": null }),
        ),
        (
            "/v1/authentication/users/password/reset-request/email",
            json!({ "resetPasswordUrl": null }),
        ),
    ] {
        let body = with(json!({ "email": "nobody@example.com" }), &fields);
        assert!(app.post(path, &body).await.status() < 300, "{path}");
    }
    for (path, fields) in [
        (
            "/v1/confirm-reset",
            json!({ "confirm": null, "email": null, "code": null }),
        ),
        (
            "/app/reset-password",
            json!({ "confirm": NEW_PASSWORD, "confirm_password": null }),
        ),
        (
            "/app/reset-password",
            json!({ "confirm": null, "confirm_password": NEW_PASSWORD }),
        ),
    ] {
        let token = app.fresh_token().await;
        let verify = json!({ "token": token, "email": null, "code": null });
        assert_eq!(app.post("/v1/verify-token", &verify).await.status(), 200);
        let body = with(json!({ "token": token, "password": NEW_PASSWORD }), &fields);
        assert_eq!(app.post(path, &body).await.status(), 200, "{path} {fields}");
        app.clock.advance(Duration::from_mins(1));
    }
    let app = TestApp::start().await;
    let code = app.fresh_code().await;
    let body = json!({ "token": null, "email": DEMO, "code": code, "password": NEW_PASSWORD });
    assert_eq!(app.post("/v1/confirm-reset", &body).await.status(), 200);
}

#[tokio::test]
async fn errors_speak_of_fields_by_what_they_are_whatever_their_names() {
    let app = TestApp::start().await;
    let path = "/v1/authentication/users/password";
    let answer = app
        .send(ApiRequest::new("PUT", path).json(&json!({})))
        .await;
    let expected = json!([
        { "pointer": "#/email", "detail": "Enter your email address." },
        { "pointer": "#/verificationCode", "detail": "Enter the code." },
        { "pointer": "#/newPassword", "detail": "Enter a password." },
    ]);
    assert_eq!(answer.json()["errors"], expected);
    let body = json!({ "token": "x", "password": NEW_PASSWORD, "confirm_password": 1 });
    let answer = app.post("/app/reset-password", &body).await;
    let fields = &answer.json()["error"]["fields"];
    let expected = "The second password must be text.";
    assert_eq!(fields["confirm_password"], expected);
}

/// What the snapshot of its flow does not have.
#[tokio::test]
async fn backstack_errors_say_whether_user_or_frontend_is_wrong() {
    let app = TestApp::start().await;
    let ask = |body: Value| ApiRequest::new("POST", "/app/forgot-password").json(&body);
    let ours = "This page does not work as it should. Please reload it and try again.";
    for (request, kind, fields) in [
        (
            ask(json!({})),
            "user",
            json!({ "email": "Enter your email address." }),
        ),
        (
            ApiRequest::new("GET", "/app/reset-password/fpr_x"),
            "user",
            json!([]),
        ),
        (
            ask(json!({ "email": DEMO })).header("x-app-name", "nobody"),
            "codebase",
            json!({ "email": ours }),
        ),
    ] {
        let method = request.method.to_lowercase();
        let error = app.send(request).await.json()["error"].clone();
        assert_eq!(error["request_method"], method);
        assert_eq!(error["code"], 400, "{error}");
        assert_eq!(error["type"], kind, "{error}");
        assert_eq!(error["fields"], fields);
    }
}

/// The frontends of Novel and Backstack read a sentence from where they show it, whatever it is that
/// went wrong.
#[tokio::test]
async fn limits_and_outages_are_in_the_field_that_the_frontend_shows() {
    let app = TestApp::with("limits.source_requests", 1).await;
    let ask = |path: &str| ApiRequest::new("POST", path).json(&json!({ "email": DEMO }));
    app.send(ask("/auth/forgot")).await;
    for (status, name) in [(429, "too-many-requests"), (503, "service-unavailable")] {
        if status == 503 {
            app.aws.fail("UpdateItem", Fault::INTERNAL);
        }
        let novel = app.send(ask("/auth/forgot")).await;
        assert_eq!(novel.status(), status);
        let error = &novel.json()["error"];
        assert_eq!(error["code"], name);
        assert_eq!(error["context"], json!({}));
        let sentence = error["message"].as_str().expect("a sentence").to_owned();
        let backstack = app.send(ask("/app/forgot-password")).await;
        assert_eq!(backstack.status(), status);
        assert_eq!(backstack.json()["error"]["fields"]["email"], sentence);
    }
}

#[tokio::test]
async fn flowfuse_answers_any_text_and_counts_it() {
    let app = TestApp::with("limits.source_requests", 3).await;
    let ask = |email: Value| {
        let path = "/account/forgot_password";
        ApiRequest::new("POST", path).json(&json!({ "email": email }))
    };
    let known = app.send(ask(json!(DEMO))).await;
    let requests = app.items("request#").await;
    for text in ["not an address", ""] {
        let answer = app.send(ask(json!(text))).await;
        assert_eq!(shown(&answer.0, &[]), shown(&known.0, &[]));
    }
    assert_eq!(app.items("request#").await, requests);
    assert_eq!(app.send(ask(json!("again"))).await.status(), 429);
    for wrong in [json!(1), json!([DEMO]), json!(null)] {
        assert_eq!(app.send(ask(wrong)).await.status(), 400);
    }
}

#[tokio::test]
async fn a_frontend_that_names_no_app_speaks_for_the_one_of_its_format() {
    let apps = json!({ "main": one_app("main", "Main"), "shop": one_app("shop", "Shop") });
    let builder = TestApp::builder().apps(&apps);
    let app = builder
        .setting("wire_formats.backstack", "shop")
        .start()
        .await;
    for (path, named, meant) in [
        ("/app/forgot-password", "", "shop"),
        ("/app/forgot-password", "main", "main"),
        ("/auth/forgot", "", "main"),
        ("/account/forgot_password", "", "main"),
    ] {
        app.clock.advance(Duration::from_mins(2));
        let request = ApiRequest::new("POST", path).header("x-app-name", named);
        app.send(request.json(&json!({ "email": DEMO }))).await;
        app.deliver().await;
        let subject = app.last_mail().subject.to_lowercase();
        assert!(subject.contains(meant), "{path} {named}: {subject}");
        // Each app has limits of its own, and this test asks more often than one of them allows.
        app.clock.advance(Duration::from_hours(2));
    }
}

#[tokio::test]
async fn a_link_to_http_is_mailed_only_where_the_app_says_so() {
    let link = "http://intranet.example/reset?code={{code}}";
    let ask = |link: &str| {
        let path = "/v1/authentication/users/password/reset-request/email";
        let body = json!({ "email": DEMO, "resetPasswordUrl": link });
        ApiRequest::new("POST", path)
            .header("x-app-name", "")
            .json(&body)
    };
    let refused = "The link has to begin with https.";
    let app = TestApp::start().await;
    let answer = app.send(ask(link)).await;
    assert_eq!(answer.json()["errors"][0]["detail"], refused);

    let mut entry = one_app("main", "Main");
    entry["allowed_redirects"] = json!(["http://intranet.example/reset"]);
    entry["insecure_redirects"] = json!(true);
    let app = app_with(&json!({ "main": entry })).await;
    let mail = app.mailed(ask(link)).await;
    let text = mail.text.clone().unwrap_or_default();
    let mailed = format!("http://intranet.example/reset?code={}", token_in(&mail));
    assert_contains(&text, &mailed);
    for elsewhere in [
        "http://evil.example/reset?code={{code}}",
        "https://intranet.example/reset?code={{code}}",
    ] {
        let detail = app.send(ask(elsewhere)).await.json()["errors"][0]["detail"].clone();
        assert_eq!(
            detail, "Links to this web address are not allowed for this app.",
            "{elsewhere}"
        );
    }
}

#[tokio::test]
async fn a_form_comes_back_with_what_was_typed_and_the_error_at_its_field() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let link = format!("/auth/forgot-password/{token}");
    let secrets = [("password", NEW_PASSWORD), ("confirm", OLD_PASSWORD)];
    for (path, fields, kind, field, error) in [
        (
            "/auth/forgot-password",
            vec![("email", "no\"<body>")],
            "request",
            "email",
            "Enter a valid email address, such as name@example.com.",
        ),
        (
            "/auth/reset-code",
            vec![("email", "no\"<body>"), ("code", " ")],
            "code",
            "code",
            "Enter the code.",
        ),
        (
            &link,
            [vec![("email", "no\"<body>")], secrets.to_vec()].concat(),
            "reset",
            "confirm",
            "The two passwords are not the same.",
        ),
    ] {
        let answer = app.send(form(path, &fields)).await;
        assert_eq!(answer.status(), 400, "{path}");
        let page = answer.text();
        for part in [
            format!("<main data-page=\"{kind}\""),
            "value=\"no&#34;&#60;body&#62;\"".to_owned(),
            format!("aria-describedby=\"{field}-error\" aria-invalid=\"true\""),
            format!("id=\"{field}-error\" role=\"alert\">{error}"),
        ] {
            assert!(page.contains(&part), "{path} {part} {page}");
        }
        assert_eq!(page.matches("\" autofocus").count(), 1, "{path} {page}");
        let kept = secrets.iter().find(|(_, secret)| page.contains(secret));
        assert_eq!(kept, None, "{path}");
    }
}

/// What the frontends of other systems send besides.
const SENT_HEADERS: [&str; 5] = [
    "authorization",
    "content-type",
    "idempotency-key",
    "x-app-name",
    "x-provider-id",
];

#[tokio::test]
async fn a_preflight_works_for_each_route_from_an_allowed_origin_only() {
    let app = TestApp::start().await;
    for route in shared::http::routes() {
        let path = route.path.replace("{token}", "fpr_x");
        let preflight = |origin: &str| {
            ApiRequest::new("OPTIONS", &path)
                .header("origin", origin)
                .header("access-control-request-method", route.method)
                .header("access-control-request-headers", &SENT_HEADERS.join(","))
        };
        let allowed = app.send(preflight(ORIGIN)).await;
        let said = |name: &str| allowed.0.header(name).unwrap_or_default().to_lowercase();
        assert_eq!(said("access-control-allow-origin"), ORIGIN, "{path}");
        assert_eq!(said("access-control-allow-credentials"), "true", "{path}");
        let methods = said("access-control-allow-methods");
        assert!(
            methods.contains(&route.method.to_lowercase()),
            "{path}: {methods}"
        );
        let headers = said("access-control-allow-headers");
        let headers: Vec<_> = headers.split(',').collect();
        assert_eq!(headers, SENT_HEADERS, "{path}");
        let other = app.send(preflight("https://evil.example")).await;
        assert_eq!(
            other.0.header("access-control-allow-origin"),
            None,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_allowed_origin_may_read_every_answer_and_no_other_may() {
    let app = TestApp::start().await;
    let requests = || {
        [
            (ApiRequest::new("GET", "/v1/settings"), 200),
            (ApiRequest::new("GET", "/v1/nothing"), 404),
            (ApiRequest::new("POST", "/v1/request-reset").body("x"), 415),
            (ApiRequest::new("DELETE", "/app/forgot-password"), 405),
            (dialects()[2].request(DEMO), 204),
        ]
    };
    for (origin, expected) in [(ORIGIN, Some(ORIGIN)), ("https://evil.example", None)] {
        for (request, status) in requests() {
            let answer = app.send(request.header("origin", origin)).await;
            assert_eq!(answer.status(), status);
            let allowed = answer.0.header("access-control-allow-origin");
            assert_eq!(allowed, expected, "{status}");
            let credentials = answer.0.header("access-control-allow-credentials");
            assert_eq!(credentials, expected.map(|_| "true"), "{status}");
            let exposed = answer.0.header("access-control-expose-headers");
            assert_eq!(exposed, expected.map(|_| "retry-after"), "{status}");
        }
    }
}
