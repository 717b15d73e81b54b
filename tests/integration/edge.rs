//! The layer in front of the API: whose word on a client's address is believed.

use integration_tests::TestApp;
use integration_tests::app::{Answer, DEMO};
use local_stack::api_gateway::ApiRequest;
use serde_json::json;

const SECRET: &str = "a-secret-of-the-edge-that-nobody-guesses";

async fn app(mode: &str) -> TestApp {
    TestApp::builder()
        .set("EDGE_MODE", mode)
        .set("EDGE_SECRET", SECRET)
        .setting("limits.source_requests", 1)
        .start()
        .await
}

async fn ask(app: &TestApp, secret: &str, viewer: &str) -> Answer {
    let request = ApiRequest::new("POST", "/v1/request-reset")
        .header("x-origin-secret", secret)
        .header("cloudfront-viewer-address", viewer)
        .json(&json!({ "email": DEMO }));
    app.send(request).await
}

#[tokio::test]
async fn clients_behind_the_edge_are_counted_one_by_one() {
    let app = app("required").await;
    for (viewer, status) in [
        ("198.51.100.1:4000", 202),
        ("198.51.100.1:4001", 429),
        ("198.51.100.2:4000", 202),
        ("2001:db8::1:4000", 202),
        ("[2001:db8::1]:4001", 429),
    ] {
        assert_eq!(ask(&app, SECRET, viewer).await.status(), status, "{viewer}");
    }
}

#[tokio::test]
async fn past_a_required_edge_nothing_is_found() {
    let app = app("required").await;
    for secret in ["wrong", &SECRET[1..], &format!("{SECRET},{SECRET}")] {
        let answer = ask(&app, secret, "198.51.100.1:4000").await;
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.problem(), "not-found");
    }
    let settings = app.get("/v1/settings").await;
    assert_eq!(settings.status(), 404);
    assert!(app.items("").await.is_empty(), "nothing was written");
}
