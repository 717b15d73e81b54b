//! What is wrong with the settings, what may stand in them, and whether a users table fits them.

mod document;
mod log;
mod problems;
mod schema;
pub mod users;

pub use document::document;
pub use log::{log_document, log_schema_text};
pub use problems::problems;
pub use schema::{schema, schema_text};
