//! The service under test, with verbs that read like the flow.

mod functions;
mod runner;
mod variables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::Database;
use local_stack::api_gateway::{ApiGateway, ApiRequest, ApiResponse};
use local_stack::aws_proxy::AwsProxy;
use local_stack::dynamodb::DynamoDb;
use local_stack::events::{EventBus, Publisher};
use local_stack::invoke::InvokeError;
use local_stack::ses::{Mail, Ses};
use local_stack::stream_poller::{Progress, StreamPoller};
use local_stack::template::{Options, Template};
use serde_json::{Value, json};
use shared::ports::Clock as _;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use crate::apps::in_place_of_apps;
use crate::clock::TestClock;
use crate::defects::ActiveDefect;
use crate::items::{from_item, to_attribute, to_item};
use crate::lambda::Lambda;
use crate::mailbox::{code_in, token_in};
use functions::Functions;
use runner::Runner;
use variables::variables;

/// The one account that every test starts with.
pub const DEMO: &str = "demo@example.com";
pub const OLD_PASSWORD: &str = "correct horse battery staple";
/// A password that is good enough.
pub const NEW_PASSWORD: &str = "seven lanterns over the bay";
pub const OTHER_PASSWORD: &str = "another lantern over the sea";
/// How long a busy machine may take for a call of DynamoDB.
const BUSY: Duration = Duration::from_mins(2);

/// What a caller got.
#[derive(Debug, Clone)]
pub struct Answer(pub ApiResponse);

impl Answer {
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status
    }

    #[must_use]
    pub fn json(&self) -> Value {
        self.0.json().expect("a JSON body")
    }

    /// The last part of a problem's type.
    #[must_use]
    pub fn problem(&self) -> String {
        assert_eq!(
            self.0.header("content-type"),
            Some("application/problem+json"),
            "{:?}",
            self.0
        );
        let kind = self.json()["type"].as_str().expect("a type").to_owned();
        kind.rsplit(':').next().unwrap_or(&kind).to_owned()
    }

    /// The body, when it is to be read.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.body).into_owned()
    }

    /// Asserts that it is this problem.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, kind: &str) {
        let said = (self.status(), self.problem());
        assert_eq!(said, (status, kind.to_owned()), "{self:?}");
    }

    /// Everything that does not name this very answer.
    #[must_use]
    pub fn without_ids(&self) -> (u16, Vec<(String, String)>, Vec<u8>) {
        let mut headers = self.0.headers.clone();
        headers.retain(|(name, _)| name != "apigw-requestid");
        (self.status(), headers, self.0.body.clone())
    }

    /// Why a password was refused.
    #[must_use]
    pub fn reason_codes(&self) -> Vec<String> {
        let body = self.json();
        let reasons = body["reasons"].as_array().expect("reasons");
        let code = |it: &Value| it["code"].as_str().map(str::to_owned);
        reasons.iter().filter_map(code).collect()
    }
}

/// Asserts that this stands in a text.
#[track_caller]
pub fn assert_contains(text: &str, part: &str) {
    assert!(text.contains(part), "{part} is not in {text}");
}

/// Asserts that what was asked for was done.
#[track_caller]
pub fn assert_ok(answer: &Answer) {
    assert_eq!(answer.status(), 200, "{answer:?}");
}

/// Asserts that a link or code is none, or no longer one.
#[track_caller]
pub fn assert_invalid(answer: &Answer) {
    answer.assert_problem(400, "invalid-token");
}

/// How a [`TestApp`] is to be.
#[derive(Debug, Default)]
pub struct TestAppBuilder {
    environment: BTreeMap<String, String>,
    /// Laid over the settings file (RFC 7396).
    settings: Value,
    parameters: BTreeMap<String, String>,
    /// Of each function; none runs the handlers in this process.
    processes: Option<usize>,
    patience: Option<Duration>,
    deployed_timeouts: bool,
    defect: Option<Arc<ActiveDefect>>,
}

impl TestAppBuilder {
    /// Sets a variable of every function.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Changes a setting, which is named by its path: `limits.source_requests`. `null` takes it out.
    #[must_use]
    pub fn setting(mut self, path: &str, value: impl Into<Value>) -> Self {
        let mut place = &mut self.settings;
        for name in path.split('.') {
            place = &mut place[name];
        }
        *place = value.into();
        self
    }

    /// Serves these apps, by id, in place of those of the file; the first one by default.
    #[must_use]
    pub fn apps(self, apps: &Value) -> Self {
        let default = apps
            .as_object()
            .and_then(|apps| apps.keys().next())
            .cloned();
        self.setting("default_app", default)
            .setting("apps", in_place_of_apps(apps))
    }

    /// Sets a parameter of the template.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the binaries of the last build, in up to so many processes of each function. Time is the
    /// system's, then.
    #[must_use]
    pub fn processes(mut self, concurrency: usize) -> Self {
        self.processes = Some(concurrency);
        self
    }

    /// Gives records of the stream up when they are so old, and not as the template says.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Waits for DynamoDB no longer than a deployment does. Otherwise a call may take minutes, because a
    /// busy machine is no outage.
    #[must_use]
    pub fn deployed_timeouts(mut self) -> Self {
        self.deployed_timeouts = true;
        self
    }

    /// Gives the service this defect.
    #[must_use]
    pub fn defect(mut self, defect: &Arc<ActiveDefect>) -> Self {
        self.defect = Some(Arc::clone(defect));
        self
    }

    pub async fn start(self) -> TestApp {
        TestApp::start_with(self).await
    }
}

/// The whole service in this process.
pub struct TestApp {
    pub clock: TestClock,
    /// What stands between the functions and AWS.
    pub aws: AwsProxy,
    pub ses: Ses,
    dynamodb: DynamoDb,
    client: aws_sdk_dynamodb::Client,
    runner: Runner,
    defect: Option<Arc<ActiveDefect>>,
    api_gateway: ApiGateway,
    /// One for each mapping.
    pollers: Mutex<Vec<StreamPoller>>,
    /// The pipes to the event bus, each with its target.
    pipes: Mutex<Vec<(StreamPoller, Publisher)>>,
    events: EventBus,
    /// What the pollers said.
    said: Arc<std::sync::Mutex<Vec<String>>>,
}

/// The project's top folder.
#[must_use]
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl TestApp {
    /// An app with the settings that ship, but for a cheap hash.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// An app with settings of the test's own.
    #[must_use]
    pub fn builder() -> TestAppBuilder {
        let builder = TestAppBuilder::default();
        builder.setting("passwords.argon2", cheap_argon2())
    }

    /// An app with one setting of the test's own, named by its path.
    pub async fn with(path: &str, value: impl Into<Value>) -> Self {
        // Boxed, so that the whole service counts as one for the code that awaits this.
        Box::pin(Self::builder().setting(path, value).start()).await
    }

    async fn start_with(builder: TestAppBuilder) -> Self {
        let TestAppBuilder {
            mut environment,
            settings,
            parameters,
            processes,
            patience,
            deployed_timeouts,
            defect,
        } = builder;
        let clock = if processes.is_some() {
            TestClock::of_system()
        } else {
            TestClock::new()
        };
        let template = template_with(parameters);
        let dynamodb = DynamoDb::start(port().await, &template.tables, clock.shared())
            .expect("an embedded DynamoDB");
        let events = EventBus::default();
        let ses =
            Ses::start(port().await, clock.shared(), events.clone()).expect("an SES endpoint");
        let aws = AwsProxy::start(port().await, dynamodb.url(), ses.url()).expect("a proxy");
        if let Some(defect) = &defect {
            aws.set_editor(Arc::clone(defect) as _);
        }
        environment.insert("SETTINGS_OVERRIDES".into(), settings.to_string());
        environment.insert("AWS_ENDPOINT_URL".into(), aws.url().to_owned());
        let runner = if let Some(concurrency) = processes {
            Runner::processes(&template, &environment, concurrency, aws.url())
        } else {
            let sdk = sdk(aws.url(), deployed_timeouts).await;
            Runner::Here(Box::new(Functions::new(
                &template,
                &environment,
                &sdk,
                &clock,
            )))
        };
        let said = Arc::<std::sync::Mutex<Vec<String>>>::default();
        let mut mappings = template.streams.clone();
        // Those that wait for nothing first, as what they bring would come.
        mappings.sort_by_key(|mapping| mapping.window);
        let pollers = mappings.into_iter().map(|mut mapping| {
            mapping.max_age = patience.unwrap_or(mapping.max_age);
            // Where batches are to be what a test made, they are.
            mapping.lanes = processes.unwrap_or(1).min(mapping.lanes);
            let said = Arc::clone(&said);
            let observer = move |line: &str| said.lock().expect("no panic").push(line.to_owned());
            let database = dynamodb.database().clone();
            StreamPoller::new(database, mapping, clock.shared(), observer).expect("a poller")
        });
        let pollers = Mutex::new(pollers.collect());
        let pipes = template.pipes.iter().map(|pipe| {
            let (database, mapping) = (dynamodb.database().clone(), pipe.mapping.clone());
            let poller = StreamPoller::new(database, mapping, clock.shared(), |_| ());
            let publisher = Publisher::new(pipe.clone(), events.clone(), clock.shared(), |_| ());
            (poller.expect("a poller"), publisher.expect("a publisher"))
        });
        let pipes = Mutex::new(pipes.collect());
        let app = Self {
            client: dynamodb_client(dynamodb.url()).await,
            api_gateway: ApiGateway::new(&template.api),
            pollers,
            pipes,
            events,
            said,
            clock,
            aws,
            ses,
            dynamodb,
            runner,
            defect,
        };
        app.add_user("demo", DEMO, OLD_PASSWORD).await;
        app
    }

    /// What runs the functions, when that is [`TestAppBuilder::processes`].
    #[must_use]
    pub fn lambda(&self) -> &Lambda {
        match &self.runner {
            Runner::Processes(lambda) => lambda,
            Runner::Here(_) => panic!("the functions run in this process"),
        }
    }

    /// Sends a request through the API.
    pub async fn send(&self, request: ApiRequest) -> Answer {
        let invoker = |function: String, event: Value| self.call(function, event);
        // Boxed, so that the many layers below count as one for the code that awaits this.
        Answer(Box::pin(self.api_gateway.handle(&request, &invoker)).await)
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(ApiRequest::new("POST", path).json(body)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(ApiRequest::new("GET", path)).await
    }

    pub async fn request_reset(&self, email: &str) -> Answer {
        self.post("/v1/request-reset", &json!({ "email": email }))
            .await
    }

    /// Lets the stream's records reach the worker, as far as they get.
    pub async fn deliver(&self) -> Progress {
        let invoker = |function: String, event: Value| self.call(function, event);
        let mut total = Progress::default();
        for poller in self.pollers.lock().await.iter_mut() {
            total = total.and(poller.drain(&invoker).await.expect("the poller runs"));
        }
        total
    }

    /// Gives the worker what is there, once.
    pub async fn deliver_once(&self) -> Progress {
        let invoker = |function: String, event: Value| self.call(function, event);
        let mut total = Progress::default();
        for poller in self.pollers.lock().await.iter_mut() {
            total = total.and(poller.run_once(&invoker).await.expect("the poller runs"));
        }
        total
    }

    /// Lets the stream's records reach the event bus, and gives all events there.
    pub async fn published(&self) -> Vec<Value> {
        for (poller, publisher) in self.pipes.lock().await.iter_mut() {
            poller.drain(publisher).await.expect("the poller runs");
        }
        self.events.events()
    }

    /// What was given up and kept.
    pub async fn given_up(&self) -> Vec<Vec<Value>> {
        let pollers = self.pollers.lock().await;
        pollers
            .iter()
            .flat_map(StreamPoller::dead_letters)
            .collect()
    }

    /// The lines that the poller said: of each failure, and of all that was given up.
    #[must_use]
    pub fn poller_lines(&self) -> Vec<String> {
        self.said.lock().expect("no panic").clone()
    }

    /// The embedded DynamoDB, for direct calls.
    #[must_use]
    pub fn database(&self) -> &Database {
        self.dynamodb.database()
    }

    /// Calls a function directly, by its logical id.
    ///
    /// # Errors
    ///
    /// What the function failed with.
    pub async fn invoke(&self, function: &str, event: Value) -> Result<Value, String> {
        let called = self.call(function.to_owned(), event).await;
        called.map_err(|error| error.to_string())
    }

    /// Gives the mail worker an event of the stream, and says which of its records failed.
    pub async fn work(&self, event: &Value) -> Vec<String> {
        let answer = self.invoke("MailWorkerFunction", event.clone()).await;
        let answer = answer.expect("an answer");
        let failed = answer["batchItemFailures"].as_array().expect("a list");
        let id = |it: &Value| it["itemIdentifier"].as_str().map(str::to_owned);
        failed.iter().filter_map(id).collect()
    }

    /// Runs a function as Lambda would, with the defect that it is to have.
    async fn call(&self, function: String, mut event: Value) -> Result<Value, InvokeError> {
        let Some(defect) = &self.defect else {
            return self.runner.call(function, event).await;
        };
        defect.edit_event(&function, &mut event);
        let mut answer = self.runner.call(function, event.clone()).await?;
        defect.edit_answer(&event, &mut answer).await;
        Ok(answer)
    }

    /// Asks for a reset and waits for the mail.
    pub async fn mailed_reset(&self, email: &str) -> Mail {
        assert_eq!(self.request_reset(email).await.status(), 202);
        self.deliver().await;
        self.last_mail()
    }

    /// Sends a request for a reset, and waits for the mail.
    pub async fn mailed(&self, request: ApiRequest) -> Mail {
        let answer = self.send(request).await;
        assert!((200..300).contains(&answer.status()), "{answer:?}");
        self.deliver().await;
        self.last_mail()
    }

    #[must_use]
    pub fn last_mail(&self) -> Mail {
        self.ses.mails().pop().expect("a mail")
    }

    /// The link token of a fresh reset mail to the demo account.
    pub async fn fresh_token(&self) -> String {
        token_in(&self.mailed_reset(DEMO).await)
    }

    /// The code of a fresh reset mail to the demo account.
    pub async fn fresh_code(&self) -> String {
        code_in(&self.mailed_reset(DEMO).await)
    }

    pub async fn verify_link(&self, token: &str) -> Answer {
        self.post("/v1/verify-token", &json!({ "token": token }))
            .await
    }

    pub async fn verify_code(&self, email: &str, code: &str) -> Answer {
        let body = json!({ "email": email, "code": code });
        self.post("/v1/verify-token", &body).await
    }

    /// Sets a password by link.
    pub async fn confirm_link(&self, token: &str, password: &str) -> Answer {
        let body = json!({ "token": token, "password": password });
        self.post("/v1/confirm-reset", &body).await
    }

    /// Cancels a reset, as the person does who did not ask for it.
    pub async fn cancel(&self, token: &str) -> Answer {
        self.post("/v1/cancel-reset", &json!({ "token": token }))
            .await
    }

    /// Changes the demo account's password by a fresh link. Nobody is told yet, and mails and calls are
    /// counted anew.
    pub async fn change_password(&self) {
        let token = self.fresh_token().await;
        self.ses.clear();
        let changed = self.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(changed.status(), 200);
        self.aws.forget_calls();
    }

    /// Sets a password by code.
    pub async fn confirm_code(&self, email: &str, code: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "code": code, "password": password });
        self.post("/v1/confirm-reset", &body).await
    }

    pub async fn add_user(&self, id: &str, email: &str, password: &str) {
        let user = json!({ "id": id, "email": email, "password_hash": hash(password) });
        self.put("UsersTable", &user).await;
    }

    /// Switches a user off.
    pub async fn disable_user(&self, id: &str) {
        self.set_user(id, "disabled", true).await;
    }

    /// Changes one attribute of a user, as the team's own software would.
    pub async fn set_user(&self, id: &str, name: &str, value: impl Into<Value>) {
        let value = to_attribute(&value.into());
        self.set_attribute(id, name, value).await;
    }

    /// The same, for what JSON has no type for.
    pub async fn set_attribute(&self, id: &str, name: &str, value: AttributeValue) {
        let set = self.update_user(id, "SET #name = :value", name);
        let set = set.expression_attribute_values(":value", value);
        set.send().await.expect("the user is changed");
    }

    /// Takes one attribute of a user away.
    pub async fn remove_from_user(&self, id: &str, name: &str) {
        let remove = self.update_user(id, "REMOVE #name", name);
        remove.send().await.expect("the user is changed");
    }

    fn update_user(&self, id: &str, expression: &str, name: &str) -> UpdateItemFluentBuilder {
        let update = self.client.update_item().table_name("UsersTable");
        update
            .key("id", AttributeValue::S(id.to_owned()))
            .condition_expression("attribute_exists(id)")
            .update_expression(expression)
            .expression_attribute_names("#name", name)
    }

    pub async fn user(&self, id: &str) -> Value {
        let key = AttributeValue::S(id.to_owned());
        let get = self.client.get_item().table_name("UsersTable");
        let found = get.key("id", key).send().await.expect("an answer");
        from_item(found.item.expect("the user is there"))
    }

    /// Whether the demo account has this password.
    pub async fn password_is(&self, password: &str) -> bool {
        self.password_of("demo", password).await
    }

    /// Whether a user has this password.
    pub async fn password_of(&self, id: &str, password: &str) -> bool {
        is_hash_of(&self.user(id).await["password_hash"], password)
    }

    /// Every item of the tokens table whose key begins so.
    pub async fn items(&self, prefix: &str) -> Vec<Value> {
        let all = self.client.scan().table_name("TokensTable");
        let all: Result<Vec<_>, _> = all.into_paginator().items().send().collect().await;
        let mut items: Vec<_> = all.expect("an answer").into_iter().map(from_item).collect();
        items.retain(|item| item["pk"].as_str().is_some_and(|pk| pk.starts_with(prefix)));
        items
    }

    /// The one record of links and codes.
    pub async fn record(&self) -> Value {
        self.items("token#").await.remove(0)
    }

    /// The record of the one change.
    pub async fn notice(&self) -> Value {
        self.items("notice#").await.remove(0)
    }

    /// How many of a record's links or codes have not expired; the others are decoys, or dead.
    #[must_use]
    pub fn alive(&self, record: &Value, name: &str) -> usize {
        let now = format!("v{:010}~", self.clock.now().unix_seconds());
        let stored = record[name].as_object().expect("a map").values();
        let alive = stored.filter(|it| it.as_str().is_some_and(|it| *it > *now));
        alive.count()
    }

    /// A client of the embedded DynamoDB, past the proxy.
    #[must_use]
    pub const fn dynamodb(&self) -> &aws_sdk_dynamodb::Client {
        &self.client
    }

    /// A client of the embedded DynamoDB, through the proxy that counts.
    pub async fn counted_dynamodb(&self) -> aws_sdk_dynamodb::Client {
        dynamodb_client(self.aws.url()).await
    }

    /// Writes an item of any table.
    pub async fn put(&self, table: &str, item: &Value) {
        let put = self.client.put_item().table_name(table);
        let put = put.set_item(Some(to_item(item)));
        put.send().await.expect("the item is written");
    }

    /// Lets DynamoDB's TTL do its work.
    pub fn sweep(&self) -> usize {
        self.dynamodb.sweep().expect("the sweep runs")
    }
}

/// Whether an item is of an address: of the one that was asked for, or of the first that a record was
/// made for.
#[must_use]
pub fn is_of_address(item: &Value, email: &str) -> bool {
    item.pointer("/owners/0").unwrap_or(item)["email"] == email
}

/// The project's template, with its defaults.
#[must_use]
pub fn template() -> Template {
    template_with(BTreeMap::new())
}

/// The project's template, with these parameters and the defaults of all others.
#[must_use]
pub fn template_with(mut parameters: BTreeMap<String, String>) -> Template {
    parameters.insert("SenderIdentity".into(), "example.com".into());
    let options = Options {
        parameters,
        api_url: "https://api.example.com".into(),
    };
    Template::load(&project().join("template.yaml"), options).expect("a good template")
}

/// What a team may change of an account, each of which ends its links and codes.
#[must_use]
pub fn account_changes() -> [(&'static str, Value); 5] {
    [
        ("password_hash", json!("$2b$12$changed-elsewhere")),
        ("email", json!("moved@example.com")),
        ("disabled", json!(true)),
        ("credential_version", json!(8)),
        ("sessions_valid_after", json!(8)),
    ]
}

/// Whether a stored hash is that of a password, by an implementation of other hands.
#[must_use]
pub fn is_hash_of(stored: &Value, password: &str) -> bool {
    let stored = stored.as_str().expect("a string");
    independent_argon2::verify_encoded(stored, password.as_bytes()).expect("a PHC string")
}

/// The cheapest hash that the settings allow: else tests do little besides hashing.
fn cheap_argon2() -> Value {
    json!({ "memory_kib": 8192, "iterations": 1 })
}

/// A hash as the users table has it, of next to no cost, which nobody here would notice.
#[must_use]
pub fn hash(password: &str) -> String {
    let config = independent_argon2::Config {
        mem_cost: 8,
        time_cost: 1,
        ..independent_argon2::Config::owasp2()
    };
    independent_argon2::hash_encoded(password.as_bytes(), b"a salt of sixteen", &config)
        .expect("a hash")
}

async fn port() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a port")
}

pub(crate) async fn dynamodb_client(url: &str) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(&sdk(url, false).await)
}

async fn sdk(url: &str, deployed_timeouts: bool) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::from_static(local_stack::REGION))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(url);
    if !deployed_timeouts {
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(BUSY)
            .operation_timeout(BUSY);
        loader = loader.timeout_config(timeouts.build());
    }
    loader.load().await
}
