//! The letters: a subject, a plain text part and an HTML part each, from templates compiled in.

mod composer;
mod letters;
mod wording;

pub use composer::TemplateComposer;

#[cfg(test)]
mod tests;
