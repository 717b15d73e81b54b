use std::io;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::Mail;
use super::content::SendEmail;
use super::failure::SesFailure;
use super::inbox;
use super::store::Store;
use crate::clock::Clock;
use crate::events::EventBus;
use crate::server::Server;

/// The largest request that is read, in bytes; SES itself takes 40 MB.
const MAX_REQUEST: usize = 10 * 1024 * 1024;

/// SES v2 in this process.
#[derive(Debug)]
pub struct Ses {
    store: Arc<Store>,
    server: Server,
}

#[derive(Clone)]
struct Shared {
    store: Arc<Store>,
    events: EventBus,
    clock: Arc<dyn Clock>,
}

impl Ses {
    /// Serves SES v2 and the inbox on `listener`, by the time of `clock`. The inbox shows the `events`
    /// beside the mails.
    pub fn start(
        listener: TcpListener,
        clock: Arc<dyn Clock>,
        events: EventBus,
    ) -> io::Result<Self> {
        let store = Arc::new(Store::default());
        let shared = Shared {
            store: Arc::clone(&store),
            events,
            clock,
        };
        let server = Server::start(listener, router(shared))?;
        Ok(Self { store, server })
    }

    /// The URL for `AWS_ENDPOINT_URL_SESV2`, and of the inbox.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// The accepted mails, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.store.mails()
    }

    /// The accepted mails, oldest first, which are forgotten.
    pub fn take_mails(&self) -> Vec<Mail> {
        self.store.take_mails()
    }

    pub fn clear(&self) {
        self.store.clear();
    }
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/v2/email/outbound-emails", post(send))
        .route("/", get(show_inbox))
        .route("/store", get(show_store))
        .route("/events", get(show_events))
        .route("/clear-store", post(clear_store))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .with_state(shared)
}

async fn send(State(shared): State<Shared>, body: Bytes) -> Response {
    let mail = match SendEmail::parse(&body) {
        Ok(mail) => mail,
        Err(failure) => return refuse(&failure),
    };
    let id = shared.store.accept(mail, shared.clock.now_unix_secs());
    Json(json!({"MessageId": id})).into_response()
}

fn refuse(failure: &SesFailure) -> Response {
    let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [("x-amzn-errortype", failure.code.clone())];
    (status, kind, Json(json!({"message": failure.message}))).into_response()
}

async fn show_inbox(State(shared): State<Shared>) -> Response {
    let page = inbox::render(&shared.store.mails(), &shared.events.events());
    let headers = [
        (header::CONTENT_SECURITY_POLICY, inbox::POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Html(page)).into_response()
}

async fn show_store(State(shared): State<Shared>) -> Json<Value> {
    let emails: Vec<_> = shared.store.mails().iter().map(Mail::to_json).collect();
    Json(json!({"emails": emails, "templates": {}}))
}

async fn show_events(State(shared): State<Shared>) -> Json<Value> {
    Json(json!({ "events": shared.events.events() }))
}

/// The inbox's button comes from a page and goes back to it; programs get JSON.
async fn clear_store(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    shared.store.clear();
    shared.events.clear();
    let from_page = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if from_page {
        Redirect::to("/").into_response()
    } else {
        Json(json!({"message": "Emails cleared"})).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    async fn ses() -> Ses {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let clock = ManualClock::new(1_700_000_000).arc();
        Ses::start(listener, clock, EventBus::default()).expect("starts")
    }

    async fn post(ses: &Ses) -> reqwest::Result<reqwest::Response> {
        let body = json!({
            "FromEmailAddress": "Example <no-reply@example.com>",
            "Destination": {"ToAddresses": ["ann@example.com"]},
            "ReplyToAddresses": ["help@example.com"],
            "ConfigurationSetName": "set",
            "Content": {"Simple": {
                "Subject": {"Data": "Hello"},
                "Body": {"Text": {"Data": "text"}, "Html": {"Data": "<p>html</p>"}},
                "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
            }},
        });
        let url = format!("{}/v2/email/outbound-emails", ses.url());
        reqwest::Client::new().post(url).json(&body).send().await
    }

    #[tokio::test]
    async fn a_mail_is_kept_and_shown_in_the_store() {
        let ses = ses().await;
        let answer: Value = post(&ses)
            .await
            .expect("answers")
            .json()
            .await
            .expect("JSON");
        let id = &ses.mails()[0].message_id;
        assert_eq!(answer, json!({"MessageId": id}));
        let store: Value = reqwest::get(format!("{}/store", ses.url()))
            .await
            .expect("answers")
            .json()
            .await
            .expect("JSON");
        assert_eq!(
            store,
            json!({"templates": {}, "emails": [{
                "messageId": id,
                "from": "Example <no-reply@example.com>",
                "replyTo": ["help@example.com"],
                "destination": {"to": ["ann@example.com"], "cc": [], "bcc": []},
                "subject": "Hello",
                "body": {"html": "<p>html</p>", "text": "text"},
                "attachments": [],
                "at": 1_700_000_000,
                "headers": [{"name": "Auto-Submitted", "value": "auto-generated"}],
                "configurationSetName": "set",
            }]})
        );
    }

    #[tokio::test]
    async fn clearing_empties_the_store() {
        let ses = ses().await;
        post(&ses).await.expect("answers");
        let url = format!("{}/clear-store", ses.url());
        let answer = reqwest::Client::new()
            .post(url)
            .send()
            .await
            .expect("answers");
        assert!(answer.status().is_success());
        assert!(ses.mails().is_empty());
    }
}
