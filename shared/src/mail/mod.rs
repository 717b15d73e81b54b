//! The emails: a subject, a plain text part and an HTML part each, from templates compiled in.

mod composer;
mod emails;
mod format;

pub use composer::TemplateComposer;

#[cfg(test)]
mod tests;
