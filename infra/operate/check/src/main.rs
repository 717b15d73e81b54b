//! `make check-settings`, `make check-users`, what writes the files that are made from the types of the
//! settings and of the log, what tells the operators' commands what the service makes of an address and
//! how it kills links and codes, and what builds the list of known passwords.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use aws_config::BehaviorVersion;
use check::{AddressError, gallery, made_files, previews, problems, users};
use shared::adapters::aws::dynamodb_client;
use shared::adapters::dynamodb::{UserMapping, revocation};
use shared::config::environment;
use shared::domain::EmailAddress;
use shared::settings::Settings;

const USAGE: &str = "one of: settings, users, write, preview, address, revocation, known-passwords";

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool"
)]
async fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let ran = match command.as_str() {
        "settings" => check_settings(),
        "users" => check_users().await,
        "write" => write(),
        "preview" => preview(),
        "address" => address(),
        "revocation" => Ok((format!("{}\n", revocation()), true)),
        "known-passwords" => known_passwords(),
        _ => Err(USAGE.into()),
    };
    match ran {
        Ok((text, good)) => {
            print!("{text}");
            ExitCode::from(u8::from(!good))
        }
        Err(error) => {
            eprintln!("check {command}: {error}");
            ExitCode::from(2)
        }
    }
}

/// Every problem of the settings file.
fn check_settings() -> Result<(String, bool), Failure> {
    let (path, text) = file()?;
    let found = problems(&text, &folder(&path));
    if found.is_empty() {
        return Ok((format!("{path} is good\n"), true));
    }
    Ok((found.join("\n") + "\n", false))
}

/// Whether a users table fits its settings: that of the app that `APP` names, or else that of all.
/// `USERS_TABLE` names the table where the settings do not.
async fn check_users() -> Result<(String, bool), Failure> {
    let settings = Settings::parse(&file()?.1, None)?;
    let mapping = mapping(&settings)?;
    let sample = given("SAMPLE").map(|sample| EmailAddress::parse(&sample));
    // A person's own credentials, wherever the SDK finds them.
    let sdk = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let client = dynamodb_client(&sdk);
    let report = users::check(&client, &mapping, sample.transpose()?.as_ref()).await?;
    Ok((report.to_string(), report.is_good()))
}

fn mapping(settings: &Settings) -> Result<UserMapping, Failure> {
    let Some(name) = given("APP") else {
        let mapping = settings.users.user_mapping(given("USERS_TABLE").as_deref());
        return Ok(mapping?);
    };
    let app = settings.apps.get(&name).and_then(|app| app.users.as_ref());
    let app = app.ok_or("no such app with users of its own")?;
    Ok(app.user_mapping(None)?)
}

/// Writes what is made from the types of the settings and of the log, and the routes of the template.
fn write() -> Result<(String, bool), Failure> {
    let template = std::fs::read_to_string("template.yaml")?;
    for (path, text) in made_files(&template) {
        std::fs::write(path, text)?;
    }
    Ok((String::new(), true))
}

/// Writes every page and mail of every app and language below `target/preview`.
fn preview() -> Result<(String, bool), Failure> {
    let (path, text) = file()?;
    let settings = Settings::parse(&text, given("SETTINGS_OVERRIDES").as_deref())?;
    let previews = previews(&settings, &folder(&path))?;
    let to = Path::new("target/preview");
    for preview in &previews {
        let file = to.join(preview.path());
        std::fs::create_dir_all(file.parent().unwrap_or(to))?;
        std::fs::write(file, &preview.content)?;
    }
    let index = to.join("index.html");
    std::fs::write(&index, gallery(&previews))?;
    let count = previews.len();
    Ok((
        format!("{count} previews; open {}\n", index.display()),
        true,
    ))
}

/// What the service makes of an address. The question comes by standard input, because arguments can be
/// seen by others on the machine.
fn address() -> Result<(String, bool), Failure> {
    let question = serde_json::from_reader(std::io::stdin())?;
    match check::address(&question) {
        Ok(answer) => Ok((format!("{answer}\n"), true)),
        Err(AddressError::Refused(error)) => Ok((format!("{error}\n"), false)),
        Err(error) => Err(error.into()),
    }
}

/// Builds a list of known passwords by a recipe on standard input; says what is in it.
fn known_passwords() -> Result<(String, bool), Failure> {
    let recipe = serde_json::from_reader(std::io::stdin())?;
    Ok((check::known_passwords::build(&recipe)?, true))
}

/// The settings file: its path, and what stands in it.
fn file() -> Result<(String, String), Failure> {
    let path = given("SETTINGS_FILE").unwrap_or_else(|| "infra/settings/settings.json".into());
    let text = std::fs::read_to_string(PathBuf::from(&path));
    let text = text.map_err(|error| format!("failed to read {path}: {error}"))?;
    Ok((path, text))
}

/// Where a settings file is, and the pictures that it names.
fn folder(path: &str) -> PathBuf {
    let parent = Path::new(path).parent();
    parent.map(Path::to_owned).unwrap_or_default()
}

fn given(name: &str) -> Option<String> {
    environment(name).filter(|value| !value.is_empty())
}
