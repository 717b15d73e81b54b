use super::reader::Reader;
use super::{ConfigError, Env, HttpConfig};
use crate::adapters::Argon2Cost;

/// What verify-token needs.
#[derive(Debug, Clone)]
pub struct VerifyConfig {
    pub http: HttpConfig,
    /// What a hash of a code costs.
    pub argon2: Argon2Cost,
}

impl VerifyConfig {
    /// Reads the settings of verify-token.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem.
    pub fn read(lookup: impl Env) -> Result<Self, ConfigError> {
        let reader = Reader::new(&lookup);
        let (http, settings) = HttpConfig::read(&reader);
        reader.finish(|| {
            let settings = settings?;
            Some(Self {
                http: http?,
                argon2: settings.passwords.argon2.cost(),
            })
        })
    }
}
