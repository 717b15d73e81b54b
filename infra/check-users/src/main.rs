//! `make check-users`: the settings come from the environment, as the functions have them, or from
//! the app that `APP` names in the file `APPS_FILE`.

use std::process::ExitCode;

use aws_config::BehaviorVersion;
use check_users::check;
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::UserMapping;
use shared::config::{environment, own_users, users};
use shared::domain::EmailAddress;

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool"
)]
async fn main() -> ExitCode {
    match run().await {
        Ok((report, good)) => {
            print!("{report}");
            ExitCode::from(u8::from(!good))
        }
        Err(error) => {
            eprintln!("check-users: {error}");
            ExitCode::from(2)
        }
    }
}

/// What was found, and whether it is good.
async fn run() -> Result<(String, bool), Box<dyn std::error::Error>> {
    let mapping = mapping()?;
    let sample = environment("SAMPLE").filter(|sample| !sample.is_empty());
    let sample = sample
        .map(|sample| EmailAddress::parse(&sample))
        .transpose();
    // A person's own credentials, wherever the SDK finds them.
    let sdk = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let client = dynamodb_client(&sdk);
    let report = check(&client, &mapping, sample?.as_ref()).await?;
    Ok((report.to_string(), report.is_good()))
}

fn mapping() -> Result<UserMapping, Box<dyn std::error::Error>> {
    match environment("APP").filter(|app| !app.is_empty()) {
        None => Ok(users(environment)?),
        Some(app) => Ok(own_users(environment, &app)?),
    }
}
