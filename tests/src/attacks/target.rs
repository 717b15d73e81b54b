//! What is attacked: by HTTP and an inbox, wherever it runs.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use local_stack::api_gateway::{ApiRequest, ApiResponse};
use serde_json::{Value, json};

use super::{Line, NotRun, ReceivedMail, Remote, Setup, operators};
use crate::app::{DEMO, OLD_PASSWORD};
use crate::apps::one_app;
use crate::defects::ActiveDefect;
use crate::logs::CapturedLogs;
use crate::test_depth;
use crate::{TestApp, TestAppBuilder};

/// Requests that are sent at once. All of a flood in one go would measure the machine's timeouts.
pub(super) const WAVE: usize = 50;
/// The second account of the service in this process; its id is its address.
const SECOND: &str = "second@example.com";
/// The address that requests have in which nobody chose one.
const NO_SOURCE: &str = "127.0.0.1";

/// The service, wherever it runs.
pub enum Target {
    /// In this process, where the clock, the tables and the worker are at hand.
    InProcess(Box<InProcessTarget>),
    Remote(Box<Remote>),
}

/// The service in this process.
pub struct InProcessTarget {
    pub app: TestApp,
    /// What the process logs, if somebody listens.
    pub logs: Option<CapturedLogs>,
    /// The commands of those who operate it.
    pub makefile: String,
    /// Whether a few tries will do, because the service has a defect that shows at once.
    is_defective: bool,
    sources: Cell<u32>,
}

impl InProcessTarget {
    /// A fresh service for one line.
    pub async fn start(line: &Line, logs: Option<CapturedLogs>) -> Self {
        Box::pin(Self::start_with(Self::builder(line), logs)).await
    }

    /// The same, of a service that has a defect.
    pub async fn start_defective(
        line: &Line,
        logs: Option<CapturedLogs>,
        defect: &Arc<ActiveDefect>,
    ) -> Self {
        let builder = Self::builder(line).defect(defect);
        Self {
            is_defective: true,
            ..Box::pin(Self::start_with(builder, logs)).await
        }
    }

    /// The service that a line needs.
    #[must_use]
    pub fn builder(line: &Line) -> TestAppBuilder {
        let apps =
            json!({ "main": one_app("main", "Example"), "other": one_app("other", "Other") });
        let builder = TestApp::builder().apps(&apps).setting(
            "apps.main.allowed_redirects",
            ["https://app.example.com/reset"].to_vec(),
        );
        match line.setup {
            Some(Setup::Settings(all)) => all.iter().fold(builder, |builder, (name, value)| {
                let value: Value = serde_json::from_str(value).expect("JSON");
                builder.setting(name, value)
            }),
            Some(Setup::Parameter(name, value)) => builder.parameter(name, value),
            None => builder,
        }
    }

    /// The service that was built, with the accounts that lines need.
    pub async fn start_with(builder: TestAppBuilder, logs: Option<CapturedLogs>) -> Self {
        let app = builder.start().await;
        app.add_user(SECOND, SECOND, OLD_PASSWORD).await;
        Self {
            app,
            logs,
            makefile: operators::MAKEFILE.to_owned(),
            is_defective: false,
            sources: Cell::new(0),
        }
    }

    async fn mail(&self, email: &str, request: ApiRequest) -> Result<ReceivedMail, NotRun> {
        let before = self.mails().len();
        self.app.clock.advance(Duration::from_mins(1));
        let status = self.app.send(request).await.status();
        self.app.deliver().await;
        let mut mails = self.mails().split_off(before);
        mails.retain(|mail| mail.is_for(email) && mail.has_token());
        mails
            .pop()
            .ok_or_else(|| NotRun::because(format!("no mail came to {email} after a {status}")))
    }

    fn mails(&self) -> Vec<ReceivedMail> {
        self.app
            .ses
            .mails()
            .into_iter()
            .map(ReceivedMail::from)
            .collect()
    }
}

/// The mails that were there at some time.
pub(super) struct InboxSnapshot(BTreeSet<String>);

impl Target {
    /// The service in this process, for lines that look deeper.
    #[must_use]
    pub fn in_process(&self) -> Option<&InProcessTarget> {
        match self {
            Self::InProcess(in_process) => Some(in_process),
            Self::Remote(_) => None,
        }
    }

    /// What is behind a line that runs in this process only.
    pub(super) fn require_in_process(&self) -> Result<&InProcessTarget, NotRun> {
        self.in_process().ok_or_else(NotRun::out_of_reach)
    }

    /// An address with an account: the one that has been asked for least.
    #[must_use]
    pub fn known(&self) -> String {
        match self {
            Self::InProcess(_) => DEMO.to_owned(),
            Self::Remote(remote) => remote.known(),
        }
    }

    pub(super) fn known_beside(&self, email: &str) -> Result<String, NotRun> {
        match self {
            Self::InProcess(_) => Ok(SECOND.to_owned()),
            Self::Remote(remote) => remote.known_beside(email),
        }
    }

    /// An address without an account, a new one each time.
    #[must_use]
    pub fn unknown(&self) -> String {
        match self {
            Self::InProcess(in_process) => {
                format!("none{:06}@example.com", in_process.next_number())
            }
            Self::Remote(remote) => remote.unknown(),
        }
    }

    /// The origin that mailed links must have.
    pub(super) fn link_origin(&self) -> &str {
        match self {
            Self::InProcess(_) => "https://api.example.com",
            Self::Remote(remote) => &remote.settings.link_origin,
        }
    }

    /// Where links that a caller chooses may point.
    pub(super) fn allowed_redirect(&self) -> &str {
        match self {
            Self::InProcess(_) => "https://app.example.com/reset",
            Self::Remote(remote) => &remote.settings.allowed_redirect,
        }
    }

    /// Whether requests can come from addresses of the attacker's choice.
    pub(super) fn chooses_sources(&self) -> bool {
        match self {
            Self::InProcess(_) => true,
            Self::Remote(remote) => remote.settings.chooses_sources,
        }
    }

    /// How often something is done that each place bears differently often: this process, a stack
    /// on this machine, a deployment. A sample does as often as the next of them bears. A defect shows
    /// after as few tries as a stack bears.
    pub(super) fn repetitions(&self, here: usize, stack: usize, deployment: usize) -> usize {
        match self {
            Self::InProcess(in_process) if in_process.is_defective => stack,
            Self::InProcess(_) => test_depth::choose(stack, here),
            Self::Remote(remote) if !remote.settings.chooses_sources => deployment,
            Self::Remote(_) => test_depth::choose(deployment, stack),
        }
    }

    /// How many do something at once; where so many only meet each other's timeouts, fewer do.
    pub(super) fn concurrency_levels(&self) -> &'static [u32] {
        let is_defective = self
            .in_process()
            .is_some_and(|in_process| in_process.is_defective);
        if is_defective { &[5] } else { &[50, 20, 5] }
    }

    /// Sends a request from a source of its own where that can be chosen; elsewhere it waits for as
    /// long as it is told to.
    pub async fn send(&self, request: ApiRequest) -> ApiResponse {
        match self {
            Self::InProcess(in_process) => in_process.send(request).await,
            Self::Remote(remote) => remote.send_patiently(request).await,
        }
    }

    /// Sends a request, and takes a refusal for an answer.
    pub(super) async fn send_once(&self, request: ApiRequest) -> ApiResponse {
        match self {
            Self::InProcess(in_process) => in_process.send(request).await,
            Self::Remote(remote) => remote.send_once(&request).await,
        }
    }

    pub(super) async fn send_at_once(
        &self,
        requests: impl IntoIterator<Item = ApiRequest>,
    ) -> Vec<ApiResponse> {
        join_all(requests.into_iter().map(|it| self.send_once(it))).await
    }

    /// Sends a request from one source more than twice as often as its limit allows, so that a window
    /// holds too many of them wherever another begins; gives the last refusal.
    pub(super) async fn flood_from(
        &self,
        source: &str,
        request: &ApiRequest,
    ) -> Option<ApiResponse> {
        let mut refusal = None;
        for _ in 0..3 {
            let wave = (0..WAVE).map(|_| request.clone().source_ip(source));
            let answers = self.send_at_once(wave).await;
            refusal = answers.into_iter().rfind(|it| it.status == 429).or(refusal);
        }
        refusal
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> ApiResponse {
        self.send(ApiRequest::new("POST", path).json(body)).await
    }

    /// The request for a reset of this address.
    #[must_use]
    pub fn ask(&self, email: &str) -> ApiRequest {
        ApiRequest::new("POST", "/v1/request-reset").json(&json!({ "email": email }))
    }

    /// The mail that comes to `email` when this is sent, as soon as its limit lets one come.
    pub(super) async fn mail(
        &self,
        email: &str,
        request: ApiRequest,
    ) -> Result<ReceivedMail, NotRun> {
        match self {
            Self::InProcess(in_process) => in_process.mail(email, request).await,
            Self::Remote(remote) => remote.mail(email, request).await,
        }
    }

    /// A fresh reset mail to this address.
    pub(super) async fn reset_mail(&self, email: &str) -> Result<ReceivedMail, NotRun> {
        self.mail(email, self.ask(email)).await
    }

    /// Waits until `email` may be mailed again.
    pub(super) async fn cool_down(&self, email: &str) {
        match self {
            Self::InProcess(in_process) => in_process.app.clock.advance(Duration::from_mins(1)),
            Self::Remote(remote) => remote.cool_down(email).await,
        }
    }

    /// Seconds between two mails to one address.
    pub(super) fn cooldown(&self) -> u64 {
        match self {
            Self::InProcess(_) => 60,
            Self::Remote(remote) => remote.cooldown(),
        }
    }

    /// The mails that are there now.
    pub(super) async fn snapshot(&self) -> InboxSnapshot {
        let mails = match self {
            Self::InProcess(in_process) => in_process.mails(),
            Self::Remote(remote) => remote.mails().await,
        };
        InboxSnapshot(mails.into_iter().map(|mail| mail.id).collect())
    }

    /// The mails that have come since, when no more are coming.
    pub(super) async fn mails_after(&self, snapshot: &InboxSnapshot) -> Vec<ReceivedMail> {
        let mut mails = match self {
            Self::InProcess(in_process) => {
                in_process.app.deliver().await;
                in_process.mails()
            }
            Self::Remote(remote) => remote.mails_when_quiet().await,
        };
        mails.retain(|mail| !snapshot.0.contains(&mail.id));
        mails
    }
}

/// The steps behind the link.
impl Target {
    pub(super) async fn verify(&self, token: &str) -> ApiResponse {
        let body = json!({ "token": token });
        self.post("/v1/verify-token", &body).await
    }

    pub(super) async fn verify_code(&self, email: &str, code: &str) -> ApiResponse {
        let body = json!({ "email": email, "code": code });
        self.post("/v1/verify-token", &body).await
    }

    pub(super) async fn confirm(&self, token: &str, password: &str) -> ApiResponse {
        let body = json!({ "token": token, "password": password });
        self.post("/v1/confirm-reset", &body).await
    }

    pub(super) async fn confirm_code(
        &self,
        email: &str,
        code: &str,
        password: &str,
    ) -> ApiResponse {
        let body = json!({ "email": email, "code": code, "password": password });
        self.post("/v1/confirm-reset", &body).await
    }
}

impl InProcessTarget {
    fn next_number(&self) -> u32 {
        self.sources.set(self.sources.get() + 1);
        self.sources.get()
    }

    async fn send(&self, request: ApiRequest) -> ApiResponse {
        let request = with_source(request, self.next_number());
        self.app.send(request).await.0
    }
}

/// The request from a source of its own, unless it has one.
pub(super) fn with_source(request: ApiRequest, number: u32) -> ApiRequest {
    if request.source_ip != NO_SOURCE {
        return request;
    }
    let [_, b, c, d] = number.to_be_bytes();
    request.source_ip(&format!("10.{b}.{c}.{d}"))
}

/// What an answer says, without what names this very request.
pub(super) fn visible_answer(answer: &ApiResponse) -> String {
    const FLEETING: [&str; 5] = [
        "apigw-requestid",
        "connection",
        "content-length",
        "date",
        "x-amzn-trace-id",
    ];
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| !FLEETING.contains(&name.as_str()));
    headers.sort();
    let body = String::from_utf8_lossy(&answer.body);
    format!("{} {headers:?} {body}", answer.status)
}

/// Whether an answer grants what was asked.
pub(super) fn granted(answer: &ApiResponse) -> bool {
    (200..300).contains(&answer.status)
}

/// Whether an answer blames the caller.
pub(super) fn refused(answer: &ApiResponse) -> bool {
    (400..500).contains(&answer.status)
}

/// The last part of a problem's type; empty when it is none.
pub(super) fn problem(answer: &ApiResponse) -> String {
    let body = answer.json().unwrap_or_default();
    let kind = body["type"].as_str().unwrap_or_default();
    kind.rsplit(':').next().unwrap_or_default().to_owned()
}
