//! The local stack as a process of its own, as `make dev` runs it.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use local_stack::api_gateway::{ApiRequest, ApiResponse};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::app::{Answer, dynamodb_client, hash, project};
use crate::items::{from_item, to_item};

/// Longest wait for the stack: a build may still be going on beside it.
const START_TIMEOUT: Duration = Duration::from_mins(5);
/// Longest wait for a mail: where SES's answer comes too late, the next try waits for minutes.
const MAIL_TIMEOUT: Duration = Duration::from_mins(10);

/// Stacks that this process has started.
static STACKS: AtomicUsize = AtomicUsize::new(0);

pub struct RunningStack {
    process: Child,
    /// Held open: a stack that cannot print would not be like the one that people start.
    _output: tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
    folder: PathBuf,
    endpoints: Value,
    client: reqwest::Client,
}

/// The binary `name` of the last build.
///
/// # Panics
///
/// When there is none; says how to build it.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let profile = test.ancestors().nth(2).expect("the folder of the build");
    let binary = profile.join(name);
    let missing = || {
        format!(
            "{} is missing; run: cargo build --workspace --bins",
            binary.display()
        )
    };
    assert!(binary.is_file(), "{}", missing());
    binary
}

/// Sends a request as it is to the API at `url`, and gives the answer as it is.
pub(crate) async fn send_over_http(
    client: &reqwest::Client,
    url: &str,
    request: &ApiRequest,
) -> reqwest::Result<ApiResponse> {
    let method = request.method.parse().expect("a method");
    let mut sent = client.request(method, format!("{url}{}", request.target));
    for (name, value) in &request.headers {
        sent = sent.header(name, value);
    }
    let answer = sent.body(request.body.clone()).send().await?;
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), text(value.as_bytes())));
    Ok(ApiResponse {
        status: answer.status().as_u16(),
        headers: headers.collect(),
        body: answer.bytes().await?.to_vec(),
    })
}

impl RunningStack {
    /// Starts a stack on free ports, with these settings laid over the file, and waits until it is
    /// ready.
    pub async fn start(settings: &Value) -> Self {
        let number = STACKS.fetch_add(1, Ordering::Relaxed);
        let folder = format!("stack-{}-{number}", std::process::id());
        let folder = binary("local-stack").with_file_name(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let ports = ["API", "DYNAMODB", "SES", "INVOKE", "WORKER"];
        let mut process = Command::new(binary("local-stack"))
            .current_dir(project())
            .envs(ports.map(|port| (format!("LOCAL_{port}_PORT"), "0")))
            .env("LOCAL_READY_FILE", folder.join("ready.json"))
            .env("LOCAL_LOG_FILE", folder.join("functions.log"))
            .env("SETTINGS_OVERRIDES", settings.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the stack starts");
        let output = process.stdout.take().expect("its output");
        let mut output = BufReader::new(output).lines();
        // It prints its greeting when all of it answers, and nothing before.
        let greeted = tokio::time::timeout(START_TIMEOUT, output.next_line()).await;
        let greeted = greeted
            .expect("the stack becomes ready")
            .expect("it can be read");
        assert!(
            greeted.is_some(),
            "the stack ended instead of becoming ready"
        );
        let ready = std::fs::read_to_string(folder.join("ready.json")).expect("the ready file");
        Self {
            process,
            _output: output,
            endpoints: serde_json::from_str(&ready).expect("JSON"),
            folder,
            client: reqwest::Client::new(),
        }
    }

    fn interrupt(&self) {
        if let Some(pid) = self.process.id() {
            let sent = std::process::Command::new("kill")
                .args(["-INT", &pid.to_string()])
                .status();
            assert!(
                sent.is_ok_and(|status| status.success()),
                "the signal is sent"
            );
        }
    }

    /// Where one of its parts answers, such as `api` or `ses`.
    #[must_use]
    pub fn url(&self, of: &str) -> &str {
        self.endpoints[of].as_str().expect("a URL")
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = ApiRequest::new("POST", path).json(body);
        Answer(self.send(&request).await)
    }

    /// Sends a request as it is, and gives the answer as it is.
    pub async fn send(&self, request: &ApiRequest) -> ApiResponse {
        let answer = send_over_http(&self.client, self.url("api"), request);
        answer.await.expect("an answer")
    }

    /// All mails, as soon as there are `count`.
    pub async fn mails(&self, count: usize) -> Vec<Value> {
        let enough = |mails: Vec<Value>| (mails.len() >= count).then_some(mails);
        self.in_mails(enough).await
    }

    /// The newest mail to an address, as soon as there is one with this in its subject.
    pub async fn mail_to(&self, email: &str, subject: &str) -> Value {
        let is_it = |mail: &Value| {
            let to = mail["destination"]["to"].as_array();
            to.is_some_and(|to| to.contains(&Value::from(email)))
                && mail["subject"]
                    .as_str()
                    .is_some_and(|it| it.contains(subject))
        };
        self.in_mails(|mails| mails.into_iter().rfind(is_it)).await
    }

    /// What is found in the mails, as soon as there is something.
    async fn in_mails<T>(&self, find: impl Fn(Vec<Value>) -> Option<T>) -> T {
        let found = tokio::time::timeout(MAIL_TIMEOUT, async {
            loop {
                let store = self.client.get(format!("{}/store", self.url("ses")));
                let store = store.send().await.expect("an answer");
                let store: Value = store.json().await.expect("JSON");
                let mails = store["emails"].as_array().expect("a list").clone();
                if let Some(found) = find(mails) {
                    return found;
                }
                // The endpoint cannot be waited on, only asked.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        found.await.expect("the mails arrive")
    }

    /// The demo account's stored password hash.
    pub async fn demo_password_hash(&self) -> String {
        let users = self.dynamodb().await.scan().table_name("UsersTable");
        let users = users.send().await.expect("an answer").items;
        let mut users = users.into_iter().flatten().map(from_item);
        let demo = users.find(|user| user["email"] == crate::app::DEMO);
        let hash = &demo.expect("the account")["password_hash"];
        hash.as_str().expect("a string").to_owned()
    }

    /// Adds a user whose id is the address.
    pub async fn add_user(&self, email: &str, password: &str) {
        let user = json!({ "id": email, "email": email, "password_hash": hash(password) });
        let put = self.dynamodb().await.put_item().table_name("UsersTable");
        let put = put.set_item(Some(to_item(&user)));
        put.send().await.expect("the user is written");
    }

    async fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        dynamodb_client(self.url("dynamodb")).await
    }

    /// Stops the stack as Ctrl-C does, sees that nothing of it is left, and gives the functions'
    /// logs.
    pub async fn stop(mut self) -> String {
        self.interrupt();
        let ended = tokio::time::timeout(Duration::from_secs(30), self.process.wait()).await;
        let ended = ended.expect("it stops").expect("it can be waited for");
        assert!(ended.success(), "{ended}");
        for name in ["invoke_port", "worker_port"] {
            let port = self.endpoints[name].as_u64().expect("a port");
            let left = tokio::net::TcpStream::connect(format!("127.0.0.1:{port}")).await;
            assert!(left.is_err(), "somebody still listens on {port}");
        }
        let logs = std::fs::read_to_string(self.folder.join("functions.log")).expect("the logs");
        std::fs::remove_dir_all(&self.folder).expect("the folder goes");
        logs
    }
}

/// A test that fails must not leave the functions running: the stack ends them when it is asked to
/// stop, and could not if it were killed.
impl Drop for RunningStack {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.interrupt();
        }
    }
}
