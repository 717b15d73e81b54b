//! Bad input gets its 4xx with a pointer to each bad field, and changes nothing.

use integration_tests::TestApp;
use integration_tests::app::{Answer, DEMO, NEW_PASSWORD, assert_ok};
use integration_tests::mailbox::token_in;
use integration_tests::untrusted_input::FIELDS;
use local_stack::api_gateway::ApiRequest;
use serde_json::json;
use shared::http::routes;

const POSTS: [&str; 4] = [
    "/v1/request-reset",
    "/v1/verify-token",
    "/v1/confirm-reset",
    "/v1/cancel-reset",
];

/// The fields that are wrong, with a space between them.
fn pointers(answer: &Answer) -> String {
    let body = answer.json();
    let errors = body["errors"].as_array().expect("errors").iter();
    let pointers: Vec<_> = errors.filter_map(|it| it["pointer"].as_str()).collect();
    pointers.join(" ")
}

async fn assert_untouched(app: &TestApp) {
    assert!(app.aws.take_calls().is_empty(), "no store was asked");
    assert!(app.items("").await.is_empty());
}

/// JSON can write half a pair of surrogates, which no text can hold.
#[tokio::test]
async fn half_a_pair_of_surrogates_is_refused_in_every_field_of_every_route() {
    let app = TestApp::start().await;
    for route in routes().filter(|route| route.method != "GET") {
        let path = route.path.replace("{token}", "x");
        for field in FIELDS.iter() {
            for half in ["\\ud800", "x\\udfffx", "\\udc00\\ud800"] {
                let body = json!({ "email": DEMO, "token": "x", field: "HALF" });
                let body = body.to_string().replace("HALF", half);
                let request = ApiRequest::new(route.method, &path);
                let request = request.header("content-type", "application/json");
                let answer = app.send(request.body(body)).await;
                let said = format!("{path} {field} {half}: {answer:?}");
                assert!((400..500).contains(&answer.status()), "{said}");
                if POSTS.contains(&route.path) {
                    assert_eq!(answer.problem(), "invalid-request", "{said}");
                    assert_eq!(pointers(&answer), "#", "{said}");
                }
            }
        }
    }
    assert_untouched(&app).await;
}

/// What Unicode promises never to be a character. SES refuses a mail for it.
#[tokio::test]
async fn noncharacters_are_cut_at_the_door_or_refused_and_come_into_no_mail() {
    for odd in ['\u{fffe}', '\u{ffff}', '\u{fdd0}', '\u{1fffe}'] {
        let app = TestApp::start().await;
        let name = format!("Ada{odd} Lovelace");
        app.set_user("demo", "name", name).await;
        for (path, body, expected) in [
            (
                POSTS[0],
                json!({ "email": format!("{odd}{DEMO}") }),
                "#/email",
            ),
            (
                POSTS[0],
                json!({ "email": DEMO, "resetPasswordUrl": format!("https://a.example/{odd}") }),
                "#/resetPasswordUrl",
            ),
        ] {
            let answer = app.post(path, &body).await;
            assert_eq!(answer.status(), 400, "{answer:?}");
            assert_eq!(pointers(&answer), expected, "{body}");
        }
        assert_untouched(&app).await;

        let request = ApiRequest::new("POST", POSTS[0])
            .header("user-agent", &format!("Mozilla/5.0{odd} (X11)"))
            .header("accept-language", &format!("de{odd}"));
        let body = json!({ "email": DEMO, "locale": format!("de{odd}") });
        assert_eq!(app.send(request.json(&body)).await.status(), 202);
        let item = app.items("request#").await.remove(0);
        assert_eq!(item["user_agent"], "Mozilla/5.0 (X11)");
        assert_eq!(app.deliver().await.pending, 0);
        let mail = app.last_mail();
        assert!(!format!("{mail:?}").contains(odd), "{mail:?}");

        let unknown = format!("fpr_{}", "A".repeat(64));
        let unknown = app.verify_link(&unknown).await;
        let odd_text = format!("ABCD-{odd}2345");
        for answer in [
            app.verify_link(&odd_text).await,
            app.verify_link("fpr_").await,
            app.confirm_link(&"A".repeat(10_000), NEW_PASSWORD).await,
            app.verify_code(DEMO, &odd_text).await,
            app.confirm_link(&odd_text, NEW_PASSWORD).await,
            app.post(POSTS[3], &json!({ "token": odd_text })).await,
        ] {
            assert_eq!(answer.0.body, unknown.0.body);
        }
        let password = format!("seven lanterns {odd} over the bay");
        assert_ok(&app.confirm_link(&token_in(&mail), &password).await);
        assert!(app.password_of("demo", &password).await);
    }
}

#[tokio::test]
async fn every_bad_field_is_pointed_at() {
    let app = TestApp::start().await;
    let [request, verify, confirm, cancel] = POSTS;
    let cases = [
        (request, json!({}), "#/email"),
        (
            request,
            json!({ "email": [DEMO, "evil@example.com"] }),
            "#/email",
        ),
        (request, json!({ "email": { "S": DEMO } }), "#/email"),
        (
            request,
            json!({ "email": null, "locale": 7 }),
            "#/email #/locale",
        ),
        (request, json!({ "email": "nobody" }), "#/email"),
        (
            request,
            json!({ "email": "a@example.com\r\nBcc: x@evil.example" }),
            "#/email",
        ),
        (request, json!({ "email": DEMO, "emial": 1 }), "#/emial"),
        (verify, json!({}), "#/token"),
        (verify, json!({ "token": true }), "#/token"),
        (verify, json!({ "token": " " }), "#/token"),
        (verify, json!({ "email": DEMO }), "#/code"),
        (verify, json!({ "code": 12_345_678 }), "#/email #/code"),
        (verify, json!({ "token": "x", "email": DEMO }), "#/email"),
        (confirm, json!({ "token": "x" }), "#/password"),
        (
            confirm,
            json!({ "token": {}, "password": [] }),
            "#/token #/password",
        ),
        (
            confirm,
            json!({ "token": "x", "password": "one password", "confirm": "another" }),
            "#/confirm",
        ),
        (cancel, json!({}), "#/token"),
        (cancel, json!({ "token": ["x"] }), "#/token"),
        (cancel, json!({ "token": "x", "email": DEMO }), "#/email"),
    ];
    for (path, body, expected) in cases {
        let answer = app.post(path, &body).await;
        answer.assert_problem(400, "invalid-request");
        assert_eq!(pointers(&answer), expected, "{path} {body}");
    }
    assert_untouched(&app).await;
}

#[tokio::test]
async fn other_methods_and_paths_are_answered_like_everything_else() {
    let app = TestApp::start().await;
    for (method, path, allow) in [
        ("GET", POSTS[0], "POST"),
        ("PUT", POSTS[1], "POST"),
        ("DELETE", POSTS[2], "POST"),
        ("HEAD", POSTS[2], "POST"),
        ("GET", POSTS[3], "POST"),
        ("POST", "/v1/settings", "GET, HEAD"),
    ] {
        let answer = app.send(ApiRequest::new(method, path)).await;
        assert_eq!(answer.status(), 405, "{method} {path}");
        assert_eq!(answer.0.header("allow"), Some(allow));
        assert_eq!(answer.0.header("x-content-type-options"), Some("nosniff"));
    }
    for path in [
        "/",
        "/v1",
        "/v1/request-reset/",
        "/v2/request-reset",
        "//v1/settings",
    ] {
        let answer = app.send(ApiRequest::new("POST", path)).await;
        answer.assert_problem(404, "not-found");
    }
    let head = app.send(ApiRequest::new("HEAD", "/v1/settings")).await;
    assert_eq!((head.status(), head.0.body.as_slice()), (200, &b""[..]));
    assert_untouched(&app).await;
}
