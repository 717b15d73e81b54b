//! What a function is told: the variables that its template knows, and the settings file, read once
//! at cold start from an injectable lookup, all problems at once.

mod reader;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reader::Reader;

use crate::adapters::aws::{AwsSettings, Endpoints, TrustedRoots};
use crate::adapters::dynamodb::UserTables;
use crate::adapters::{Argon2Cost, PasswordHashing};
use crate::domain::{Apps, Limits, MailCap, PasswordPolicy, Pseudonymizer};
use crate::http::{Edge, FormOrigins};
use crate::i18n::Catalogue;
use crate::settings::Settings;
use crate::telemetry::{LogLevel, MetricsSettings};

/// How long a link works where nothing is said.
const LINK_LIFETIME: Duration = Duration::from_mins(30);

/// Everything that is wrong with the variables and the settings, in one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// The problems, each beginning with the name of a variable or the path of a setting.
    #[must_use]
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the configuration is wrong: {}",
            self.problems.join("; ")
        )
    }
}

impl std::error::Error for ConfigError {}

/// What every function needs.
#[derive(Debug, Clone)]
pub struct CommonConfig {
    /// How much to log.
    pub log_level: LogLevel,
    /// Where metrics are counted; `None` counts none.
    pub metrics: Option<MetricsSettings>,
    /// Where AWS is.
    pub aws: AwsSettings,
    /// The table of requests, counters, tokens and notices.
    pub tokens_table: String,
    /// The apps.
    pub apps: Apps,
    /// What people read.
    pub catalogue: Arc<Catalogue>,
    /// Makes pseudonyms for logs and counters.
    pub pseudonymizer: Pseudonymizer,
    /// How long secrets live and how often things may be asked for.
    pub limits: Limits,
}

/// What the HTTP half of request-reset needs.
#[derive(Debug, Clone)]
pub struct RequestConfig {
    /// What every function needs.
    pub common: CommonConfig,
    /// What stands in front of the API.
    pub edge: Edge,
    /// Whose forms are taken.
    pub form_origins: FormOrigins,
    /// Whether resets are switched on.
    pub reset_enabled: bool,
}

/// What the mail worker needs.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// What every function needs.
    pub common: CommonConfig,
    /// What a hash of a code costs.
    pub argon2: Argon2Cost,
    /// The users tables.
    pub users: UserTables,
    /// How many mails may go out.
    pub mail_cap: MailCap,
    /// This deployment's own origin, without a slash at the end.
    pub public_url: String,
    /// The SES configuration set.
    pub ses_configuration_set: Option<String>,
}

/// What noting reports of mails needs.
#[derive(Debug, Clone)]
pub struct ReportsConfig {
    /// What every function needs.
    pub common: CommonConfig,
}

/// Which part of request-reset this is.
#[derive(Debug, Clone)]
pub enum RequestResetConfig {
    /// The one that API Gateway calls.
    Http(Box<RequestConfig>),
    /// The one that the table's stream calls.
    MailWorker(Box<WorkerConfig>),
    /// The one that SES's events call.
    MailReports(Box<ReportsConfig>),
}

/// What verify-token needs.
#[derive(Debug, Clone)]
pub struct VerifyConfig {
    /// What every function needs.
    pub common: CommonConfig,
    /// What stands in front of the API.
    pub edge: Edge,
    /// Whose forms are taken.
    pub form_origins: FormOrigins,
    /// Whether resets are switched on.
    pub reset_enabled: bool,
    /// What a password must be like, as it is told to frontends.
    pub policy: PasswordPolicy,
    /// What a hash of a code costs.
    pub argon2: Argon2Cost,
}

/// What confirm-reset needs.
#[derive(Debug, Clone)]
pub struct ConfirmConfig {
    /// What every function needs.
    pub common: CommonConfig,
    /// What stands in front of the API.
    pub edge: Edge,
    /// Whose forms are taken.
    pub form_origins: FormOrigins,
    /// Whether resets are switched on.
    pub reset_enabled: bool,
    /// What a password must be like.
    pub policy: PasswordPolicy,
    /// How passwords are hashed, and codes.
    pub hashing: PasswordHashing,
    /// The users tables.
    pub users: UserTables,
}

/// Reads one variable; `None` when it is not set.
pub trait Lookup: Fn(&str) -> Option<String> {}

impl<F: Fn(&str) -> Option<String>> Lookup for F {}

/// The environment of the process.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl RequestResetConfig {
    /// Reads the settings of request-reset in whichever mode.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem.
    pub fn read(lookup: impl Lookup) -> Result<Self, ConfigError> {
        let reader = Reader::new(&lookup);
        match reader.required("REQUEST_RESET_MODE").as_deref() {
            Some("mail-worker") => {
                WorkerConfig::read_from(&reader).map(|config| Self::MailWorker(Box::new(config)))
            }
            Some("mail-reports") => {
                ReportsConfig::read_from(&reader).map(|config| Self::MailReports(Box::new(config)))
            }
            Some("http") => {
                RequestConfig::read_from(&reader).map(|config| Self::Http(Box::new(config)))
            }
            other => {
                if other.is_some() {
                    reader.problem(
                        "REQUEST_RESET_MODE",
                        "must be http, mail-worker or mail-reports",
                    );
                }
                RequestConfig::read_from(&reader).map(|config| Self::Http(Box::new(config)))
            }
        }
    }
}

impl RequestConfig {
    fn read_from(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let (common, settings) = CommonConfig::read(reader);
        let edge = read_edge(reader);
        let form_origins = read_form_origins(reader);
        reader.finish(|| {
            Some(Self {
                common: common?,
                edge: edge?,
                form_origins,
                reset_enabled: settings?.enabled,
            })
        })
    }
}

impl ReportsConfig {
    fn read_from(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let (common, _) = CommonConfig::read(reader);
        reader.finish(|| Some(Self { common: common? }))
    }
}

impl WorkerConfig {
    fn read_from(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let (common, settings) = CommonConfig::read(reader);
        let users = read_users(reader, settings.as_ref());
        let public_url = reader.url("PUBLIC_URL");
        let ses_configuration_set = reader.optional("SES_CONFIGURATION_SET");
        reader.finish(|| {
            let (common, settings) = (common?, settings?);
            Some(Self {
                mail_cap: settings.mail_cap(common.limits.link_lifetime),
                common,
                argon2: settings.passwords.argon2.cost(),
                users: users?,
                public_url: public_url?,
                ses_configuration_set,
            })
        })
    }
}

impl VerifyConfig {
    /// Reads the settings of verify-token.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem.
    pub fn read(lookup: impl Lookup) -> Result<Self, ConfigError> {
        let reader = Reader::new(&lookup);
        let (common, settings) = CommonConfig::read(&reader);
        let edge = read_edge(&reader);
        let form_origins = read_form_origins(&reader);
        reader.finish(|| {
            let settings = settings?;
            Some(Self {
                common: common?,
                edge: edge?,
                form_origins,
                reset_enabled: settings.enabled,
                policy: settings.passwords.policy(),
                argon2: settings.passwords.argon2.cost(),
            })
        })
    }
}

impl ConfirmConfig {
    /// Reads the settings of confirm-reset.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem.
    pub fn read(lookup: impl Lookup) -> Result<Self, ConfigError> {
        let reader = Reader::new(&lookup);
        let (common, settings) = CommonConfig::read(&reader);
        let edge = read_edge(&reader);
        let form_origins = read_form_origins(&reader);
        let users = read_users(&reader, settings.as_ref());
        reader.finish(|| {
            let settings = settings?;
            Some(Self {
                common: common?,
                edge: edge?,
                form_origins,
                reset_enabled: settings.enabled,
                policy: settings.passwords.policy(),
                hashing: settings.passwords.hashing(),
                users: users?,
            })
        })
    }
}

impl CommonConfig {
    fn read(reader: &Reader<'_>) -> (Option<Self>, Option<Settings>) {
        let release = reader.optional("RELEASE");
        let metrics = reader
            .optional("METRICS_NAMESPACE")
            .map(|namespace| MetricsSettings { namespace, release });
        let mut aws = read_aws(reader);
        let tokens_table = reader.required("TOKENS_TABLE");
        let settings = reader.settings(aws.endpoints.dynamodb.as_deref());
        let apps = settings.as_ref().map(Settings::apps);
        let apps = apps.and_then(|apps| reader.good(apps));
        let key = reader.secret("PSEUDONYM_KEY");
        let link_lifetime = reader.seconds("LINK_LIFETIME_SECONDS", LINK_LIFETIME, 300..=86_400);
        let common = |settings: &Settings| {
            let (apps, catalogue) = apps?;
            aws.trusted_roots = settings.trusted_roots.in_region(aws.region.as_deref());
            Some(Self {
                log_level: settings.log_level,
                metrics,
                aws,
                tokens_table: tokens_table?,
                apps,
                catalogue,
                pseudonymizer: Pseudonymizer::new(&key?),
                limits: settings.limits(link_lifetime),
            })
        };
        (settings.as_ref().and_then(common), settings)
    }
}

/// The users tables; the template names the one of apps that have none of their own where the
/// settings do not.
fn read_users(reader: &Reader<'_>, settings: Option<&Settings>) -> Option<UserTables> {
    let made = reader.optional("USERS_TABLE");
    reader.good(settings?.user_tables(made.as_deref()))
}

/// Variables that every AWS SDK knows; Lambda sets the Region.
fn read_aws(reader: &Reader<'_>) -> AwsSettings {
    let everywhere = reader.optional("AWS_ENDPOINT_URL");
    let endpoint = |name| reader.optional(name).or_else(|| everywhere.clone());
    AwsSettings {
        trusted_roots: TrustedRoots::default(),
        region: reader.optional("AWS_REGION"),
        use_fips: reader.flag("AWS_USE_FIPS_ENDPOINT", false),
        use_dual_stack: reader.flag("AWS_USE_DUALSTACK_ENDPOINT", false),
        endpoints: Endpoints {
            dynamodb: endpoint("AWS_ENDPOINT_URL_DYNAMODB"),
            ses: endpoint("AWS_ENDPOINT_URL_SESV2"),
        },
    }
}

fn read_edge(reader: &Reader<'_>) -> Option<Edge> {
    let edge: fn(&str) -> Edge = match reader.optional("EDGE_MODE").as_deref().map(str::trim) {
        None | Some("off") => return Some(Edge::off()),
        Some("optional") => Edge::optional,
        Some("required") => Edge::required,
        Some(_) => {
            reader.problem("EDGE_MODE", "must be off, optional or required");
            return None;
        }
    };
    reader.secret("EDGE_SECRET").map(|secret| edge(&secret))
}

fn read_form_origins(reader: &Reader<'_>) -> FormOrigins {
    FormOrigins::parse(&reader.optional("FORM_ORIGINS").unwrap_or_default())
}

#[cfg(test)]
mod tests;
