use std::collections::BTreeMap;
use std::fmt;

use super::bundle::{Bundle, bundle};
use super::language::Language;
use super::overrides::read_overrides;
use super::translator::Translator;
use crate::domain::{App, AppId};

/// Texts in place of the compiled-in ones: by language, then by the id of the message.
pub type OwnTexts = BTreeMap<String, BTreeMap<String, String>>;

/// All texts: those that are compiled in, and those that apps have in their place.
#[derive(Default)]
pub struct Catalogue {
    own: BTreeMap<(AppId, Language), Bundle>,
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.own.keys()).finish()
    }
}

impl Catalogue {
    /// The catalogue with the texts of these apps: the id and the language of each, and its texts, by
    /// language, then by the id of the message.
    ///
    /// # Errors
    ///
    /// Every problem, as `apps.main.texts.de.page-again: no such message`: a language that there are no texts in, a message that
    /// there is not, one that cannot be read or that asks for a value that it is not given.
    pub fn new<'a>(
        apps: impl IntoIterator<Item = (&'a str, &'a str, &'a OwnTexts)>,
    ) -> Result<Self, Vec<String>> {
        let mut own = BTreeMap::new();
        let mut problems = Vec::new();
        for (id, locale, texts) in apps {
            let at = format!("apps.{id}");
            if Language::of_tag(locale).is_none() {
                problems.push(format!("{at}.locale: {}", unknown(locale)));
            }
            for (tag, texts) in texts {
                let Some(language) = Language::all().find(|known| known.tag() == tag) else {
                    problems.push(format!("{at}.texts.{tag}: {}", unknown(tag)));
                    continue;
                };
                let (source, wrong) = read_overrides(texts);
                let wrong = wrong.iter().map(|it| format!("{at}.texts.{tag}.{it}"));
                problems.extend(wrong);
                let app = AppId::new(id);
                own.extend(app.map(|app| ((app, language), bundle(language, source))));
            }
        }
        if problems.is_empty() {
            Ok(Self { own })
        } else {
            Err(problems)
        }
    }

    pub fn texts(&self, app: Option<&App>, language: Language) -> Translator<'_> {
        let own = app.and_then(|app| self.own.get(&(app.id.clone(), language)));
        Translator::new(language, own)
    }
}

fn unknown(tag: &str) -> String {
    let known: Vec<_> = Language::all().map(Language::tag).collect();
    format!("no texts in {tag:?}; there are {}", known.join(", "))
}
