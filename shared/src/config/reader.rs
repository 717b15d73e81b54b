use std::cell::RefCell;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::ConfigError;
use crate::adapters::dynamodb::UserTables;
use crate::domain::is_loopback;
use crate::settings::{Settings, SettingsError};

/// Shortest key that keeps pseudonyms from being undone by guessing the key.
const MIN_SECRET_CHARS: usize = 32;

/// Reads variables and collects what is wrong with them.
pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    problems: RefCell<Vec<String>>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            lookup,
            problems: RefCell::new(Vec::new()),
        }
    }

    pub(super) fn problem(&self, name: &str, problem: impl Display) {
        self.problems
            .borrow_mut()
            .push(format!("{name}: {problem}"));
    }

    /// The value, unless it is not set or blank: SAM cannot leave a variable out.
    pub(super) fn optional(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Option<String> {
        let value = self.optional(name);
        if value.is_none() {
            self.problem(name, "must be set");
        }
        value
    }

    pub(super) fn secret(&self, name: &str) -> Option<String> {
        let value = self.required(name)?;
        if value.chars().count() < MIN_SECRET_CHARS {
            self.problem(
                name,
                format!("must have at least {MIN_SECRET_CHARS} characters"),
            );
            return None;
        }
        Some(value)
    }

    pub(super) fn seconds(
        &self,
        name: &str,
        default: Duration,
        range: RangeInclusive<u64>,
    ) -> Duration {
        match self.optional(name).map(|value| value.trim().parse()) {
            None => default,
            Some(Ok(value)) if range.contains(&value) => Duration::from_secs(value),
            Some(_) => {
                let (low, high) = (range.start(), range.end());
                self.problem(name, format!("must be a whole number from {low} to {high}"));
                default
            }
        }
    }

    pub(super) fn flag(&self, name: &str, default: bool) -> bool {
        match self.optional(name).as_deref().map(str::trim) {
            None => default,
            Some("true") => true,
            Some("false") => false,
            Some(_) => {
                self.problem(name, "must be true or false");
                default
            }
        }
    }

    /// An origin, without a slash at the end.
    pub(super) fn url(&self, name: &str) -> Option<String> {
        let value = self.required(name)?;
        let url = Url::parse(value.trim()).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none()
        });
        if url.is_none() {
            self.problem(name, "must be an origin such as https://api.example.com");
        }
        url.map(|url| url.as_str().trim_end_matches('/').to_owned())
    }

    /// The settings file, and over it what tests and `make dev` have in its place. `dynamodb` is
    /// where DynamoDB is, if not where AWS has it.
    pub(super) fn settings(&self, dynamodb: Option<&str>) -> Option<Settings> {
        let overrides = self.optional("SETTINGS_OVERRIDES");
        let local = dynamodb.and_then(|url| Url::parse(url).ok());
        if overrides.is_some() && !local.is_some_and(|url| is_loopback(&url)) {
            self.problem(
                "SETTINGS_OVERRIDES",
                "must not be set unless DynamoDB is on this machine",
            );
        }
        let path = self.required("SETTINGS_FILE")?;
        match std::fs::read_to_string(path.trim()) {
            Ok(file) => self.good(Settings::parse(&file, overrides.as_deref())),
            Err(error) => {
                self.problem("SETTINGS_FILE", format!("failed to read {path:?}: {error}"));
                None
            }
        }
    }

    /// Where the settings file is, and the pictures that it names.
    pub(super) fn settings_folder(&self) -> PathBuf {
        let path = PathBuf::from(self.optional("SETTINGS_FILE").unwrap_or_default().trim());
        path.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// The users tables; the template names the one of apps that have none of their own where the
    /// settings do not.
    pub(super) fn users(&self, settings: Option<&Settings>) -> Option<UserTables> {
        let made = self.optional("USERS_TABLE");
        self.good(settings?.user_tables(made.as_deref()))
    }

    /// What was made of the settings; its problems are kept.
    pub(super) fn good<T>(&self, made: Result<T, SettingsError>) -> Option<T> {
        let keep = |error: SettingsError| {
            let mut problems = self.problems.borrow_mut();
            problems.extend_from_slice(error.problems());
        };
        made.map_err(keep).ok()
    }

    /// The settings, if nothing was wrong with any of them.
    pub(super) fn finish<T>(&self, build: impl FnOnce() -> Option<T>) -> Result<T, ConfigError> {
        let problems = self.problems.borrow().clone();
        match build() {
            Some(settings) if problems.is_empty() => Ok(settings),
            _ => Err(ConfigError { problems }),
        }
    }
}
