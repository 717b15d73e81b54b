use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;

use super::language::{CATALOGUES, Language};

pub(super) type Bundle = FluentBundle<FluentResource>;

/// The compiled-in messages, each language read when it is first asked for: a cold start pays for
/// the one that it needs.
static COMPILED: LazyLock<BTreeMap<Language, OnceLock<Bundle>>> =
    LazyLock::new(|| Language::all().map(|it| (it, OnceLock::new())).collect());

pub(super) fn compiled(language: Language) -> Option<&'static Bundle> {
    let cell = COMPILED.get(&language)?;
    Some(cell.get_or_init(|| bundle(language, source(language).to_owned())))
}

/// The compiled-in catalogue of a language, as it is written.
pub(super) fn source(language: Language) -> &'static str {
    let found = CATALOGUES.iter().find(|(tag, _)| *tag == language.tag());
    found.map_or("", |(_, text)| *text)
}

/// The messages of `source`. What cannot be read is left out: catalogues are read by a test, and
/// the texts of apps when the configuration is.
pub(super) fn bundle(language: Language, source: String) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
    // Marks around each value keep an address in an Arabic sentence readable. Elsewhere they would
    // only be in the way of a person who copies a value out of a mail.
    bundle.set_use_isolating(language.is_right_to_left());
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(source);
    bundle.add_resource_overriding(resource);
    bundle
}
