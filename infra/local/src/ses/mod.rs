//! SES v2: takes mail, keeps it and shows it.

mod content;
mod endpoint;
mod failure;
mod inbox;
mod mail;
mod store;

pub use endpoint::Ses;
pub use mail::Mail;
