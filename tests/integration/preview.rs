//! Every page and mail of every app and language, as the service would make it.

use std::path::PathBuf;

use check::{Preview, gallery, previews};
use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use integration_tests::TestApp;
use integration_tests::app::{Answer, assert_contains, project};
use markup5ever_rcdom::RcDom;
use shared::i18n::Language;
use shared::settings::Settings;

const MOST_OF_A_PAGE: usize = 30_000;
const MOST_OF_A_MAIL: usize = 60_000;

fn brand() -> PathBuf {
    project().join("tests/browser/brand")
}

fn all() -> Vec<Preview> {
    let file = std::fs::read_to_string(brand().join("settings.json")).expect("the settings");
    let overrides = r#"{ "passwords": { "hash_format": "bcrypt" } }"#;
    let settings = Settings::parse(&file, Some(overrides)).expect("good settings");
    previews(&settings, &brand()).expect("previews")
}

/// What a parser finds wrong with a document.
fn faults(html: &str) -> Vec<String> {
    let options = ParseOpts::default();
    let dom = parse_document(RcDom::default(), options).one(html);
    dom.errors.take().into_iter().map(Into::into).collect()
}

#[test]
fn faulty_html_is_noticed() {
    for html in [
        "<!doctype html><title>x</title><p><b>open</p>",
        "<!doctype html><title>x</title><div>",
        "<!doctype html><title>x</title><p class=a class=b>",
        "<title>x</title>",
    ] {
        assert_ne!(faults(html), [""; 0], "{html}");
    }
}

#[test]
fn pages_and_mails_are_small_and_valid_in_every_language() {
    let previews = all();
    assert_eq!(previews.len() % (2 * Language::all().count()), 0);
    for preview in previews.iter().filter(|it| it.kind == "html") {
        let path = preview.path();
        let is_mail = preview.name.starts_with("mail-");
        let most = if is_mail {
            MOST_OF_A_MAIL
        } else {
            MOST_OF_A_PAGE
        };
        let content = without_data(&preview.content);
        assert!(
            content.len() < most,
            "{}: {}",
            path.display(),
            content.len()
        );
        assert_eq!(faults(&preview.content), [""; 0], "{}", path.display());
        assert!(!preview.content.contains("<b>Simple"), "{}", path.display());
    }
    let shown = gallery(&previews);
    assert_eq!(shown.matches("<iframe").count(), previews.len());
    assert_eq!(faults(&shown), [""; 0]);
}

/// A document without its pictures.
fn without_data(html: &str) -> String {
    let mut parts = html.split("data:image/");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once('"').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn no_plain_text_says_a_thing_twice_or_leaves_gaps() {
    for preview in all().iter().filter(|it| it.kind == "txt") {
        let path = preview.path();
        let lines = preview.content.lines().filter(|it| !it.is_empty());
        let mut lines: Vec<_> = lines.collect();
        let count = lines.len();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), count, "{}", path.display());
        assert!(!preview.content.contains("\n\n\n"), "{}", path.display());
    }
}

#[test]
fn a_mail_says_what_it_is_for_and_needs_no_style() {
    for preview in all()
        .iter()
        .filter(|it| it.name == "mail-reset" && it.kind == "html")
    {
        let html = &preview.content;
        let place = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
        let (_, body) = html.split_once("<body").expect("a body");
        let first = body.split('>').nth(1).expect("an element");
        assert!(
            first.trim().starts_with("<div style=\"display:none"),
            "{first}"
        );
        // The button and the code come before all the rest.
        assert!(place(">7K3M-X9QT<") < place("192.0.2.7"));
        assert!(place("<v:roundrect") < place(">7K3M-X9QT<"));
        assert!(place("/auth/cancel-reset/") > place("192.0.2.7"));
        assert!(html.contains("ann_lee") && !html.contains("<img"));
        let links = "style=\"color:#0f766e";
        assert_contains(html, "name=\"format-detection\"");
        assert_eq!(html.contains(links), preview.app == "main");
    }
}

async fn page(app: &TestApp, path: &str) -> (Answer, String) {
    let answer = app.get(path).await;
    let text = answer.text();
    (answer, text)
}

#[tokio::test]
async fn pictures_are_in_the_page_of_their_app_alone_and_its_policy_lets_them_in() {
    let app = TestApp::builder()
        .set(
            "SETTINGS_FILE",
            &brand().join("settings.json").to_string_lossy(),
        )
        .start()
        .await;
    let (answer, shown) = page(&app, "/auth/forgot-password").await;
    let policy = answer
        .0
        .header("content-security-policy")
        .expect("a policy");
    assert_contains(policy, "; img-src data:; ");
    let logo = "<img src=\"data:image/svg+xml;base64,";
    assert_contains(&shown, logo);
    assert_contains(&shown, "alt=\"Lanternfish\"");
    let dark = "<source media=\"(prefers-color-scheme: dark)\" srcset=\"data:image/svg+xml;base64,";
    assert_contains(&shown, dark);
    assert_contains(&shown, "rel=\"icon\" href=\"data:image/png;");
    assert_contains(&shown, "<meta name=\"theme-color\" content=\"#0f766e\">");
    assert_contains(
        &shown,
        "<title>Reset your password \u{b7} Lanternfish</title>",
    );
    let (answer, shown) = page(&app, "/auth/forgot-password?app=plain").await;
    let policy = answer
        .0
        .header("content-security-policy")
        .expect("a policy");
    assert!(!policy.contains("img-src"), "{policy}");
    assert!(
        !shown.contains("<img") && !shown.contains("data:image"),
        "{shown}"
    );
    assert_contains(&shown, "<a href=\"https://plain.example.com/help\">");
}
