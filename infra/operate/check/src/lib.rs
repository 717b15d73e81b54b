//! What is wrong with the settings, what may stand in them, whether a users table fits them, what the
//! service makes of an address, and the list of known passwords.

mod address;
mod document;
pub mod known_passwords;
mod log;
mod preview;
mod problems;
mod routes;
mod schema;
pub mod users;

pub use address::{AddressError, address};
pub use preview::{Preview, gallery, previews};
pub use problems::problems;
pub use schema::schema;

/// The files that are made from the types of the settings and of the log, and the template, in which
/// the routes are made.
pub fn made_files(template: &str) -> [(&'static str, String); 5] {
    [
        ("infra/schemas/settings.schema.json", schema::schema_text()),
        ("docs/configuration.md", document::document()),
        (
            "infra/schemas/audit-log.schema.json",
            log::log_schema_text(),
        ),
        ("docs/logs.md", log::log_document()),
        ("template.yaml", routes::with_routes(template)),
    ]
}
