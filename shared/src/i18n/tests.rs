use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::bundle::source;
use super::variables::{Variables, messages};
use super::*;
use crate::domain::Apps;
use crate::settings::SettingsError;
use crate::settings::tests::apps_with;

fn catalogue_of(language: Language) -> BTreeMap<&'static str, Variables<'static>> {
    messages(source(language)).unwrap_or_else(|| panic!("{} cannot be read", language.tag()))
}

#[test]
fn every_language_has_every_message_and_every_placeholder() {
    let english = catalogue_of(Language::ENGLISH);
    for language in Language::all() {
        let other = catalogue_of(language);
        let missing: Vec<_> = english
            .keys()
            .filter(|id| !other.contains_key(*id))
            .collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", language.tag());
        assert_eq!(other, english, "{}", language.tag());
    }
}

#[test]
fn every_message_can_be_said_without_loose_ends() {
    for language in Language::all() {
        let bundle = bundle::compiled(language).expect("a bundle");
        for (id, variables) in catalogue_of(language) {
            for number in [0_u64, 1, 2, 3, 11, 100] {
                let mut values = fluent_bundle::FluentArgs::new();
                for name in variables.iter().flatten() {
                    values.set(*name, number);
                }
                let pattern = bundle.get_message(id).and_then(|message| message.value());
                let mut errors = Vec::new();
                let pattern = pattern.expect("a value");
                let said = bundle.format_pattern(pattern, Some(&values), &mut errors);
                assert!(errors.is_empty(), "{} {id}: {errors:?}", language.tag());
                assert!(!said.trim().is_empty(), "{} {id}", language.tag());
            }
        }
    }
}

/// The ids that stand in quotes in the code and the templates.
fn ids_in_use() -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let mut folders = vec![format!("{root}src"), format!("{root}templates")];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path.to_string_lossy().into_owned());
            } else {
                text += &std::fs::read_to_string(path).expect("a text file");
            }
        }
    }
    text
}

#[test]
fn no_message_is_left_over() {
    let used = ids_in_use();
    for id in catalogue_of(Language::ENGLISH).keys() {
        // Ids of problems, field errors and password reasons are made from the names of these.
        let put_together = ["problem-", "field-error-", "password-"]
            .iter()
            .any(|it| id.starts_with(it));
        assert!(put_together || used.contains(&format!("\"{id}\"")), "{id}");
    }
}

fn catalogue_with(texts: &Value, locale: &str) -> Result<(Apps, Arc<Catalogue>), SettingsError> {
    apps_with(|file| {
        file["apps"]["main"]["locale"] = locale.into();
        file["apps"]["main"]["texts"] = texts.clone();
    })
}

#[test]
fn an_app_may_have_texts_of_its_own() {
    let texts = serde_json::json!({ "de": {
        "mail-greeting-name": "Moin { $name }!\nSchön, dass du da bist.",
    }});
    let (apps, catalogue) = catalogue_with(&texts, "de-AT").expect("good texts");
    let german = Language::of_tag("de").expect("German");
    let app = Some(apps.default_app());
    let values = || [("name", "Ada".into())];
    let own = catalogue.texts(app, german);
    assert_eq!(
        own.format("mail-greeting-name", values()),
        "Moin Ada!\nSchön, dass du da bist."
    );
    assert_ne!(own.text("mail-greeting"), "mail-greeting");
    let others = catalogue.texts(None, german);
    assert!(
        !others
            .format("mail-greeting-name", values())
            .contains("Moin")
    );
}

#[test]
fn all_that_is_wrong_with_an_app_s_texts_is_said_at_once() {
    let texts = serde_json::json!({
        "de": {
            "page-nothing": "x",
            "mail-greeting": "{ $name }",
            "mail-support": "{ unfinished",
            "page-again": "x\npage-problem-title = y",
            "field-code": "{ page-again }",
            "field-email": "",
            "field-confirm": "x\ty",
            "field-password": "{ \"\\u000A\" }",
            "button-sent": "{ $x ->\n[a] b\n*[o] { field-code }\n}",
            "button-show": "{ { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { { \"x\" }",
        },
        "xx": {},
    });
    let problems = catalogue_with(&texts, "tlh").expect_err("bad texts");
    let languages: Vec<_> = Language::all().map(Language::tag).collect();
    let problems = problems.problems().join("\n");
    insta::assert_snapshot!(problems.replace(&languages.join(", "), "[languages]"));
}

#[test]
fn a_message_that_is_nowhere_stands_for_itself() {
    let catalogue = Catalogue::default();
    let texts = catalogue.texts(None, Language::ENGLISH);
    assert_eq!(texts.text("page-nowhere"), "page-nowhere");
}

#[test]
fn spans_are_said_in_the_largest_unit_that_fits() {
    let catalogue = Catalogue::default();
    let english = catalogue.texts(None, Language::ENGLISH);
    let said = |seconds| english.duration(Duration::from_secs(seconds));
    assert_eq!(said(1800), "30 minutes");
    assert_eq!(said(60), "1 minute");
    assert_eq!(said(86_400), "24 hours");
    assert_eq!(said(3601), "3601 seconds");
}

#[test]
fn a_message_is_cut_at_its_value() {
    let texts = serde_json::json!({ "en": { "page-support": "Ask the desk." } });
    let (apps, catalogue) = catalogue_with(&texts, "en").expect("good texts");
    let cut = |app| {
        let around = catalogue.texts(app, Language::ENGLISH);
        let around = around.around("page-support", "support");
        (around.before, around.after)
    };
    assert_eq!(cut(None), ("Need help? ".to_owned(), String::new()));
    let own = ("Ask the desk.".to_owned(), String::new());
    assert_eq!(cut(Some(apps.default_app())), own);
}

#[test]
fn values_are_isolated_where_text_runs_from_the_right() {
    let catalogue = Catalogue::default();
    let said = |tag| {
        let language = Language::of_tag(tag).expect("a language");
        let texts = catalogue.texts(None, language);
        texts.format("page-support", [("support", "a@example.com".into())])
    };
    assert!(said("ar").contains("\u{2068}a@example.com\u{2069}"));
    assert!(said("de").ends_with(" a@example.com"));
}
