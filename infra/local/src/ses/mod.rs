//! SES v2: takes mail, keeps it, shows it, and fails as it is told to.

mod content;
mod endpoint;
mod failure;
mod inbox;
mod mail;
mod store;

pub use endpoint::Ses;
pub use failure::{Reply, SesFailure};
pub use mail::Mail;
