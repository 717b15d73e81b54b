use super::reader::Reader;
use super::users::read_users;
use super::{ConfigError, Env, HttpConfig};
use crate::adapters::PasswordHashing;
use crate::adapters::dynamodb::UserTables;
use crate::domain::PasswordPolicy;

/// What confirm-reset needs.
#[derive(Debug, Clone)]
pub struct ConfirmConfig {
    /// What every function behind a route needs.
    pub http: HttpConfig,
    /// What a password must be like.
    pub policy: PasswordPolicy,
    /// How passwords are hashed, and codes.
    pub hashing: PasswordHashing,
    pub users: UserTables,
}

impl ConfirmConfig {
    /// Reads the settings of confirm-reset.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem.
    pub fn read(lookup: impl Env) -> Result<Self, ConfigError> {
        let reader = Reader::new(&lookup);
        let (http, settings) = HttpConfig::read(&reader);
        let users = read_users(&reader, settings.as_ref());
        reader.finish(|| {
            let settings = settings?;
            Some(Self {
                http: http?,
                policy: settings.passwords.policy(),
                hashing: settings.passwords.hashing(),
                users: users?,
            })
        })
    }
}
