//! The real binaries under cargo lambda, behind the API Gateway of the local stack, over HTTP.
//!
//! One stack serves all of it: starting it is what takes long.

mod client;
mod logins;

use std::process::Stdio;
use std::time::Duration;

use futures_util::future::join_all;
use integration_tests::app::{
    DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_contains, assert_ok, project, template,
};
use integration_tests::apps::settings_file;
use integration_tests::dialects::{DialectClient, dialects, shown};
use integration_tests::mailbox::{code_in_text, secrets, token_in_text};
use integration_tests::stack::{RunningStack, binary};
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_flow_over_http() {
    let stack =
        RunningStack::start(&json!({ "log_level": "debug", "limits": { "source_requests": 100 } }))
            .await;

    let ask = async |email| {
        stack
            .post("/v1/request-reset", &json!({ "email": email }))
            .await
    };
    let accepted = ask(DEMO).await;
    assert_eq!(accepted.status(), 202);
    let unknown = ask("nobody@example.com").await;
    assert_eq!(
        (unknown.status(), unknown.json()),
        (accepted.status(), accepted.json())
    );

    let mail = stack.mail_to(DEMO, "Reset").await;
    let (token, code) = (token_in_text(text_of(&mail)), code_in_text(text_of(&mail)));
    let verify = async |body| stack.post("/v1/verify-token", &body).await;
    let by_link = json!({ "token": token });
    let verified = verify(by_link.clone()).await;
    assert_eq!(
        (verified.status(), &verified.json()["email"]),
        (200, &json!(DEMO))
    );
    assert_ok(&verify(json!({ "email": DEMO, "code": code })).await);

    fifty_confirms_over_several_processes(&stack, &token).await;

    assert_eq!(verify(by_link).await.status(), 400);
    stack.mail_to(DEMO, "was changed").await;

    assert_eq!(stack.mails(2).await.len(), 2, "of fifty one changes it");
    for dialect in dialects() {
        let steps = flow_of(&stack, dialect).await;
        insta::assert_snapshot!(format!("flow_{}", dialect.name), steps);
    }
    let logs = stack.stop().await;
    assert_contains(&logs, "reset-confirmed");
    assert_contains(&logs, "mail-sent");
    for secret in secrets(&token, &code) {
        assert!(!logs.contains(&secret), "{secret} is in the log");
    }
    assert!(!logs.contains(DEMO), "an address is in the log");
}

async fn fifty_confirms_over_several_processes(stack: &RunningStack, token: &str) {
    let confirms = (0..50).map(|n| async move {
        let password = format!("{NEW_PASSWORD} number {n}");
        let body = json!({ "token": token, "password": password });
        (stack.post("/v1/confirm-reset", &body).await, password)
    });
    let answers = join_all(confirms).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|(answer, _)| answer.status() == 200);
    assert_eq!(won.len(), 1, "{won:?}");
    for (answer, _) in lost {
        let fits = answer.status() == 503 || answer.problem() == "invalid-token";
        assert!(fits, "{answer:?}");
    }
    let stored = stack.demo_password_hash().await;
    let verifies = |password: &str| {
        independent_argon2::verify_encoded(&stored, password.as_bytes()).expect("a PHC string")
    };
    assert!(verifies(&won[0].1));
    assert!(!verifies(OLD_PASSWORD));
}

fn text_of(mail: &Value) -> &str {
    mail["body"]["text"].as_str().expect("a text part")
}

/// A whole flow in one dialect, step by step, as its frontend sees it.
async fn flow_of(stack: &RunningStack, dialect: &DialectClient) -> String {
    let email = format!("{}@example.com", dialect.name);
    stack.add_user(&email, OLD_PASSWORD).await;
    let mut steps = Steps::new(stack, &email);

    let known = steps.send("request", dialect.request(&email)).await;
    let other = format!("no-{email}");
    let unknown = stack.send(&dialect.request(&other)).await;
    assert_eq!(
        without_assets(&shown(&unknown, &[(&other, "[email]")])),
        known,
        "{}",
        dialect.name
    );
    let mail = stack.mail_to(&email, "Reset").await;
    let token = token_in_text(text_of(&mail));
    steps.token.clone_from(&token);

    if let Some(verify) = dialect.verify(&token) {
        steps.send("verify", verify).await;
    }
    steps
        .send("malformed body", dialect.malformed_request())
        .await;
    steps.send("no address", dialect.request("nobody")).await;
    let weak = dialect.confirm(&email, &token, "password");
    steps.send("weak password", weak).await;
    if dialect.repeats_password {
        let mismatch = dialect.confirm_mismatch(&email, &token);
        steps.send("mismatching confirmation", mismatch).await;
    }
    let confirm = dialect.confirm(&email, &token, NEW_PASSWORD);
    steps.send("confirm", confirm.clone()).await;
    stack.mail_to(&email, "was changed").await;
    steps.send("replay", confirm).await;
    let (path, _) = dialect.request;
    steps
        .send("another method", ApiRequest::new("DELETE", path))
        .await;
    steps.text
}

/// The steps of a flow, as a snapshot keeps them.
struct Steps<'a> {
    stack: &'a RunningStack,
    email: &'a str,
    token: String,
    text: String,
}

impl<'a> Steps<'a> {
    fn new(stack: &'a RunningStack, email: &'a str) -> Self {
        Self {
            stack,
            email,
            token: "[no token yet]".to_owned(),
            text: String::new(),
        }
    }

    async fn send(&mut self, step: &str, request: ApiRequest) -> String {
        let answer = self.stack.send(&request).await;
        let hidden = [(self.token.as_str(), "[token]"), (self.email, "[email]")];
        let shown = without_assets(&without_times_and_keys(&shown(&answer, &hidden)));
        let target = request.target.replace(&self.token, "[token]");
        let title = format!("== {step}: {} {target}", request.method);
        self.text += &[&title, "\n", &shown, "\n\n"].concat();
        shown
    }
}

/// Replaces the values that differ from run to run.
fn without_times_and_keys(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let (time, key) = ("\"expires_at\": ", "name=\"idempotency_key\" value=");
        match (line.split_once(time), line.split_once(key)) {
            (Some((indent, _)), _) => format!("{indent}{time}[time],"),
            (_, Some((before, _))) => format!("{before}{key}[key]>"),
            _ => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Leaves out what every page has in it and is tested on its own: style, script and their hashes.
fn without_assets(text: &str) -> String {
    let text = ["style", "script"]
        .iter()
        .fold(text.to_owned(), |text, tag| {
            without_between(&text, &format!("<{tag}>"), &format!("</{tag}>"))
        });
    without_between(&text, "'sha256-", "'")
}

fn without_between(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, rest) = part.split_once(close).unwrap_or_default();
        kept += &[open, "[...]", close, rest].concat();
    }
    kept
}

/// What a command says that ends by itself and fails.
async fn failed(command: &mut Command) -> String {
    let run = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let ended = tokio::time::timeout(Duration::from_mins(1), run).await;
    let ended = ended.expect("it stops").expect("it runs");
    assert!(!ended.status.success(), "{ended:?}");
    let said = [ended.stdout, ended.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn wrong_settings_stop_a_function_with_one_message_that_names_them_all() {
    for (name, more) in [
        ("request-reset", vec!["REQUEST_RESET_MODE"]),
        ("verify-token", vec![]),
        ("confirm-reset", vec!["KNOWN_PASSWORDS_FILE"]),
    ] {
        let mut run = Command::new(binary(name));
        let output = failed(run.env_clear().env("LINK_LIFETIME_SECONDS", "1")).await;
        let lines: Vec<Value> = output
            .lines()
            .map(|line| serde_json::from_str(line).expect("a JSON line"))
            .collect();
        assert_eq!(lines.len(), 1, "{name}: {output}");
        let always = [
            "TOKENS_TABLE",
            "SETTINGS_FILE",
            "PSEUDONYM_KEY",
            "LINK_LIFETIME_SECONDS",
        ];
        for variable in always.iter().chain(&more) {
            assert!(
                output.contains(variable),
                "{name} says nothing of {variable}: {output}"
            );
        }
    }
}

#[tokio::test]
async fn a_list_of_known_passwords_that_is_missing_or_none_stops_confirm_reset_and_is_named() {
    for path in ["/nowhere/known-passwords", "/dev/null"] {
        let variables = &template().functions["ConfirmResetFunction"].environment;
        let mut run = Command::new(binary("confirm-reset"));
        run.env_clear().envs(variables);
        run.env("SETTINGS_FILE", settings_file());
        run.env("KNOWN_PASSWORDS_FILE", path);
        let output = failed(&mut run).await;
        assert_contains(&output, path);
    }
}

#[test]
fn known_passwords_are_looked_up_by_confirm_reset_alone() {
    let format = shared::adapters::KNOWN_PASSWORDS_FORMAT.as_bytes();
    for (name, looks) in [
        ("request-reset", false),
        ("verify-token", false),
        ("confirm-reset", true),
    ] {
        let code = std::fs::read(binary(name)).expect("a binary");
        let found = code.windows(format.len()).any(|it| it == format);
        assert_eq!(found, looks, "{name}");
    }
}

#[tokio::test]
async fn a_port_in_use_is_named_with_its_variable() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let mut run = Command::new(binary("local-stack"));
    let said = failed(run.current_dir(project()).env("LOCAL_API_PORT", &port)).await;
    assert_contains(&said, &port);
    assert_contains(&said, "LOCAL_API_PORT");
}
