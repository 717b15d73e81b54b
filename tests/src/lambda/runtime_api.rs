//! The Runtime API of one process (version 2018-06-01).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use local_stack::invoke::InvokeError;
use local_stack::server::Server;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};

/// The largest answer that Lambda takes, in bytes.
const MAX_ANSWER: usize = 6 * 1024 * 1024;

type Answer = Result<Value, InvokeError>;

/// One event on its way to the process.
struct Invocation {
    id: String,
    event: Value,
    deadline: u128,
    answer: oneshot::Sender<Answer>,
}

/// The side of the API that the process sees.
struct RuntimeState {
    name: String,
    events: tokio::sync::Mutex<mpsc::Receiver<Invocation>>,
    /// Who waits for the answer to the event that is worked on.
    waiting: Mutex<Option<(String, oneshot::Sender<Answer>)>>,
    /// Turns true when the process first asks for an event: its start is over.
    ready: watch::Sender<bool>,
}

/// The Runtime API of one process, until it is dropped.
pub(super) struct RuntimeApi {
    events: mpsc::Sender<Invocation>,
    ready: watch::Receiver<bool>,
    server: Server,
    count: u64,
}

impl RuntimeApi {
    /// Serves a process of this function on a port of its own.
    pub(super) async fn start(name: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (events, receiver) = mpsc::channel(1);
        let (ready_sender, ready) = watch::channel(false);
        let state = Arc::new(RuntimeState {
            name: name.to_owned(),
            events: tokio::sync::Mutex::new(receiver),
            waiting: Mutex::default(),
            ready: ready_sender,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(respond),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
            .layer(DefaultBodyLimit::max(MAX_ANSWER))
            .with_state(state);
        Ok(Self {
            events,
            ready,
            server: Server::start(listener, router)?,
            count: 0,
        })
    }

    /// What the process finds in `AWS_LAMBDA_RUNTIME_API`.
    pub(super) fn address(&self) -> &str {
        self.server.url().trim_start_matches("http://")
    }

    /// Resolves when the process has asked for its first event.
    pub(super) async fn ready(&mut self) {
        // The sender lives as long as the server.
        let _ = self.ready.wait_for(|ready| *ready).await;
    }

    /// Gives the process an event; the answer comes when the process gives it.
    pub(super) async fn send(
        &mut self,
        event: Value,
        timeout: Duration,
    ) -> oneshot::Receiver<Answer> {
        let (sender, answer) = oneshot::channel();
        self.count += 1;
        let invocation = Invocation {
            id: format!("{}-{}", self.address().replace([':', '.'], "-"), self.count),
            event,
            deadline: (since_epoch() + timeout).as_millis(),
            answer: sender,
        };
        // If nobody takes it, the process has ended, which its own handle tells.
        let _ = self.events.send(invocation).await;
        answer
    }
}

impl RuntimeState {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Option<(String, oneshot::Sender<Answer>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes an answer on, if it is to the event that is worked on.
    fn pass_on(&self, id: &str, answer: Answer) -> StatusCode {
        let waiting = self.waiting().take_if(|(current, _)| current == id);
        match waiting {
            Some((_, sender)) => {
                // Nobody waits any longer after a timeout.
                let _ = sender.send(answer);
                StatusCode::ACCEPTED
            }
            None => StatusCode::BAD_REQUEST,
        }
    }
}

async fn next(State(state): State<Arc<RuntimeState>>) -> Response {
    state.ready.send_replace(true);
    let invocation = state.events.lock().await.recv().await;
    let Some(invocation) = invocation else {
        return StatusCode::GONE.into_response();
    };
    *state.waiting() = Some((invocation.id.clone(), invocation.answer));
    let function = &state.name;
    let arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{function}");
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", invocation.id),
        (
            "lambda-runtime-deadline-ms",
            invocation.deadline.to_string(),
        ),
        ("lambda-runtime-invoked-function-arn", arn),
    ];
    (headers, invocation.event.to_string()).into_response()
}

async fn respond(
    State(state): State<Arc<RuntimeState>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    // Lambda passes on what is no JSON as nothing.
    let answer = serde_json::from_slice(&body).unwrap_or_default();
    state.pass_on(&id, Ok(answer))
}

async fn fail(
    State(state): State<Arc<RuntimeState>>,
    Path(id): Path<String>,
    body: Bytes,
) -> StatusCode {
    let error: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |field: &str| error[field].as_str().unwrap_or_default().to_owned();
    let error = InvokeError::function(text("errorType"), text("errorMessage"));
    state.pass_on(&id, Err(error))
}

fn since_epoch() -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "a real process compares the deadline with the system's time"
    )]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).unwrap_or_default()
}
