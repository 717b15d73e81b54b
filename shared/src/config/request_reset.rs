use super::reader::Reader;
use super::{CommonConfig, ConfigError, Env, HttpConfig};
use crate::adapters::Argon2Cost;
use crate::adapters::dynamodb::UserTables;
use crate::domain::MailCap;

/// Which part of request-reset this is.
#[derive(Debug, Clone)]
pub enum RequestResetConfig {
    /// The one that API Gateway calls.
    Http(Box<HttpConfig>),
    /// The one that the table's stream calls.
    MailWorker(Box<WorkerConfig>),
    /// The one that SES's events call.
    MailReports(Box<CommonConfig>),
}

/// What the mail worker needs.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    pub common: CommonConfig,
    /// What a hash of a code costs.
    pub argon2: Argon2Cost,
    pub users: UserTables,
    pub mail_cap: MailCap,
    /// This deployment's own origin, without a slash at the end.
    pub public_url: String,
    pub ses_configuration_set: Option<String>,
}

impl RequestResetConfig {
    /// Reads the settings of request-reset in whichever mode.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem.
    pub fn read(lookup: impl Env) -> Result<Self, ConfigError> {
        let reader = Reader::new(&lookup);
        match reader.required("REQUEST_RESET_MODE").as_deref() {
            Some("mail-worker") => {
                return WorkerConfig::read(&reader)
                    .map(|config| Self::MailWorker(Box::new(config)));
            }
            Some("mail-reports") => {
                let (common, _) = CommonConfig::read(&reader);
                return reader.finish(|| Some(Self::MailReports(Box::new(common?))));
            }
            Some("http") | None => {}
            Some(_) => reader.problem(
                "REQUEST_RESET_MODE",
                "must be http, mail-worker or mail-reports",
            ),
        }
        let (http, _) = HttpConfig::read(&reader);
        reader.finish(|| Some(Self::Http(Box::new(http?))))
    }
}

impl WorkerConfig {
    fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let (common, settings) = CommonConfig::read(reader);
        let users = reader.users(settings.as_ref());
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
