//! What is wrong with the settings, what may stand in them, whether a users table fits them, what the
//! service makes of an address, and the list of known passwords.

mod address;
mod document;
pub mod known_passwords;
mod log;
mod preview;
mod problems;
mod schema;
pub mod users;

pub use address::{AddressError, address};
pub use document::document;
pub use log::{log_document, log_schema_text};
pub use preview::{Sample, gallery, samples};
pub use problems::problems;
pub use schema::{schema, schema_text};
