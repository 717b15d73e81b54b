use std::path::PathBuf;

use super::reader::Reader;
use super::{ConfigError, Env, HttpConfig};
use crate::adapters::PasswordHashing;
use crate::adapters::dynamodb::UserTables;
use crate::settings::{KnownList, Settings};

/// What confirm-reset needs.
#[derive(Debug, Clone)]
pub struct ConfirmConfig {
    pub http: HttpConfig,
    /// The list of known passwords; `None` compares with none.
    pub known_passwords: Option<PathBuf>,
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
        let users = reader.users(settings.as_ref());
        let known_passwords = read_known_passwords(&reader, settings.as_ref());
        reader.finish(|| {
            let settings = settings?;
            Some(Self {
                http: http?,
                known_passwords,
                hashing: settings.passwords.hashing(),
                users: users?,
            })
        })
    }
}

fn read_known_passwords(reader: &Reader<'_>, settings: Option<&Settings>) -> Option<PathBuf> {
    let deployed = reader.required("KNOWN_PASSWORDS_FILE");
    match &settings?.passwords.known_list {
        KnownList::On => deployed.map(PathBuf::from),
        KnownList::Off => None,
        KnownList::File(path) => Some(path.clone()),
    }
}
