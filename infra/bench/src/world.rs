//! AWS as the functions see it, and the people who ask for resets.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dynoxide::actions::put_item::PutItemRequest;
use local_stack::api_gateway::{ApiGateway, ApiRequest, build_event};
use local_stack::aws_proxy::AwsProxy;
use local_stack::clock::SystemClock;
use local_stack::demo;
use local_stack::dynamodb::DynamoDb;
use local_stack::events::EventBus;
use local_stack::invoke::InvokeError;
use local_stack::lambda::sdk_environment;
use local_stack::server::Server;
use local_stack::ses::{Mail, Ses};
use local_stack::stream_poller::StreamPoller;
use local_stack::template::{Options, StreamMapping, Template};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::meter::Meter;
use crate::process::Process;
use crate::{Failure, UNPOISONED};

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "seven lanterns over the bay";
/// Variables and settings that let one machine play many people.
const VARIABLES: [(&str, &str); 2] = [
    ("LINK_LIFETIME_SECONDS", "86400"),
    (
        "SETTINGS_OVERRIDES",
        r#"{"limits": {"source_requests": 100000}, "mail": {"per_hour": 1000000}}"#,
    ),
];

/// A mail that somebody got, as far as it matters here.
pub(crate) struct Secrets {
    pub(crate) email: String,
    pub(crate) token: String,
    pub(crate) code: String,
}

/// Everything that is not a function.
pub(crate) struct World {
    runtime: Runtime,
    template: Template,
    api_gateway: ApiGateway,
    dynamodb: DynamoDb,
    ses: Ses,
    pollers: Vec<StreamPoller>,
    /// What stands in front of the two where calls are counted.
    proxy: AwsProxy,
    meter: Arc<Meter>,
    settings: PathBuf,
    known_passwords: PathBuf,
    people: usize,
}

impl World {
    /// An empty world around the project in `root`.
    pub(crate) fn new(root: &Path) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let options = Options {
            parameters: BTreeMap::from([("SenderIdentity".to_owned(), "example.com".to_owned())]),
            api_url: "https://api.example.com".to_owned(),
        };
        let template = Template::load(&root.join("template.yaml"), options)?;
        let entered = runtime.enter();
        let listen = || runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let dynamodb = DynamoDb::start(listen()?, &template.tables, SystemClock::arc())?;
        let ses = Ses::start(listen()?, SystemClock::arc(), EventBus::default())?;
        let proxy = AwsProxy::start(listen()?, dynamodb.url(), ses.url())?;
        let meter = Arc::new(Meter::default());
        proxy.set_editor(Arc::clone(&meter) as _);
        let pollers = template.streams.iter().map(|mapping| {
            // What is measured is one process, which has one batch at a time.
            let mapping = StreamMapping {
                lanes: 1,
                ..mapping.clone()
            };
            let database = dynamodb.database().clone();
            StreamPoller::new(database, mapping, SystemClock::arc(), |_| ())
        });
        let pollers = pollers.collect::<Result<_, _>>()?;
        drop(entered);
        Ok(Self {
            api_gateway: ApiGateway::new(&template.api),
            settings: root.join("infra/settings/settings.json"),
            known_passwords: root.join("target/known-passwords/layer/known-passwords"),
            runtime,
            template,
            dynamodb,
            ses,
            pollers,
            proxy,
            meter,
            people: 0,
        })
    }

    /// What the template sets for a function, with AWS at these URLs.
    pub(crate) fn variables(
        &self,
        function: &str,
        dynamodb: &str,
        ses: &str,
    ) -> BTreeMap<String, String> {
        let function = self.template.functions.get(function);
        let mut variables = function.map_or_else(BTreeMap::new, |it| it.environment.clone());
        variables.extend(VARIABLES.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let settings = self.settings.display().to_string();
        variables.insert("SETTINGS_FILE".to_owned(), settings);
        let known = self.known_passwords.display().to_string();
        variables.insert("KNOWN_PASSWORDS_FILE".to_owned(), known);
        variables.extend(sdk_environment(dynamodb, ses));
        variables
    }

    /// A poller of what people ask for, with so many lanes.
    pub(crate) fn poller(&self, lanes: usize) -> Result<StreamPoller, Failure> {
        let mut mappings = self.template.streams.iter();
        let mapping = mappings.find(|mapping| mapping.lanes > 1);
        let mapping = StreamMapping {
            lanes,
            ..mapping.ok_or("the template has no stream")?.clone()
        };
        let database = self.dynamodb.database().clone();
        Ok(StreamPoller::new(
            database,
            mapping,
            SystemClock::arc(),
            |_| (),
        )?)
    }

    /// Runs something beside the servers.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(crate) fn dynamodb_url(&self) -> &str {
        self.dynamodb.url()
    }

    pub(crate) fn ses_url(&self) -> &str {
        self.ses.url()
    }

    /// The URL of both, where the meter sees the calls.
    pub(crate) fn metered_url(&self) -> &str {
        self.proxy.url()
    }

    /// Serves this beside the others.
    pub(crate) fn serve(&self, router: axum::Router) -> Result<Server, Failure> {
        let listener = self.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let _entered = self.runtime.enter();
        Ok(Server::start(listener, router)?)
    }

    /// What counts calls.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The event that API Gateway makes of such a request.
    pub(crate) fn event(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = ApiRequest::new("POST", path)
            .header("accept", "application/json")
            .header("accept-language", "en-GB,en;q=0.9")
            .header(
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
            )
            .source_ip("198.51.100.7")
            .json(body);
        let made = build_event(self.api_gateway.routes(), &request);
        Ok(made.ok_or("no route takes it")?.event)
    }

    /// Somebody new with an account.
    pub(crate) fn person(&mut self) -> Result<String, Failure> {
        self.people += 1;
        let email = format!("person-{}@example.com", self.people);
        let item = json!({
            "TableName": "UsersTable",
            "Item": {
                "id": {"S": email},
                "email": {"S": email},
                "name": {"S": "Somebody"},
                "password_hash": {"S": demo::HASH},
            },
        });
        let request: PutItemRequest = serde_json::from_value(item)?;
        self.dynamodb.database().put_item(request)?;
        Ok(email)
    }

    /// An address that nobody has.
    pub(crate) fn stranger(&mut self) -> String {
        self.people += 1;
        format!("stranger-{}@example.com", self.people)
    }

    /// The event of somebody with an account who asks for a reset.
    pub(crate) fn request_event(&mut self) -> Result<Value, Failure> {
        let email = self.person()?;
        self.event("/v1/request-reset", &json!({ "email": email }))
    }

    /// Lets the worker do what is in the outbox; gives how long each batch took, and its records.
    pub(crate) fn deliver(
        &mut self,
        worker: &mut Process,
    ) -> Result<Vec<(Duration, usize)>, Failure> {
        let state = Mutex::new((worker, Vec::new()));
        let invoker = |_: String, event: Value| {
            let mut state = state.lock().expect(UNPOISONED);
            let records = event["Records"].as_array().map_or(0, Vec::len);
            let answer = state.0.invoke(&event).map(|(answer, took)| {
                state.1.push((took, records));
                answer
            });
            let answer = answer.map_err(|error| InvokeError::function("Error", error));
            async move { answer }
        };
        for poller in &mut self.pollers {
            let progress = self.runtime.block_on(poller.drain(&invoker))?;
            if progress.pending > 0 {
                return Err(format!("the worker failed: {progress:?}").into());
            }
        }
        Ok(state.into_inner().expect(UNPOISONED).1)
    }

    /// The mails since the last call.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.ses.take_mails()
    }

    /// So many people with a mail each, who all ask by way of `request` and `worker`.
    pub(crate) fn mailed(
        &mut self,
        count: usize,
        request: &mut Process,
        worker: &mut Process,
    ) -> Result<Vec<Secrets>, Failure> {
        self.deliver(worker)?;
        self.mails();
        for _ in 0..count {
            let event = self.request_event()?;
            request.invoke(&event)?;
        }
        self.deliver(worker)?;
        let secrets: Vec<_> = self.mails().iter().filter_map(secrets_in).collect();
        if secrets.len() == count {
            Ok(secrets)
        } else {
            Err(format!("{} mails and not {count}", secrets.len()).into())
        }
    }
}

/// The link token and the code in a mail.
pub(crate) fn secrets_in(mail: &Mail) -> Option<Secrets> {
    let text = mail.text.as_deref()?;
    let token = &text[text.find("fpr_")?..];
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let end = token.find(|c| !is_part(c)).unwrap_or(token.len());
    let code = text
        .lines()
        .find(|line| line.len() == 9 && line.as_bytes()[4] == b'-' && line.chars().all(is_part))?;
    Some(Secrets {
        email: mail.to.first()?.clone(),
        token: token[..end].to_owned(),
        code: code.to_owned(),
    })
}
