//! The browser: lines 21, 29 and 30.

use local_stack::api_gateway::{ApiRequest, ApiResponse};
use serde_json::json;

use super::report::Trial;
use super::{Target, TrialResult};

/// What makes a browser fetch something, or send it somewhere.
const FETCHERS: [&str; 6] = [
    "src=\"",
    "srcset=\"",
    "action=\"",
    "data=\"",
    "url(",
    "@import",
];

pub(super) async fn referer(target: &Target) -> TrialResult {
    let mut trial = Trial::of("GET of the mailed link, of a dead one and of the page to ask on");
    let mail = target.reset_mail(&target.known()).await?;
    let link = mail.link()?;
    let dead = format!("/auth/forgot-password/fpr_{}", "A".repeat(64));
    let own = link.origin().ascii_serialization() == target.link_origin();
    let mut paths = vec![dead.as_str(), "/auth/forgot-password"];
    if own {
        paths.push(link.path());
    }
    for path in paths {
        let answer = target.send(ApiRequest::new("GET", path)).await;
        let policy = answer.header("referrer-policy");
        trial.require(policy == Some("no-referrer"), || {
            format!("Referrer-Policy {policy:?} on a page")
        });
        trial.require(
            answer.header("location").is_none(),
            || "a redirect that carries the token on",
        );
        for foreign in foreign_assets(&answer, target.link_origin()) {
            trial.require(false, || format!("an asset from {foreign}"));
        }
    }
    Ok(trial.finish("no-referrer, and nothing from anywhere else"))
}

/// What a page makes the browser fetch from other origins.
fn foreign_assets(answer: &ApiResponse, own: &str) -> Vec<String> {
    let page = String::from_utf8_lossy(&answer.body);
    let stylesheets = page
        .split("<link")
        .skip(1)
        .filter_map(|tag| tag.split('>').next())
        .filter_map(|tag| tag.split_once("href=\"").map(|(_, rest)| rest));
    let fetched = FETCHERS
        .iter()
        .flat_map(|fetcher| page.split(fetcher).skip(1));
    fetched
        .chain(stylesheets)
        .map(|rest| rest.trim_start_matches(['"', '\'', ' ']))
        .filter(|rest| rest.starts_with("http") || rest.starts_with("//"))
        .filter(|rest| !rest.starts_with(own))
        .map(|rest| rest.chars().take(40).collect())
        .collect()
}

pub(super) async fn headers(target: &Target) -> TrialResult {
    let mut trial = Trial::of("answers of every status, pages and HEAD");
    let requests = every_kind();
    let count = requests.len();
    for request in requests {
        let name = format!("{} {}", request.method, request.target);
        let answer = target.send(request).await;
        for (header, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
        ] {
            let seen = answer.header(header);
            trial.require(seen == Some(value), || {
                format!("{header} {seen:?} on {} of {name}", answer.status)
            });
        }
        let policy = answer.header("content-security-policy").unwrap_or_default();
        let guarded =
            policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline");
        trial.require(guarded, || format!("the policy {policy:?} on {name}"));
    }
    Ok(trial.finish(format!("all five headers on {count} answers")))
}

fn every_kind() -> Vec<ApiRequest> {
    let post = |path: &str, body: serde_json::Value| ApiRequest::new("POST", path).json(&body);
    let dead = format!("/auth/forgot-password/fpr_{}", "A".repeat(64));
    let unknown_app = post("/v1/request-reset", json!({ "email": "a@example.com" }));
    vec![
        ApiRequest::new("GET", "/v1/settings"),
        ApiRequest::new("HEAD", "/v1/settings"),
        ApiRequest::new("GET", "/auth/forgot-password"),
        ApiRequest::new("GET", &dead),
        ApiRequest::new("HEAD", &dead),
        ApiRequest::new("GET", "/nowhere"),
        ApiRequest::new("DELETE", "/v1/confirm-reset"),
        ApiRequest::new("POST", "/v1/confirm-reset").body("x"),
        post("/v1/request-reset", json!({ "email": "nobody" })),
        post("/v1/verify-token", json!({ "token": "fpr_x" })),
        post(
            "/v1/confirm-reset",
            json!({ "token": "fpr_x", "password": "x" }),
        ),
        post("/v1/confirm-reset", json!({ "token": "x".repeat(20_000) })),
        post("/app/reset-password", json!({})),
        post("/account/reset_password/x", json!({})),
        unknown_app.header("X-App-Name", "nobody"),
    ]
}

pub(super) async fn origins(target: &Target) -> TrialResult {
    let mut trial = Trial::of("preflights and requests from foreign origins and from null");
    let foreign = [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "https://evil.example#app.example.com",
        "http://app.example.com",
        "null",
    ];
    for origin in foreign {
        let preflight = ApiRequest::new("OPTIONS", "/v1/confirm-reset")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type");
        let plain = ApiRequest::new("GET", "/v1/settings");
        for request in [preflight, plain] {
            let method = request.method.clone();
            let answer = target.send(request.header("Origin", origin)).await;
            let allowed = answer.header("access-control-allow-origin");
            trial.require(allowed.is_none(), || {
                format!("{method} from {origin} is allowed as {allowed:?}")
            });
        }
    }
    Ok(trial.finish(format!("{} origins, none allowed", foreign.len())))
}
