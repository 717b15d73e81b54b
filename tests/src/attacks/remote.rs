//! The service somewhere else, known by its URL and by the inbox that its mails end in.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use local_stack::api_gateway::{ApiRequest, ApiResponse};
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::target::with_source;
use super::{NotRun, ReceivedMail};
use crate::stack::send_over_http;

/// Longest wait for a mail: where SES's answer comes too late, the next try waits for minutes.
const MAIL_TIMEOUT: Duration = Duration::from_mins(10);
/// Longest wait for a mail that stands behind hundreds of jobs.
const QUEUE_TIMEOUT: Duration = Duration::from_mins(15);
/// Longest wait for a limit to pass.
const LIMIT_TIMEOUT: Duration = Duration::from_mins(15);
/// Longest wait for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(10);
/// How often the inbox is asked: it cannot be waited on.
const INBOX_INTERVAL: Duration = Duration::from_millis(100);

/// What one needs to know about a deployment to attack it.
#[derive(Debug, Clone)]
pub struct RemoteSettings {
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// Where its mails can be read: `GET {inbox}/store`.
    pub inbox: String,
    /// Addresses with accounts, whose passwords the attacks change.
    pub known: Vec<String>,
    /// An address without an account; more are made of it by `+1` and so on.
    pub unknown: String,
    /// The origin that mailed links must have.
    pub link_origin: String,
    /// Where links that a caller chooses may point.
    pub allowed_redirect: String,
    /// Whether it is a local stack, whose API Gateway takes the source from a header.
    pub chooses_sources: bool,
    /// How long the inbox must be silent to be taken for complete.
    pub quiet: Duration,
}

/// The service somewhere else.
pub struct Remote {
    pub(super) settings: RemoteSettings,
    client: reqwest::Client,
    /// When each account was asked for.
    asked: RefCell<BTreeMap<String, Vec<Instant>>>,
    cooldown: Cell<Duration>,
    numbers: Cell<u32>,
    secrets: RefCell<Vec<String>>,
}

impl Remote {
    /// The service there.
    #[must_use]
    pub fn new(settings: RemoteSettings) -> Self {
        let accounts = settings.known.iter().map(|it| (it.clone(), Vec::new()));
        Self {
            asked: RefCell::new(accounts.collect()),
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(ANSWER_TIMEOUT)
                .build()
                .expect("a client"),
            // The default, until an answer says otherwise.
            cooldown: Cell::new(Duration::from_mins(1)),
            numbers: Cell::new(0),
            secrets: RefCell::default(),
            settings,
        }
    }

    /// Every token and code that was mailed, for a person who can read the logs.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        self.secrets.borrow().clone()
    }

    pub(super) fn known(&self) -> String {
        let asked = self.asked.borrow();
        let least = asked
            .iter()
            .min_by_key(|(_, times)| (times.len(), times.last().copied()));
        least.map(|(email, _)| email.clone()).unwrap_or_default()
    }

    pub(super) fn known_beside(&self, email: &str) -> Result<String, NotRun> {
        let asked = self.asked.borrow();
        let others = asked.iter().filter(|(other, _)| *other != email);
        let least = others.min_by_key(|(_, times)| times.len());
        least
            .map(|(email, _)| email.clone())
            .ok_or_else(|| NotRun::because("needs two addresses in KNOWN"))
    }

    pub(super) fn unknown(&self) -> String {
        let number = self.next_number();
        match self.settings.unknown.rsplit_once('@') {
            Some((local, domain)) => format!("{local}+{number}@{domain}"),
            None => self.settings.unknown.clone(),
        }
    }

    fn next_number(&self) -> u32 {
        self.numbers.set(self.numbers.get() + 1);
        self.numbers.get()
    }

    /// Sends a request; an answer that never comes has the status 0.
    pub(super) async fn send_once(&self, request: &ApiRequest) -> ApiResponse {
        match self.try_send(request).await {
            Ok(answer) => answer,
            Err(error) => ApiResponse {
                status: 0,
                headers: Vec::new(),
                body: error.to_string().into_bytes(),
            },
        }
    }

    async fn try_send(&self, request: &ApiRequest) -> reqwest::Result<ApiResponse> {
        let mut request = request.clone();
        if self.settings.chooses_sources {
            request = with_source(request, self.next_number());
            let source = request.source_ip.clone();
            request = request.header("x-local-source-ip", &source);
        }
        send_over_http(&self.client, &self.settings.url, &request).await
    }

    /// Sends a request again for as long as it is told to come back later.
    pub(super) async fn send_patiently(&self, request: ApiRequest) -> ApiResponse {
        let end = Instant::now() + LIMIT_TIMEOUT;
        loop {
            let answer = self.send_once(&request).await;
            if answer.status != 429 || Instant::now() >= end {
                return answer;
            }
            let seconds = answer.header("retry-after").and_then(|it| it.parse().ok());
            sleep(Duration::from_secs(seconds.unwrap_or(1))).await;
        }
    }

    pub(super) fn cooldown(&self) -> u64 {
        self.cooldown.get().as_secs()
    }

    /// Waits until an address may be mailed again.
    pub(super) async fn cool_down(&self, email: &str) {
        let last = self.last_asked(email);
        if let Some(last) = last {
            // The service counts in whole seconds.
            sleep_until(last + self.cooldown.get() + Duration::from_secs(1)).await;
        }
    }

    fn last_asked(&self, email: &str) -> Option<Instant> {
        self.asked.borrow().get(email)?.last().copied()
    }

    pub(super) async fn mail(
        &self,
        email: &str,
        request: ApiRequest,
    ) -> Result<ReceivedMail, NotRun> {
        self.mail_within(MAIL_TIMEOUT, email, request).await
    }

    /// Waits until the worker is done with what was asked for so far: `request`'s mail comes last.
    pub(super) async fn drain(&self, email: &str, request: ApiRequest) -> Result<(), NotRun> {
        let last = self.mail_within(QUEUE_TIMEOUT, email, request);
        last.await.map(drop)
    }

    async fn mail_within(
        &self,
        longest: Duration,
        email: &str,
        request: ApiRequest,
    ) -> Result<ReceivedMail, NotRun> {
        self.cool_down(email).await;
        let before: Vec<_> = self.mails().await.into_iter().map(|it| it.id).collect();
        let answer = self.send_patiently(request).await;
        self.note_asked(email, &answer);
        if !super::target::granted(&answer) {
            let status = answer.status;
            return Err(NotRun::because(format!("refused with {status}")));
        }
        let is_it =
            |it: &ReceivedMail| it.is_for(email) && it.has_token() && !before.contains(&it.id);
        let arrived = timeout(longest, async {
            loop {
                if let Some(mail) = self.mails().await.into_iter().find(is_it) {
                    return mail;
                }
                sleep(INBOX_INTERVAL).await;
            }
        });
        let mail = arrived.await.map_err(|_| {
            NotRun::because(format!(
                "no mail came to {email}; its limit may be used up, so name more addresses"
            ))
        })?;
        self.secrets.borrow_mut().extend(mail.token());
        self.secrets.borrow_mut().extend(mail.code());
        Ok(mail)
    }

    fn note_asked(&self, email: &str, answer: &ApiResponse) {
        let mut asked = self.asked.borrow_mut();
        asked
            .entry(email.to_owned())
            .or_default()
            .push(Instant::now());
        let told = answer.json().unwrap_or_default();
        if let Some(seconds) = told["resend_after"].as_u64() {
            self.cooldown.set(Duration::from_secs(seconds));
        }
    }

    /// Every mail in the inbox; none when it does not answer.
    pub(super) async fn mails(&self) -> Vec<ReceivedMail> {
        let store = async {
            let url = format!("{}/store", self.settings.inbox);
            self.client.get(url).send().await?.json::<Value>().await
        };
        let store = store.await.unwrap_or_default();
        let mails = store["emails"].as_array().into_iter().flatten();
        mails.map(ReceivedMail::from_store).collect()
    }

    /// Every mail, once none has come for a while: that nothing comes cannot be waited for.
    pub(super) async fn mails_when_quiet(&self) -> Vec<ReceivedMail> {
        let mut mails = self.mails().await;
        let mut silent_since = Instant::now();
        while silent_since.elapsed() < self.settings.quiet {
            sleep(INBOX_INTERVAL).await;
            let now = self.mails().await;
            if now.len() != mails.len() {
                silent_since = Instant::now();
            }
            mails = now;
        }
        mails
    }
}
