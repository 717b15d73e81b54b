//! What people read, in their languages: catalogues of messages (Project Fluent), compiled in.
//!
//! A language is a file in `locales/`; English is the one that every other is measured by, and the
//! one that is fallen back to. An app may have texts of its own in their place.

mod bundle;
mod catalogue;
mod language;
mod overrides;
mod translator;
mod variables;

pub use catalogue::{Catalogue, OwnTexts};
pub use language::Language;
pub use translator::{Around, Translator};

#[cfg(test)]
mod tests;
