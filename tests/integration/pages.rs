//! The pages, as a browser without a script uses them.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use integration_tests::TestApp;
use integration_tests::app::{
    Answer, DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_contains, assert_ok,
};
use integration_tests::apps::{app_with, one_app};
use integration_tests::aws_proxy::Fault;
use integration_tests::dialects::form;
use integration_tests::mailbox::{code_in, token_in};
use local_stack::api_gateway::ApiRequest;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use shared::domain::{LinkSecret, LinkToken};

/// Whether it is a page of this kind.
fn is_page(answer: &Answer, status: u16, kind: &str) -> bool {
    let shown = answer.text().contains(&format!("data-page=\"{kind}\""));
    answer.status() == status && shown
}

#[track_caller]
fn assert_page(answer: &Answer, status: u16, kind: &str) {
    assert!(is_page(answer, status, kind), "{answer:?}");
}

#[tokio::test]
async fn the_page_behind_a_link_changes_the_password_and_leads_to_the_login() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let path = format!("/auth/forgot-password/{token}");
    let fields = [("password", NEW_PASSWORD), ("confirm", NEW_PASSWORD)];
    let done = app.send(form(&path, &fields)).await;
    assert_page(&done, 200, "done");
    let next = "5; url=https://app.example.com/login";
    assert_eq!(done.0.header("refresh"), Some(next));
    assert_contains(&done.text(), "Password changed successfully.");
}

#[tokio::test]
async fn the_page_after_a_request_is_the_same_for_everybody() {
    let app = TestApp::start().await;
    let mut pages = Vec::new();
    // The second one for the demo account comes too early.
    for email in [DEMO, "nobody@example.com", DEMO] {
        let sent = app
            .send(form("/auth/forgot-password", &[("email", email)]))
            .await;
        assert_page(&sent, 200, "sent");
        pages.push(sent.text().replace(email, "[email]"));
    }
    assert!(pages[0] == pages[1] && pages[0] == pages[2]);
    assert!(pages[0].contains("check your inbox") && pages[0].contains(" disabled "));
}

#[tokio::test]
async fn a_code_leads_to_the_same_page_as_the_link() {
    let app = TestApp::start().await;
    let code = code_in(&app.mailed_reset(DEMO).await);
    assert_page(&app.get("/auth/reset-code").await, 200, "code");

    let enter = |code: &str| form("/auth/reset-code", &[("email", DEMO), ("code", code)]);
    let wrong = app.send(enter("0000-0000")).await;
    assert_page(&wrong, 400, "code");
    assert!(wrong.text().contains(DEMO), "the address is still there");
    let marked = "aria-describedby=\"code-error\" aria-invalid=\"true\" autofocus";
    assert!(wrong.text().contains(marked), "{}", wrong.text());
    let typed = code.to_lowercase().replace('-', " ");
    let right = app.send(enter(&typed)).await;
    assert_page(&right, 200, "reset");
    let shown = right.text();
    let action = "action=\"/auth/reset-code/password?app=main\"";
    assert_contains(&shown, action);
    assert_contains(&shown, &format!("name=\"code\" value=\"{typed}\""));

    let nothing = app.send(form("/auth/reset-code/password", &[])).await;
    assert_page(&nothing, 400, "reset");
    let shown = nothing.text();
    assert_contains(&shown, "Enter your email address.");
    assert_contains(&shown, "Enter the code.");

    let choose = |password: &str| {
        let fields = [
            ("email", DEMO),
            ("code", typed.as_str()),
            ("password", password),
            ("confirm", password),
        ];
        form("/auth/reset-code/password?app=main", &fields)
    };
    let weak = app.send(choose("password")).await;
    assert_page(&weak, 422, "reset");
    assert_contains(&weak.text(), &format!("name=\"code\" value=\"{typed}\""));
    let done = app.send(choose(NEW_PASSWORD)).await;
    assert_page(&done, 200, "done");
    assert!(app.password_is(NEW_PASSWORD).await);
    let dead = app.send(choose(NEW_PASSWORD)).await;
    assert_page(&dead, 400, "problem");
    // A new one is offered to the address that was typed.
    let shown = dead.text();
    for part in [
        "Send a new link".to_owned(),
        "<form method=\"post\" action=\"/auth/forgot-password?app=main\">".to_owned(),
        format!("name=\"email\" value=\"{DEMO}\""),
    ] {
        assert!(shown.contains(&part), "{part} {shown}");
    }
}

#[tokio::test]
async fn an_address_goes_along_without_being_sent_anywhere() {
    let app = TestApp::start().await;
    let before = app.items("").await;
    for (path, expected) in [
        ("/auth/forgot-password?app=main", "request"),
        ("/auth/reset-code?app=main", "code"),
    ] {
        let fields = [("email", "an\"n@example.com"), ("edit", "yes")];
        let shown = app.send(form(path, &fields)).await;
        assert_page(&shown, 200, expected);
        assert_contains(&shown.text(), "value=\"an&#34;n@example.com\"");
        assert!(!shown.text().contains("\" aria-invalid=\"true\""));
    }
    assert_eq!(app.items("").await, before);
    // Where there is a secret, nothing is only shown.
    let token = app.fresh_token().await;
    let fields = [("password", "x"), ("confirm", "x"), ("edit", "yes")];
    let path = format!("/auth/forgot-password/{token}");
    assert_eq!(app.send(form(&path, &fields)).await.status(), 422);
    let unknown = form("/auth/forgot-password?app=nobody", &[("edit", "yes")]);
    assert_eq!(app.send(unknown).await.status(), 400);
}

#[tokio::test]
async fn a_form_that_only_carries_an_address_keeps_the_rules_of_forms() {
    let app = TestApp::start().await;
    let carried = "email=ann%40example.com&edit=yes";
    let large = format!("{carried}&{}", "x".repeat(16 * 1024));
    for path in ["/auth/forgot-password", "/auth/reset-code"] {
        let send = |body: &str| form(path, &[]).body(body.to_owned());
        let media_type = ApiRequest::new("POST", path).header("content-type", "text/plain");
        for (request, status) in [
            (send(carried), 200),
            (send("email=%E4%FF&edit=yes"), 400),
            (send(&format!("{carried}&email=b")), 400),
            (send(&large), 413),
            (media_type.body(carried), 415),
            (send(carried).header("origin", "https://evil.example"), 403),
        ] {
            let answer = app.send(request).await;
            assert_eq!(answer.status(), status, "{path}");
            assert!(!answer.text().contains('\u{fffd}'), "{path} {status}");
        }
    }
}

#[tokio::test]
async fn a_form_survives_what_passes() {
    let app = TestApp::with("limits.source_requests", 1).await;
    let send = || form("/auth/forgot-password", &[("email", "a@example.com")]);
    app.send(send()).await;
    let limited = app.send(send()).await;
    assert_page(&limited, 429, "request");
    let shown = limited.text();
    assert_contains(&shown, "Please try again in 10 minutes.");
    assert_contains(&shown, "a@example.com");

    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    app.aws.fail("TransactWriteItems", Fault::INTERNAL);
    let path = format!("/auth/forgot-password/{token}");
    let fields = [
        ("email", DEMO),
        ("password", NEW_PASSWORD),
        ("confirm", NEW_PASSWORD),
    ];
    let answer = app.send(form(&path, &fields)).await;
    assert_page(&answer, 503, "reset");
    assert!(answer.text().contains("try again"), "{}", answer.text());
    app.aws.clear_faults();
    assert_page(&app.send(form(&path, &fields)).await, 200, "done");
}

#[tokio::test]
async fn password_managers_find_the_way() {
    let app = TestApp::start().await;
    for method in ["GET", "HEAD"] {
        let path = "/.well-known/change-password";
        let answer = app.send(ApiRequest::new(method, path)).await;
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.0.header("location"), Some("/auth/forgot-password"));
    }
    // By this one they learn whether status codes can be relied on.
    let path = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(app.get(path).await.status(), 404);
    let token = app.fresh_token().await;
    let shown = app
        .get(&format!("/auth/forgot-password/{token}"))
        .await
        .text();
    for attribute in [
        "autocomplete=\"username\"",
        "autocomplete=\"new-password\"",
        "passwordrules=\"minlength: 8; maxlength: 128; allowed: unicode;\"",
        "readonly",
    ] {
        assert!(shown.contains(attribute), "{attribute}");
    }
    let shown = app.get("/auth/reset-code").await.text();
    assert_contains(&shown, "autocomplete=\"one-time-code\"");
}

/// What stands between each pair of these tags.
fn contents<'a>(page: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    page.split(&open)
        .skip(1)
        .filter_map(|rest| rest.split(&close).next())
        .collect()
}

#[tokio::test]
async fn the_policy_of_a_page_lets_its_own_style_and_script_in_and_nothing_else() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    for path in [
        "/auth/forgot-password".to_owned(),
        "/auth/reset-code".to_owned(),
        format!("/auth/forgot-password/{token}"),
        format!("/auth/cancel-reset/{token}"),
        "/auth/forgot-password/dead".to_owned(),
    ] {
        let answer = app.get(&path).await;
        let shown = answer.text();
        let policy = answer
            .0
            .header("content-security-policy")
            .expect("a policy");
        assert!(
            !policy.contains("unsafe") && !policy.contains("http"),
            "{policy}"
        );
        assert_contains(policy, "frame-ancestors 'none'");
        assert_contains(policy, "base-uri 'none'");
        let directive = |name: &str| {
            let mut directives = policy.split("; ");
            let found = directives.find_map(|it| it.strip_prefix(name));
            found.unwrap_or_default().trim().to_owned()
        };
        for (tag, name, count) in [("style", "style-src", 2), ("script", "script-src", 1)] {
            let found = contents(&shown, tag);
            assert_eq!(found.len(), count, "{path}");
            let hashes = found
                .iter()
                .map(|text| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text))));
            assert_eq!(
                directive(name),
                hashes.collect::<Vec<_>>().join(" "),
                "{path}"
            );
        }
        assert_eq!(answer.0.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.0.header("cache-control"), Some("no-store"));
        assert!(
            !shown.contains(" style=") && !shown.contains(" onclick"),
            "{path}"
        );
        let others = shown.replace("href=\"https://app.example.com/login\"", "");
        assert!(!others.contains("http"), "{path} names another origin");
    }
}

#[tokio::test]
async fn what_names_are_made_of_is_shown_as_text() {
    let hostile = "<b>{{7*7}}</b> \"><script>alert(1)</script>";
    let app = app_with(&json!({ "main": one_app("main", hostile) })).await;
    let name = "<b>{{7*7}} \"><script>alert(1)\r\nBcc victim";
    app.set_user("demo", "name", name).await;
    let request = ApiRequest::new("POST", "/v1/request-reset")
        .json(&json!({ "email": DEMO }))
        .header("user-agent", "<script>alert(2)</script>{{ link }}");
    let mail = app.mailed(request).await;
    let token = token_in(&mail);
    let html = mail.html.as_deref().expect("an HTML part");
    assert!(!html.contains("<script") && !html.contains("<b>") && html.contains("{{7*7}}"));

    let email = "<script>alert(3)</script>@example.com";
    let link = format!("/auth/forgot-password/{token}");
    let fields = [("email", email), ("code", email), ("password", "x")];
    for request in [
        ApiRequest::new("GET", &link),
        ApiRequest::new("GET", "/auth/forgot-password"),
        form("/auth/forgot-password", &fields[..1]),
        form("/auth/reset-code", &fields[..2]),
        form("/auth/reset-code/password", &fields),
        form(&link, &fields),
        ApiRequest::new("GET", &format!("/auth/cancel-reset/{token}")),
    ] {
        let shown = app.send(request).await.text();
        assert_eq!(shown.matches("<script").count(), 1, "its own: {shown}");
        assert!(!shown.contains("<b>") && !shown.contains("<i>"), "{shown}");
        assert_contains(&shown, "{{7*7}}");
    }
}

#[tokio::test]
async fn a_page_looks_like_the_app_that_its_link_is_of() {
    let apps = json!({ "main": one_app("main", "First"), "second": one_app("second", "Second") });
    let app = app_with(&apps).await;
    let request = form("/auth/forgot-password?app=second", &[("email", DEMO)]);
    let sent = app.send(request).await;
    assert_contains(&sent.text(), "<header><p>Second</p></header>");
    app.deliver().await;
    let mail = app.last_mail();
    assert!(mail.subject.contains("Second"), "{}", mail.subject);
    let path = format!("/auth/forgot-password/{}", token_in(&mail));
    let shown = app.get(&path).await.text();
    assert_contains(&shown, "<header><p>Second</p></header>");
    assert_contains(&shown, ":root{--accent:#7c2d12}");
    // What the form is sent to names the app, so that errors look like it too.
    assert_contains(&shown, "<form method=\"post\" action=\"?app=second\">");
    let fields = [("password", "x"), ("confirm", "y")];
    let cancel = format!("/auth/cancel-reset/{}", token_in(&mail));
    let asked = app.get(&cancel).await.text();
    assert_contains(&asked, "<header><p>Second</p></header>");
    let named = format!("{cancel}?app=second\n");
    assert!(mail.text.as_deref().is_some_and(|it| it.contains(&named)));
    let dead = app.get("/auth/forgot-password/x?app=second").await.text();
    assert_contains(&dead, "href=\"/auth/forgot-password?app=second\"");
    let refused = app.send(form(&format!("{path}?app=second"), &fields)).await;
    assert_contains(&refused.text(), "<header><p>Second</p></header>");
    let fields = [("password", NEW_PASSWORD), ("confirm", NEW_PASSWORD)];
    let done = app.send(form(&path, &fields)).await;
    assert_contains(&done.text(), "https://second.example.com/login");
}

/// The page behind a link, which is dead.
async fn dead_page(app: &TestApp, token: &str, language: &str) -> String {
    let request = ApiRequest::new("GET", &format!("/auth/forgot-password/{token}"));
    let shown = app.send(request.header("accept-language", language)).await;
    assert_eq!(shown.status(), 400);
    shown.text()
}

#[tokio::test]
async fn a_used_link_says_so_and_leads_to_the_login() {
    let app = TestApp::start().await;
    let first = app.fresh_token().await;
    app.clock.advance(Duration::from_mins(1));
    let second = app.fresh_token().await;
    assert_ok(&app.confirm_link(&first, NEW_PASSWORD).await);
    for token in [&first, &second] {
        let page = dead_page(&app, token, "en").await;
        assert_contains(&page, "data-page=\"used\"");
        assert_contains(&page, "Your password was changed");
        assert_contains(&page, "href=\"https://app.example.com/login\"");
        let verified = app.verify_link(token).await;
        assert_eq!(verified.problem(), "invalid-token");
        assert_eq!(verified.json()["reason"], "used");
        let confirmed = app.confirm_link(token, OLD_PASSWORD).await;
        assert_eq!(confirmed.json()["reason"], "used");
    }
    // Long after it would have expired, too.
    app.clock.advance(Duration::from_mins(40));
    assert_eq!(app.verify_link(&first).await.json()["reason"], "used");
}

#[tokio::test]
async fn an_expired_link_offers_a_new_one_for_its_address() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let token = token_in(&mail);
    app.clock.advance(Duration::from_mins(30));
    let page = dead_page(&app, &token, "de").await;
    assert_contains(&page, "Dieser Link ist abgelaufen");
    assert_contains(&page, "data-page=\"request\"");
    assert_contains(&page, &format!("value=\"{DEMO}\""));
    assert_contains(&page, "action=\"/auth/forgot-password?app=main\"");
    let verified = app.verify_link(&token).await;
    assert_eq!(verified.json()["reason"], "expired");
    let body = json!({ "token": token, "password": NEW_PASSWORD });
    let confirmed = app.post("/v1/confirm-reset", &body).await;
    assert_eq!(confirmed.json()["reason"], "expired");
    assert!(!confirmed.json().to_string().contains(DEMO));
    // It stays so when the next link has come.
    let newer = app.fresh_token().await;
    assert_eq!(app.verify_link(&token).await.json()["reason"], "expired");
    assert_ok(&app.verify_link(&newer).await);
}

#[tokio::test]
async fn only_a_request_with_the_link_gets_the_reason_why_it_is_dead() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let (token, code) = (token_in(&mail), code_in(&mail));
    let another = LinkToken::parse(&token).expect("a token").locator();
    let another = LinkToken::new(another, LinkSecret::from_bytes([7; 32])).expose();
    let told = async |app: &TestApp| {
        let wrong = app.verify_link(&another).await.json();
        let by_code = app.confirm_code(DEMO, &code, NEW_PASSWORD).await.json();
        for answer in [wrong, by_code] {
            assert_eq!(answer["status"], 400, "{answer}");
            assert!(answer.get("reason").is_none(), "{answer}");
        }
    };
    let body = json!({ "token": token, "email": "other@example.com", "password": NEW_PASSWORD });
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    told(&app).await;
    // Nor is a frontend that names another address.
    let novel = app.post("/auth/reset", &body).await;
    assert!(novel.json().get("reason").is_none(), "{novel:?}");
    app.clock.advance(Duration::from_mins(30));
    told(&app).await;
    // What was cancelled is told no more than that it is dead.
    let cancelled = app.fresh_token().await;
    app.cancel(&cancelled).await;
    let verified = app.verify_link(&cancelled).await.json();
    assert!(verified.get("reason").is_none(), "{verified}");
}

#[tokio::test]
async fn a_link_with_something_else_in_the_place_of_its_token_is_a_dead_link() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let fields = [("password", NEW_PASSWORD), ("confirm", NEW_PASSWORD)];
    for path in [
        "/auth/forgot-password/a%2Fb".to_owned(),
        "/auth/forgot-password/%2F".to_owned(),
        "/auth/forgot-password/a%3Fb".to_owned(),
        format!("/auth/forgot-password/{token}%2Fx"),
        format!("/auth/forgot-password/{token}/x"),
    ] {
        for request in [ApiRequest::new("GET", &path), form(&path, &fields)] {
            let answer = app.send(request).await;
            assert!(is_page(&answer, 400, "problem"), "{path}");
            assert!(answer.text().contains("no longer valid"), "{path}");
            assert_contains(&answer.text(), "/auth/forgot-password?app=main");
        }
    }
    for path in ["/auth/cancel-reset/a%2Fb", "/auth/cancel-reset/%2F"] {
        for request in [ApiRequest::new("GET", path), form(path, &[])] {
            let answer = app.send(request).await;
            assert_eq!(answer.status(), 400, "{path}");
            let page = answer.text();
            assert!(page.contains("cannot cancel anything"), "{path}");
            assert!(!page.contains("Send a new link"), "{path}");
        }
    }
    for after in ["%3F", "%5F", "-", "_*"] {
        let path = format!("/auth/forgot-password/{token}{after}");
        assert_eq!(app.get(&path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_browser_is_led_to_the_page_that_was_meant() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    for (path, page) in [
        ("/", "/auth/forgot-password"),
        ("/?app=shop%20x", "/auth/forgot-password?app=shop+x"),
        ("/auth/forgot-password/", "/auth/forgot-password"),
        (
            "/auth/reset-code/password?app=main",
            "/auth/reset-code?app=main",
        ),
        ("/auth/reset-code/?app=main", "/auth/reset-code?app=main"),
        (
            "/auth/forgot-password/TOKEN/",
            "/auth/forgot-password/TOKEN",
        ),
        (
            "/auth/forgot-password/TOKEN/.",
            "/auth/forgot-password/TOKEN",
        ),
        (
            "/auth/cancel-reset/TOKEN_//?app=main",
            "/auth/cancel-reset/TOKEN?app=main",
        ),
    ] {
        let [path, page] = [path, page].map(|it| it.replace("TOKEN", &token));
        let request = ApiRequest::new("GET", &path)
            .header("host", "evil.example")
            .header("x-forwarded-host", "evil.example");
        let answer = app.send(request).await;
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.0.header("location"), Some(page.as_str()), "{path}");
    }
    for nowhere in ["//evil.example/", "//", "/evil.example/", "/v1/settings/"] {
        assert_eq!(app.get(nowhere).await.status(), 404, "{nowhere}");
    }
}

#[tokio::test]
async fn whatever_happens_on_a_page_is_a_page() {
    let app = TestApp::start().await;
    for (method, path, status) in [
        ("GET", "/auth/reset-code/nothing", 404),
        ("PUT", "/auth/forgot-password/a/b", 404),
        ("POST", "/auth/forgot-password/", 400),
        ("DELETE", "/auth/forgot-password", 405),
        ("PUT", "/auth/reset-code/password", 405),
        ("GET", "/auth/forgot-password?app=%3Cscript%3E", 400),
    ] {
        let request = ApiRequest::new(method, path).header("accept", "text/html");
        let answer = app.send(request).await;
        assert!(is_page(&answer, status, "problem"), "{method} {path}");
    }
    let token = app.fresh_token().await;
    app.aws.fail("GetItem", Fault::INTERNAL);
    let answer = app.get(&format!("/auth/forgot-password/{token}")).await;
    assert_page(&answer, 503, "problem");
}

#[tokio::test]
async fn a_form_is_taken_from_our_pages_and_allowed_origins_and_from_no_other_site() {
    let allowed = ["https://auth.example.com", "https://shop.example"];
    let builder = TestApp::builder().set("FORM_ORIGINS", &allowed.join(","));
    let app = builder.start().await;
    let send = async |origin: &str| {
        let request = form("/auth/forgot-password", &[("email", DEMO)]);
        app.send(request.header("origin", origin)).await
    };
    assert_page(&send("https://evil.example").await, 403, "problem");
    assert!(app.items("").await.is_empty());
    let own = "https://local.execute-api.us-east-1.amazonaws.com";
    for origin in allowed.into_iter().chain([own]) {
        assert_page(&send(origin).await, 200, "sent");
    }
}
