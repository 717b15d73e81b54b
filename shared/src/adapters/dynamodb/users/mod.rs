//! The team's own users table: where things are in it, how somebody is found, how a password is
//! replaced.

mod directory;
mod disabled;
mod mapping;
mod on_reset;
mod path;
mod pattern;
mod replacement;
mod sessions;

pub use directory::DynamoUsers;
pub use disabled::DisabledWhen;
pub use mapping::{
    EmailLookup, LookupKey, PublicAttribute, UserMapping, UserTables, WithoutPassword,
};
pub use on_reset::{OnReset, OnResetValue};
pub use path::AttributePath;
pub use pattern::KeyPattern;
pub use sessions::{SessionUserKey, SessionsMapping};
