//! One endpoint in front of the embedded DynamoDB and SES, which counts calls and injects faults.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::server::Server;

/// Largest request that passes, in bytes.
const MAX_BYTES: usize = 20 * 1024 * 1024;

/// More calls than any test makes.
const LASTING: usize = 1000;

/// What happens to a call instead of an answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// None: the call passes, before another that meets the next one.
    Pass,
    /// The service refuses with this status, error code and message; nothing is done.
    Refuse(u16, &'static str, &'static str),
    /// A transaction is cancelled, each of its three items for this reason.
    Cancel([&'static str; 3]),
    /// The call is done, and then the answer is an internal error.
    LoseAnswer,
    /// The connection is cut; nothing is done.
    Cut,
    /// The call is done, and then the connection is cut.
    CutAfter,
    /// There is no answer; nothing is done.
    Hang,
    /// The call is done, and then there is no answer.
    HangAfter,
    /// The call is done, so much later.
    Slow(Duration),
}

impl Fault {
    /// What AWS answers when it fails, which a caller tries again.
    pub const INTERNAL: Self = Self::Refuse(500, "InternalServerError", "");
    /// What it answers without the right to do this, which no try helps.
    pub const DENIED: Self = Self::Refuse(400, "AccessDeniedException", "");
    /// What SES answers to too many mails in a second or a day.
    pub const THROTTLED: Self = Self::Refuse(
        429,
        "TooManyRequestsException",
        "Maximum sending rate exceeded.",
    );

    /// What SES answers when it objects to this very mail.
    pub const fn bad_request(message: &'static str) -> Self {
        Self::Refuse(400, "BadRequestException", message)
    }

    /// Whether the caller cannot know what became of the call.
    pub const fn is_ambiguous(&self) -> bool {
        matches!(self, Self::LoseAnswer | Self::CutAfter | Self::HangAfter)
    }
}

/// A call that somebody makes.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is called, such as `UpdateItem` or `SendEmail`.
    pub operation: String,
    pub body: Bytes,
}

impl Call {
    /// The body, or `null` if it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// An answer of AWS that never reached the caller: the call was done, and they cannot know.
#[derive(Debug, Clone)]
pub struct LostResponse {
    pub call: Call,
    pub body: Bytes,
}

/// Changes what passes: calls on their way to AWS, and answers on their way back.
pub trait Edit: Send + Sync {
    /// A call of this operation.
    fn call(&self, operation: &str, call: &mut Value);

    /// What AWS answered to a call.
    fn reply(&self, operation: &str, call: &Value, reply: &mut Value);
}

/// Says what each call meets, if anything.
pub type FaultSchedule = Box<dyn FnMut(&Call) -> Option<Fault> + Send>;

#[derive(Clone)]
pub struct AwsProxy {
    server: Arc<Server>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    dynamodb: String,
    ses: String,
    client: reqwest::Client,
    calls: Mutex<Vec<Call>>,
    faults: Mutex<Vec<(String, VecDeque<Fault>)>>,
    outage: Mutex<Option<Outage>>,
    /// Whether a call has met the outage.
    broken_down: Mutex<bool>,
    hooks: Mutex<Vec<Hook>>,
    fault_schedule: Mutex<Option<FaultSchedule>>,
    editor: Mutex<Option<Arc<dyn Edit>>>,
    lost_responses: Mutex<Vec<LostResponse>>,
    /// Whether a call hangs since the last [`AwsProxy::break_down`].
    hangs: watch::Sender<bool>,
}

/// A fault that calls of any operation meet.
struct Outage {
    /// Calls that pass before.
    skip: usize,
    /// Calls that meet it.
    left: usize,
    fault: Fault,
}

/// Something that happens just before a call.
struct Hook {
    operation: String,
    /// Calls of the operation that pass before.
    skip: usize,
    action: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl AwsProxy {
    /// Listens, in front of these two.
    pub fn start(listener: TcpListener, dynamodb: &str, ses: &str) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            dynamodb: dynamodb.to_owned(),
            ses: ses.to_owned(),
            ..Shared::default()
        });
        let router = axum::Router::new()
            .fallback(forward)
            .with_state(Arc::clone(&shared));
        Ok(Self {
            server: Arc::new(Server::start(listener, router)?),
            shared,
        })
    }

    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Starts counting anew, and keeping bodies.
    pub fn forget_calls(&self) {
        lock(&self.shared.calls).clear();
    }

    /// The operations that were called, such as `UpdateItem` or `SendEmail`; starts counting anew.
    pub fn take_calls(&self) -> Vec<String> {
        let calls = std::mem::take(&mut *lock(&self.shared.calls));
        calls.into_iter().map(|call| call.operation).collect()
    }

    /// Makes the next calls of an operation meet these faults, one each.
    pub fn inject(&self, operation: &str, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter().collect();
        lock(&self.shared.faults).push((operation.to_owned(), faults));
    }

    /// Makes all calls of an operation meet a fault, until faults are cleared.
    pub fn fail(&self, operation: &str, fault: Fault) {
        self.inject(operation, vec![fault; LASTING]);
    }

    /// Makes calls meet a fault, whatever they ask for: `count` of them, after `skip` others.
    pub fn break_down(&self, skip: usize, count: usize, fault: Fault) {
        self.shared.hangs.send_replace(false);
        *lock(&self.shared.broken_down) = false;
        *lock(&self.shared.outage) = Some(Outage {
            skip,
            left: count,
            fault,
        });
    }

    /// Resolves when a call hangs: it has met [`Fault::Hang`] or [`Fault::HangAfter`].
    pub async fn hangs(&self) {
        let mut hangs = self.shared.hangs.subscribe();
        // The sender is ours, so that it is there.
        let _ = hangs.wait_for(|hangs| *hangs).await;
    }

    /// Lets `fault_schedule` say what each call meets that meets nothing else.
    pub fn set_fault_schedule(&self, fault_schedule: FaultSchedule) {
        *lock(&self.shared.fault_schedule) = Some(fault_schedule);
    }

    /// Lets `editor` change all that passes from now on.
    pub fn set_editor(&self, editor: Arc<dyn Edit>) {
        *lock(&self.shared.editor) = Some(editor);
    }

    /// The calls that were done without the caller hearing of it: a fault swallowed the answer, or
    /// the caller had stopped waiting and closed the connection.
    pub fn lost_responses(&self) -> Vec<LostResponse> {
        lock(&self.shared.lost_responses).clone()
    }

    /// Whether a call has met what [`AwsProxy::break_down`] began last, healed or not.
    pub fn has_broken_down(&self) -> bool {
        *lock(&self.shared.broken_down)
    }

    /// Does something that meets nothing of what [`AwsProxy::break_down`] has begun, and does not
    /// count for it.
    pub async fn unharmed<T>(&self, work: impl Future<Output = T>) -> T {
        let outage = lock(&self.shared.outage).take();
        let done = work.await;
        *lock(&self.shared.outage) = outage;
        done
    }

    /// Lets `action` happen just before a call of an operation, after `skip` others of it: the
    /// moment at which a race would be lost.
    pub fn before(
        &self,
        operation: &str,
        skip: usize,
        action: impl Future<Output = ()> + Send + 'static,
    ) {
        lock(&self.shared.hooks).push(Hook {
            operation: operation.to_owned(),
            skip,
            action: Box::pin(action),
        });
    }

    /// The bodies of all calls of an operation.
    pub fn bodies(&self, operation: &str) -> Vec<Value> {
        let calls = lock(&self.shared.calls);
        let calls = calls.iter().filter(|call| call.operation == operation);
        calls.map(Call::json).collect()
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        lock(&self.shared.faults).clear();
        *lock(&self.shared.outage) = None;
        *lock(&self.shared.fault_schedule) = None;
    }
}

impl Shared {
    async fn hang(&self) -> Response {
        self.hangs.send_replace(true);
        std::future::pending().await
    }

    fn editor(&self) -> Option<Arc<dyn Edit>> {
        lock(&self.editor).clone()
    }

    fn next_of_outage(&self) -> Option<Fault> {
        let mut outage = lock(&self.outage);
        let outage = outage.as_mut()?;
        if outage.skip > 0 {
            outage.skip -= 1;
            return None;
        }
        outage.left = outage.left.checked_sub(1)?;
        *lock(&self.broken_down) = true;
        Some(outage.fault.clone())
    }

    fn next_fault(&self, call: &Call) -> Option<Fault> {
        self.next_of_outage()
            .or_else(|| self.next_of_operation(&call.operation))
            .or_else(|| self.next_scheduled(call))
    }

    fn next_of_operation(&self, operation: &str) -> Option<Fault> {
        let mut faults = lock(&self.faults);
        faults
            .iter_mut()
            .filter(|(name, _)| name == operation)
            .find_map(|(_, queue)| queue.pop_front())
    }

    fn next_scheduled(&self, call: &Call) -> Option<Fault> {
        lock(&self.fault_schedule).as_mut()?(call)
    }

    fn next_hook(&self, operation: &str) -> Option<Hook> {
        let mut hooks = lock(&self.hooks);
        let place = hooks.iter().position(|hook| hook.operation == operation)?;
        if hooks[place].skip == 0 {
            return Some(hooks.remove(place));
        }
        hooks[place].skip -= 1;
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn forward(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Body,
) -> Response {
    let Ok(mut body) = axum::body::to_bytes(body, MAX_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let target = headers.get("x-amz-target").and_then(|it| it.to_str().ok());
    let target = target.map(str::to_owned);
    let operation = target.as_deref().map_or("SendEmail", |target| {
        target.rsplit('.').next().unwrap_or(target)
    });
    if let Some(editor) = shared.editor() {
        edit(&mut headers, &mut body, |call| editor.call(operation, call));
    }
    let call = Call {
        operation: operation.to_owned(),
        body: body.clone(),
    };
    lock(&shared.calls).push(call.clone());
    if let Some(hook) = shared.next_hook(operation) {
        hook.action.await;
    }
    let base = target.as_ref().map_or(&shared.ses, |_| &shared.dynamodb);
    let request = shared
        .client
        .request(method, format!("{base}{uri}"))
        .headers(without(headers, "host"))
        .body(body);
    let pass = async || pass_on(Arc::clone(&shared), call.clone(), request).await;
    match shared.next_fault(&call) {
        None | Some(Fault::Pass) => pass().await.deliver(),
        Some(Fault::Refuse(status, code, message)) => {
            error(status, &json!({ "__type": code, "message": message }), code)
        }
        Some(Fault::Cancel(codes)) => cancelled(codes),
        Some(Fault::LoseAnswer) => {
            pass().await;
            error(500, &json!({}), "InternalServerError")
        }
        Some(Fault::Cut) => cut(),
        Some(Fault::CutAfter) => {
            pass().await;
            cut()
        }
        Some(Fault::Hang) => shared.hang().await,
        Some(Fault::HangAfter) => {
            pass().await;
            shared.hang().await
        }
        Some(Fault::Slow(delay)) => {
            tokio::time::sleep(delay).await;
            pass().await.deliver()
        }
    }
}

/// What AWS answered to a call. Dropped, it counts as lost, so that an answer counts whose caller
/// went away: the server drops whatever works on a connection that was closed.
struct Reply {
    shared: Arc<Shared>,
    call: Call,
    status: StatusCode,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Reply {
    /// Lets the caller hear it.
    fn deliver(mut self) -> Response {
        let body = self.body.take().unwrap_or_default();
        (self.status, std::mem::take(&mut self.headers), body).into_response()
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if let Some(body) = self.body.take()
            && self.status.is_success()
        {
            let call = self.call.clone();
            lock(&self.shared.lost_responses).push(LostResponse { call, body });
        }
    }
}

/// Has a call done. AWS does what has reached it, whether or not somebody still waits for the answer:
/// so it goes on when this is dropped.
async fn pass_on(shared: Arc<Shared>, call: Call, request: reqwest::RequestBuilder) -> Reply {
    let exchange = async move {
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let headers = without(headers, "transfer-encoding");
        answer.bytes().await.map(|body| (status, headers, body))
    };
    let done = tokio::spawn(async move {
        let answered = exchange.await;
        let (status, mut headers, mut body) =
            answered.unwrap_or_else(|_| (StatusCode::BAD_GATEWAY, HeaderMap::new(), Bytes::new()));
        if let Some(editor) = shared.editor() {
            edit(&mut headers, &mut body, |reply| {
                editor.reply(&call.operation, &call.json(), reply);
            });
        }
        Reply {
            shared,
            call,
            status,
            headers,
            body: Some(body),
        }
    });
    done.await.expect("nothing in it panics")
}

/// Edits a message. Only where that changes something are its length and checksum no longer said.
fn edit(headers: &mut HeaderMap, body: &mut Bytes, edit: impl FnOnce(&mut Value)) {
    let Ok(was) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    let mut message = was.clone();
    edit(&mut message);
    if message != was {
        headers.remove("content-length");
        headers.remove("x-amz-crc32");
        *body = message.to_string().into();
    }
}

fn without(mut headers: HeaderMap, name: &str) -> HeaderMap {
    headers.remove(name);
    headers
}

/// A response whose body fails before its first byte makes the server drop the connection.
fn cut() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(io::Error::other("cut")) });
    Response::new(Body::from_stream(broken))
}

fn cancelled(codes: [&str; 3]) -> Response {
    let name = "TransactionCanceledException";
    let body = json!({
        "__type": format!("com.amazonaws.dynamodb.v20120810#{name}"),
        "message": "Transaction cancelled",
        "CancellationReasons": codes.map(|code| json!({ "Code": code })),
    });
    error(400, &body, name)
}

fn error(status: u16, body: &serde_json::Value, code: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amzn-errortype", code),
    ];
    (status, headers, body.to_string()).into_response()
}
