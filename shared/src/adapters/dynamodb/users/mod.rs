//! The team's own users table: where things are in it, how somebody is found, how a password is
//! replaced.

mod directory;
mod disabled;
mod mapping;
mod path;
mod pattern;
mod replacement;
mod settings;

pub use directory::DynamoUsers;
pub use mapping::{
    EmailLookup, LookupKey, PublicAttributes, UserMapping, UserTables, WithoutPassword,
};
pub use path::AttributePath;
pub use pattern::KeyPattern;
pub use settings::{SettingProblem, USER_SETTINGS};
