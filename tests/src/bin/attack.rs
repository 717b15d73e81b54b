//! Runs the attacks that need only HTTP and an inbox against a deployment of one's own.
//!
//! It changes the passwords of the accounts that it is given and sends them mails, so it wants to
//! be told that these are the caller's to lose.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use integration_tests::attacks::{LINES, Remote, RemoteSettings, Target, Verdict, table};

/// What to set, for a person who set something else.
const USAGE: &str = "\
make attack URL=https://api.example.com INBOX=http://127.0.0.1:8005 \\
  KNOWN=a@example.com,b@example.com UNKNOWN=nobody@example.com I_OWN_THIS=1

  URL               the deployment
  INBOX             answers GET /store as aws-ses-v2-local does, with the mails to KNOWN
  KNOWN             addresses with accounts, whose passwords are changed; with the default limits
                    of three mails in half an hour, name six
  UNKNOWN           an address without an account; none+1@... and so on must have none either
  I_OWN_THIS=1      because it is an attack
  LINK_ORIGIN       the origin of mailed links, if it is not the one of URL
  ALLOWED_REDIRECT  a link that the app's allow list has; https://app.example.com/reset otherwise
  LOCAL_STACK=1     the URL is a local stack, whose API Gateway takes any source address
  QUIET_SECONDS     how long an inbox without a new mail is complete; 10 otherwise
  ONLY              numbers of lines, such as 1,8,17";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match (settings(), given("I_OWN_THIS").as_deref()) {
        (Some(settings), Some("1")) => attack(settings).await,
        (_, owned) => {
            if owned != Some("1") {
                say("I_OWN_THIS=1 is not set, so nothing was attacked.\n");
            }
            say(USAGE);
            ExitCode::from(2)
        }
    }
}

async fn attack(settings: RemoteSettings) -> ExitCode {
    let only = given("ONLY").map(|it| list(&it));
    let target = Target::Remote(Box::new(Remote::new(settings)));
    let mut reports = Vec::new();
    for line in LINES {
        let number = line.number.to_string();
        if only.as_ref().is_none_or(|only| only.contains(&number)) {
            say(&format!("{number}. {}", line.title));
            reports.push(line.run(&target).await);
        }
    }
    let _ = write!(io::stdout(), "\n{}", table(&reports));
    let succeeded = reports
        .iter()
        .filter(|it| it.verdict == Verdict::Succeeded)
        .count();
    let fine = reports
        .iter()
        .all(integration_tests::attacks::Report::is_fine);
    say(&format!("\n{succeeded} of {} succeeded.", reports.len()));
    // A line that should have been tried and was not is no reason to be calm.
    if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn settings() -> Option<RemoteSettings> {
    let url = given("URL")?.trim_end_matches('/').to_owned();
    let origin = url::Url::parse(&url).ok()?.origin().ascii_serialization();
    let quiet = given("QUIET_SECONDS").and_then(|it| it.parse().ok());
    let redirect = "https://app.example.com/reset".to_owned();
    Some(RemoteSettings {
        inbox: given("INBOX")?.trim_end_matches('/').to_owned(),
        known: list(&given("KNOWN")?),
        unknown: given("UNKNOWN")?,
        link_origin: given("LINK_ORIGIN").unwrap_or(origin),
        allowed_redirect: given("ALLOWED_REDIRECT").unwrap_or(redirect),
        chooses_sources: given("LOCAL_STACK").as_deref() == Some("1"),
        quiet: Duration::from_secs(quiet.unwrap_or(10)),
        url,
    })
}

fn list(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim);
    parts
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, whose settings are its environment"
)]
fn given(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn say(line: &str) {
    // Nobody may be reading; that is no reason to stop.
    let _ = writeln!(io::stderr(), "{line}");
}
