//! Settings, read once at cold start from an injectable lookup, all problems at once.

mod reader;
mod users;

use std::fmt;
use std::sync::Arc;

use reader::Reader;
use users::read_users;
pub use users::{own_users, users};

use crate::adapters::aws::{AwsSettings, Endpoints, TrustedRoots};
use crate::adapters::dynamodb::UserTables;
use crate::adapters::{Argon2Cost, PasswordHashing};
use crate::domain::{Apps, Limits, MailCap, PasswordHashFormat, PasswordPolicy, Pseudonymizer};
use crate::http::Edge;
use crate::i18n::Catalogue;
use crate::telemetry::{LogLevel, MetricsSettings};

/// Everything that is wrong with the settings, in one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    /// The problems, each beginning with the name of the variable.
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
        let common = CommonConfig::read(reader);
        let edge = read_edge(reader);
        let reset_enabled = reader.flag("RESET_ENABLED", true);
        reader.finish(|| {
            Some(Self {
                common: common?,
                edge: edge?,
                reset_enabled,
            })
        })
    }
}

impl ReportsConfig {
    fn read_from(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let common = CommonConfig::read(reader);
        reader.finish(|| Some(Self { common: common? }))
    }
}

impl WorkerConfig {
    fn read_from(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let common = CommonConfig::read(reader);
        let argon2 = read_argon2(reader);
        let users = read_users(reader, common.as_ref().map(|common| &common.apps));
        let mails = MailCap::DEFAULT_PER_HOUR;
        let mails = reader.number("MAILS_PER_HOUR", mails, 60..=1_000_000);
        let public_url = reader.url("PUBLIC_URL");
        let ses_configuration_set = reader.optional("SES_CONFIGURATION_SET");
        reader.finish(|| {
            let common = common?;
            Some(Self {
                mail_cap: MailCap::new(mails, common.limits.link_lifetime),
                common,
                argon2,
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
        let common = CommonConfig::read(&reader);
        let edge = read_edge(&reader);
        let reset_enabled = reader.flag("RESET_ENABLED", true);
        let policy = read_policy(&reader, read_format(&reader));
        let argon2 = read_argon2(&reader);
        reader.finish(|| {
            Some(Self {
                common: common?,
                edge: edge?,
                reset_enabled,
                policy,
                argon2,
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
        let common = CommonConfig::read(&reader);
        let edge = read_edge(&reader);
        let reset_enabled = reader.flag("RESET_ENABLED", true);
        let format = read_format(&reader);
        let policy = read_policy(&reader, format);
        let hashing = read_hashing(&reader, format);
        let users = read_users(&reader, common.as_ref().map(|common| &common.apps));
        reader.finish(|| {
            Some(Self {
                common: common?,
                edge: edge?,
                reset_enabled,
                policy,
                hashing,
                users: users?,
            })
        })
    }
}

impl CommonConfig {
    fn read(reader: &Reader<'_>) -> Option<Self> {
        let log_level = reader.parsed("LOG_LEVEL", LogLevel::default());
        let release = reader.optional("RELEASE");
        let metrics = reader
            .optional("METRICS_NAMESPACE")
            .map(|namespace| MetricsSettings { namespace, release });
        let aws = read_aws(reader);
        let tokens_table = reader.required("TOKENS_TABLE");
        let apps = reader.apps("APPS_FILE");
        let catalogue = apps
            .as_ref()
            .and_then(|apps| reader.catalogue("APPS_FILE", apps));
        let key = reader.secret("PSEUDONYM_KEY");
        let limits = read_limits(reader);
        Some(Self {
            log_level,
            metrics,
            aws,
            tokens_table: tokens_table?,
            apps: apps?,
            catalogue: Arc::new(catalogue?),
            pseudonymizer: Pseudonymizer::new(&key?),
            limits,
        })
    }
}

/// All but the first are variables that every AWS SDK knows; Lambda sets the Region.
fn read_aws(reader: &Reader<'_>) -> AwsSettings {
    let everywhere = reader.optional("AWS_ENDPOINT_URL");
    let endpoint = |name| reader.optional(name).or_else(|| everywhere.clone());
    AwsSettings {
        trusted_roots: reader.parsed("TRUSTED_ROOTS", TrustedRoots::default()),
        region: reader.optional("AWS_REGION"),
        use_fips: reader.flag("AWS_USE_FIPS_ENDPOINT", false),
        use_dual_stack: reader.flag("AWS_USE_DUALSTACK_ENDPOINT", false),
        endpoints: Endpoints {
            dynamodb: endpoint("AWS_ENDPOINT_URL_DYNAMODB"),
            ses: endpoint("AWS_ENDPOINT_URL_SESV2"),
        },
    }
}

fn read_limits(reader: &Reader<'_>) -> Limits {
    let default = Limits::default();
    let limits = Limits {
        link_lifetime: reader.seconds("LINK_LIFETIME_SECONDS", default.link_lifetime, 300..=86_400),
        code_lifetime: reader.seconds("CODE_LIFETIME_SECONDS", default.code_lifetime, 60..=3600),
        code_max_tries: reader.number("CODE_MAX_TRIES", default.code_max_tries, 1..=10),
        address_cooldown: reader.seconds(
            "ADDRESS_COOLDOWN_SECONDS",
            default.address_cooldown,
            1..=3600,
        ),
        address_requests: reader.number(
            "ADDRESS_REQUESTS_PER_LIFETIME",
            default.address_requests,
            1..=20,
        ),
        source_limit: reader.number("SOURCE_LIMIT", default.source_limit, 1..=100_000),
        source_window: reader.seconds("SOURCE_WINDOW_SECONDS", default.source_window, 60..=3600),
    };
    Limits {
        // The two come in one mail; a code that outlived its link would outlive its record too.
        code_lifetime: limits.code_lifetime.min(limits.link_lifetime),
        ..limits
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

fn read_policy(reader: &Reader<'_>, format: PasswordHashFormat) -> PasswordPolicy {
    let default = PasswordPolicy::for_format(format);
    PasswordPolicy {
        min_length: reader.number("PASSWORD_MIN_LENGTH", default.min_length, 8..=64),
        max_length: reader.number("PASSWORD_MAX_LENGTH", default.max_length, 64..=1024),
        min_strength: reader.number("PASSWORD_MIN_STRENGTH", default.min_strength, 0..=4),
        ..default
    }
}

fn read_format(reader: &Reader<'_>) -> PasswordHashFormat {
    reader.parsed("PASSWORD_HASH_FORMAT", PasswordHashFormat::default())
}

fn read_hashing(reader: &Reader<'_>, format: PasswordHashFormat) -> PasswordHashing {
    let default = PasswordHashing::default();
    let iterations = default.pbkdf2_iterations;
    PasswordHashing {
        format,
        argon2: read_argon2(reader),
        pbkdf2_iterations: reader.number("PBKDF2_ITERATIONS", iterations, 600_000..=5_000_000),
    }
}

fn read_argon2(reader: &Reader<'_>) -> Argon2Cost {
    let default = Argon2Cost::default();
    Argon2Cost {
        memory_kib: reader.number("ARGON2_MEMORY_KIB", default.memory_kib, 8192..=1_048_576),
        iterations: reader.number("ARGON2_ITERATIONS", default.iterations, 1..=10),
        parallelism: reader.number("ARGON2_PARALLELISM", default.parallelism, 1..=4),
    }
}

#[cfg(test)]
mod tests;
