//! What is wrong with the settings, what may stand in them, whether a users table fits them, and what the
//! service makes of an address.

mod address;
mod document;
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
