//! The settings of the service: one file, `infra/settings/settings.json`, typed.
//!
//! A setting is a field with a doc comment, its use, and a test. The file's JSON Schema and
//! `docs/configuration.md` are made from these types.

mod apps;
mod file;
mod known_list;
mod located;
mod number;
mod problems;
mod read;
mod service;
mod sessions;
mod users;

pub use apps::AppSettings;
pub use file::{
    Argon2Settings, CodeSettings, LimitSettings, MailSettings, PasswordSettings, Settings,
};
pub use known_list::KnownList;
pub use number::Number;
pub use problems::SettingsError;
pub use sessions::SessionsSettings;
pub use users::UsersSettings;

#[cfg(test)]
pub(crate) mod tests;
