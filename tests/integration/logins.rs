//! The logins that docs/login.md shows read what a reset has written, and end the sessions from before it.
//!
//! The examples are the files of tests/login. Node and Python are needed; Java and Go are tried
//! where they are, with their libraries as Debian has them.

#[path = "../login/login.rs"]
mod login;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::future::join_all;
use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD, assert_ok, project};
use serde_json::{Value, json};
use shared::ports::Clock as _;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Every format, with the beginning of its hashes.
const FORMATS: [(&str, &str); 4] = [
    ("argon2id", "$argon2id$"),
    ("bcrypt", "$2b$"),
    ("scrypt", "$scrypt$"),
    ("pbkdf2-django", "pbkdf2_sha256$"),
];

/// Somebody at a login.
#[derive(Debug, Clone)]
struct Attempt {
    /// What the reset wrote.
    stored: String,
    typed: String,
    right: bool,
}

/// The password is typed decomposed, as some keyboards do; a circled two is not the digit, which
/// it would be in another normal form.
const DECOMPOSED: &str = "La\u{308}mpchen \u{2461} u\u{308}ber der Bucht";
const COMPOSED: &str = "L\u{e4}mpchen \u{2461} \u{fc}ber der Bucht";
/// 72 bytes.
const SEVENTY_TWO: &str =
    "seven lanterns over the bay, and nine kettles under the old stone bridge";

/// Sets a password in a format through the service, and gives the hash that it wrote.
async fn reset_to(password: &str, format: &str) -> String {
    let app = TestApp::with("passwords.hash_format", format).await;
    let token = app.fresh_token().await;
    let confirmed = app.confirm_link(&token, password).await;
    assert_eq!(confirmed.status(), 200, "{format}: {confirmed:?}");
    let user = app.user("demo").await;
    user["password_hash"].as_str().expect("a string").to_owned()
}

/// What somebody may type whose password was set in this format.
async fn attempts_of(format: &str, beginning: &str) -> Vec<Attempt> {
    let accented = Box::pin(reset_to(DECOMPOSED, format)).await;
    assert!(accented.starts_with(beginning), "{accented}");
    // bcrypt takes no more than 72 bytes, so that there somebody types more than were set.
    let over = format!("{SEVENTY_TWO}s");
    let set = if format == "bcrypt" {
        SEVENTY_TWO
    } else {
        &over
    };
    let long = Box::pin(reset_to(set, format)).await;
    let attempt = |stored: &str, typed: &str, right| Attempt {
        stored: stored.to_owned(),
        typed: typed.to_owned(),
        right,
    };
    vec![
        attempt(&accented, COMPOSED, true),
        attempt(&accented, DECOMPOSED, true),
        attempt(&accented, &COMPOSED.replace('\u{2461}', "2"), false),
        attempt(&accented, "", false),
        attempt(&long, SEVENTY_TWO, set == SEVENTY_TWO),
        attempt(&long, &over, set == over),
    ]
}

/// A program that answers lines of a hash and a password with yes or no.
struct Example {
    name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(&'static str, PathBuf)>,
}

impl Example {
    fn new(name: &'static str, program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        Self {
            name,
            program: program.into(),
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
            environment: Vec::new(),
        }
    }

    /// Its answers to these lines, one for each.
    async fn answers(&self, lines: &[String]) -> Vec<String> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.environment.iter().cloned())
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; {}", self.name, how_to_install()));
        let mut stdin = child.stdin.take().expect("its input");
        // A program that ends before it has read all says why in its output.
        let written = stdin.write_all((lines.join("\n") + "\n").as_bytes()).await;
        drop(stdin);
        let output = child.wait_with_output().await.expect("it ends");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && written.is_ok(),
            "{}: {complaint}; {}",
            self.name,
            how_to_install()
        );
        let said = String::from_utf8(output.stdout).expect("text");
        let answers: Vec<_> = said.lines().map(str::to_owned).collect();
        assert_eq!(answers.len(), lines.len(), "{}: {said}", self.name);
        answers
    }

    async fn must_be_right_about(&self, attempts: &[Attempt]) {
        let lines: Vec<_> = attempts
            .iter()
            .map(|it| format!("{} {}", it.stored, BASE64_STANDARD.encode(&it.typed)))
            .collect();
        let answers = self.answers(&lines).await;
        for (attempt, answer) in attempts.iter().zip(answers) {
            let right = if attempt.right { "yes" } else { "no" };
            assert_eq!(answer, right, "{}: {attempt:?}", self.name);
        }
    }
}

fn folder() -> PathBuf {
    project().join("tests/login")
}

fn how_to_install() -> &'static str {
    "`make test` installs what the examples need into .tools and tests/login/node_modules; \
     it needs Python, and Node 20 or later"
}

/// The Python that has the packages of tests/login/requirements.txt.
#[expect(clippy::disallowed_methods, reason = "a variable of this test alone")]
fn python() -> PathBuf {
    let named = std::env::var("LOGIN_PYTHON").map(PathBuf::from);
    named.unwrap_or_else(|_| project().join(".tools/bin/python"))
}

/// Where Debian has the library that the example in Java needs.
const JAVA_LIBRARY: &str = "/usr/share/java/bcprov.jar";
/// Where Debian has the libraries that the example in Go needs, in the form of a GOPATH.
const GO_PATH: &str = "/usr/share/gocode";

/// Compiles the example in Java, if there is what it takes.
async fn java() -> Option<Example> {
    let compiled = Path::new(env!("CARGO_TARGET_TMPDIR")).join("login");
    let class_path = format!("{}:{JAVA_LIBRARY}", compiled.display());
    if !Path::new(JAVA_LIBRARY).exists() {
        return None;
    }
    let javac = Command::new("javac")
        .args(["-cp", JAVA_LIBRARY, "-d"])
        .arg(&compiled)
        .args(["Login.java", "Check.java"])
        .current_dir(folder())
        .status()
        .await;
    let status = javac.ok()?;
    assert!(status.success(), "the example in Java does not compile");
    Some(Example::new("Java", "java", &["-cp", &class_path, "Check"]))
}

/// The example in Go, if there is what it takes.
async fn go() -> Option<Example> {
    let version = Command::new("go").arg("version").output().await;
    let library = Path::new(GO_PATH).join("src/golang.org/x/crypto/argon2");
    if version.is_err() || !library.exists() {
        return None;
    }
    let mut go = Example::new("Go", "go", &["run", "login.go", "check.go"]);
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go");
    go.environment = vec![
        ("GO111MODULE", "off".into()),
        ("GOPATH", GO_PATH.into()),
        ("GOCACHE", cache),
    ];
    Some(go)
}

/// Says it past the test runner, which shows nothing of a test that passes.
fn say_loudly(text: &str) {
    writeln!(std::io::stderr(), "{text}").expect("standard error");
}

#[tokio::test]
async fn the_examples_verify_what_a_reset_wrote_in_every_format() {
    let mut attempts = Vec::new();
    for (format, beginning) in FORMATS {
        attempts.extend(attempts_of(format, beginning).await);
    }
    for attempt in &attempts {
        let found = login::password_matches(&attempt.stored, &attempt.typed);
        assert_eq!(found, attempt.right, "Rust: {attempt:?}");
    }
    let mut examples = vec![
        Example::new("Python", python(), &["check.py"]),
        Example::new("Node", "node", &["check.mjs"]),
        Example::new("C in Node", "node", &["check_c.mjs"]),
    ];
    for (name, found) in [("Java", java().await), ("Go", go().await)] {
        match found {
            Some(example) => examples.push(example),
            None => say_loudly(&format!(
                "NOT TRIED: the login in {name}. Debian has what it needs: default-jdk-headless \
                 libbcprov-java golang-go golang-golang-x-crypto-dev golang-golang-x-text-dev"
            )),
        }
    }
    join_all(examples.iter().map(|it| it.must_be_right_about(&attempts))).await;
    // Django knows its own format, and would replace no hash that came from here.
    attempts.retain(|attempt| attempt.stored.starts_with("pbkdf2_sha256$"));
    assert_eq!(attempts.len(), 6);
    let django = Example::new("Django", python(), &["check_django.py"]);
    django.must_be_right_about(&attempts).await;
}

/// A request that API Gateway's JWT authorizer let through; it hands claims on as text.
fn event(issued_at: i64) -> Value {
    let claims = json!({ "sub": "demo", "iat": issued_at.to_string() });
    json!({ "requestContext": { "authorizer": { "jwt": { "claims": claims, "scopes": null } } } })
}

#[tokio::test]
async fn the_check_behind_a_jwt_authorizer_ends_sessions_from_before_the_reset() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    app.clock.advance(Duration::from_secs(10));
    let reset_at = app.clock.now().unix_seconds();
    let token = integration_tests::mailbox::token_in(&mail);
    let before = json!({ "id": "demo" });
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    let valid_after = &app.user("demo").await["sessions_valid_after"];
    let after = json!({ "id": "demo", "sessions_valid_after": valid_after });

    let cases = [
        (&before, reset_at - 1, "alive"),
        (&after, reset_at - 1, "ended"),
        (&after, reset_at, "ended"),
        (&after, reset_at + 1, "alive"),
    ];
    let lines = cases
        .map(|(user, issued_at, _)| json!({ "event": event(issued_at), "user": user }).to_string());
    let node = Example::new("Node", "node", &["check_session.mjs"]);
    assert_eq!(
        node.answers(&lines).await,
        cases.map(|(_, _, answer)| answer)
    );
}
