//! What is wrong with the settings, what may stand in them, and whether a users table fits them.

mod document;
mod problems;
mod schema;
pub mod users;

pub use document::document;
pub use problems::problems;
pub use schema::{schema, schema_text};
