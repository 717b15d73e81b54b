use std::time::Duration;

use fluent_bundle::{FluentArgs, FluentValue};

use super::bundle::{Bundle, compiled};
use super::language::Language;

/// The texts in one language, as one app says them.
#[derive(Clone, Copy)]
pub struct Translator<'a> {
    language: Language,
    own: Option<&'a Bundle>,
}

/// What stands before and behind a value, which markup is to be put around.
pub struct Around {
    pub before: String,
    pub after: String,
}

/// Stands for a value until the text is cut there; no text holds it.
const CUT: char = '\u{1}';

impl Translator<'_> {
    pub(super) const fn new(language: Language, own: Option<&Bundle>) -> Translator<'_> {
        Translator { language, own }
    }

    pub const fn language(&self) -> Language {
        self.language
    }

    /// A message that asks for no values.
    pub fn text(&self, id: &str) -> String {
        self.format(id, [])
    }

    /// A message with its values. They are put in as they are: the code that shows it escapes it.
    ///
    /// The app's own message comes first, then the language's, then the English one; an id that
    /// there is no message for stands for itself.
    pub fn format<'v, const N: usize>(
        &self,
        id: &str,
        values: [(&'static str, FluentValue<'v>); N],
    ) -> String {
        let values: FluentArgs<'v> = values.into_iter().collect();
        let compiled = [self.language, Language::ENGLISH].map(compiled);
        let said = std::iter::once(self.own)
            .chain(compiled)
            .flatten()
            .find_map(|bundle| format(bundle, id, &values));
        said.unwrap_or_else(|| {
            tracing::error!(id, "there is no such message");
            id.to_owned()
        })
    }

    /// A message with one value, cut at that value.
    pub fn around(&self, id: &str, value: &'static str) -> Around {
        let said = self.format(id, [(value, CUT.to_string().into())]);
        // An app's own text need not have the value.
        let (before, after) = said.split_once(CUT).unwrap_or((&said, ""));
        Around {
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }

    /// A span of time, in the largest unit that fits.
    pub fn duration(&self, span: Duration) -> String {
        let (message, count) = match span.as_secs() {
            s if s % 3600 == 0 && s > 0 => ("duration-hours", s / 3600),
            s if s % 60 == 0 && s > 0 => ("duration-minutes", s / 60),
            s => ("duration-seconds", s),
        };
        self.format(message, [("count", count.into())])
    }
}

fn format(bundle: &Bundle, id: &str, values: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    // What cannot be resolved shows as its name; the tests let no such message pass.
    let mut unresolved = Vec::new();
    let text = bundle.format_pattern(pattern, Some(values), &mut unresolved);
    Some(text.into_owned())
}
