use std::sync::Arc;

use super::TemplateComposer;
use crate::domain::{
    App, AppId, ClientInfo, EmailAddress, ExternalSignIn, Limits, MailId, Notice, NoticeId,
    OtherRecipients, RequestId, ResetRequest, ScalarValue, Timestamp, User, UserKey,
};
use crate::i18n::{Catalogue, Language};
use crate::ports::{ChangedMail, ExternalSignInMail, MailComposer as _, OutgoingMail, ResetMail};
use crate::settings::tests::apps_with;

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

fn app_of(display_name: &str) -> App {
    let apps = apps_with(|file| {
        let app = &mut file["apps"]["main"];
        app["display_name"] = display_name.into();
        app["reply_to"] = "support@example.com".into();
        app["support"] = "support@example.com".into();
    });
    let (apps, _) = apps.expect("a good file");
    apps.default_app().clone()
}

fn user(name: Option<&str>) -> User {
    User {
        name: name.map(str::to_owned),
        ..User::new(UserKey::text("1".into()), "demo@example.com")
    }
}

fn composer() -> TemplateComposer {
    TemplateComposer::new(Arc::new(Catalogue::default()))
}

fn notice(user: &User, locale: Option<&str>) -> Notice {
    Notice {
        id: NoticeId::from_random([0; 16]),
        app: AppId::new("main").expect("a good id"),
        user_key: user.key.clone(),
        email: user.email.clone(),
        others: OtherRecipients::default(),
        locale: locale.map(str::to_owned),
        changed_at: NOW,
    }
}

fn changed_mail(app: &App, notice: &Notice, user: Option<&User>) -> OutgoingMail {
    let mail = ChangedMail {
        app,
        notice,
        user,
        request_link: "https://api.example.com/auth/forgot-password?app=main",
    };
    composer().changed(&mail).expect("an email")
}

fn request(app: &App, ip: &str) -> ResetRequest {
    ResetRequest {
        id: RequestId::new("r1"),
        app: app.id.clone(),
        email: EmailAddress::parse("demo@example.com").expect("a good address"),
        locale: None,
        reset_url: None,
        client: ClientInfo {
            ip: ip.to_owned(),
            user_agent: "Browser".into(),
        },
        requested_at: NOW,
    }
}

fn external_sign_in_mail(app: &App, user: &User, providers: &[&str]) -> OutgoingMail {
    let providers = providers.iter().map(|name| (*name).to_owned()).collect();
    let mail = ExternalSignInMail {
        app,
        user,
        request: &request(app, "192.0.2.7"),
        external_sign_in: &ExternalSignIn { providers },
    };
    composer().external_sign_in(&mail).expect("an email")
}

fn reset_mail(app: &App, user: &User, ip: &str) -> OutgoingMail {
    let request = request(app, ip);
    let mail = ResetMail {
        cancel_link: "https://api.example.com/auth/cancel-reset/fpr_abc",
        app,
        user,
        request: &request,
        link: "https://app.example.com/reset/fpr_abc?a=1&b=2",
        code: "0123-ABCD",
        limits: &Limits::default(),
        id: &MailId::from_random([7; MailId::BYTES]),
    };
    composer().reset(&mail).expect("an email")
}

#[test]
fn the_reset_mail_says_all_that_it_must() {
    let mail = reset_mail(&app_of("Example"), &user(Some("Maria")), "192.0.2.7");
    assert_eq!(mail.recipient, "demo@example.com");
    assert_eq!(mail.reply_to.as_deref(), Some("support@example.com"));
    insta::assert_snapshot!("reset_text", mail.text);
    insta::assert_snapshot!("reset_html", mail.html);
}

#[test]
fn the_changed_mail_says_all_that_it_must() {
    let (app, user) = (app_of("Example"), user(None));
    let mail = changed_mail(&app, &notice(&user, None), Some(&user));
    insta::assert_snapshot!("changed_text", mail.text);
    insta::assert_snapshot!("changed_html", mail.html);
}

#[test]
fn the_mail_to_people_without_a_password_says_all_that_it_must() {
    let mail = external_sign_in_mail(
        &app_of("Example"),
        &user(Some("Maria")),
        &["Google", "GitHub"],
    );
    assert_eq!(mail.recipient, "demo@example.com");
    insta::assert_snapshot!("external_sign_in_text", mail.text);
    insta::assert_snapshot!("external_sign_in_html", mail.html);
}

#[test]
fn whom_people_sign_in_with_is_said_in_every_language_where_it_is_known() {
    let of = app_of("Example");
    for language in Language::all() {
        let mut person = user(None);
        person.locale = Some(language.tag().to_owned());
        let known = external_sign_in_mail(&of, &person, &["<b>Google</b>\r\nBcc: x@evil.example"]);
        assert!(known.text.contains("<b>Google</b> Bcc: x@evil.example"));
        assert!(!known.html.contains("<b>"));
        let unknown = external_sign_in_mail(&of, &person, &[]);
        assert_eq!(unknown.language, language.tag());
        assert!(unknown.text.contains("https://app.example.com/login\n"));
        assert_ne!(known.text, unknown.text);
    }
}

#[test]
fn values_are_shown_as_text_whatever_they_are_made_of() {
    let name = "<script>alert(1)<b>{{ link }}\r\nBcc x";
    let mail = reset_mail(&app_of("A & <b>B</b>"), &user(Some(name)), "\"><img src=x>");
    assert!(!mail.html.contains("<script>") && !mail.html.contains("<img"));
    assert!(!mail.html.contains("<b>B</b>"));
    assert!(mail.html.contains("{{ link }}"));
    let greeting = mail.text.lines().next();
    assert_eq!(greeting, Some("Hello <script>alert(1)<b>{{ link }} Bcc x,"));
}

#[test]
fn the_name_that_somebody_logs_in_with_is_said_unless_it_is_the_address_or_an_advertisement() {
    let shown = |username: &str| {
        let mut person = user(None);
        person.profile.username = Some(ScalarValue::Text(username.to_owned()));
        let mail = reset_mail(&app_of("Example"), &person, "192.0.2.7");
        let line = format!("Your username: {username}\n");
        assert_eq!(
            mail.text.contains(&line),
            mail.html.contains(line.trim_end()) && !username.is_empty()
        );
        mail.text.contains("Your username")
    };
    for name in ["maria", "maria_1984", "\u{30de}\u{30ea}\u{30a2}"] {
        assert!(shown(name), "{name}");
    }
    for name in [
        "",
        "demo@example.com",
        "prize.example",
        "https://prize.example",
        "+19005551234",
        "call me now",
        "ma\u{202e}ria",
        &"x".repeat(61),
    ] {
        assert!(!shown(name), "{name}");
    }
}

#[test]
fn help_is_a_link_where_it_leads_somewhere() {
    for (support, link) in [
        (
            "o'neil+help@example.com",
            Some("mailto:o%27neil%2Bhelp@example.com"),
        ),
        (
            "https://example.com/help?a=1",
            Some("https://example.com/help?a=1"),
        ),
        ("+49 30 123456", None),
        ("javascript:alert(1)", None),
        ("http://example.com", None),
    ] {
        let mut app = app_of("Example");
        app.support = support.to_owned();
        assert_eq!(app.support_url().as_deref(), link, "{support}");
        let mail = reset_mail(&app, &user(None), "192.0.2.7");
        assert!(mail.text.contains(&format!("Questions? {support}\n")));
        assert!(!mail.html.contains("href=\"javascript"));
    }
}

#[test]
fn the_language_is_the_person_s_then_the_request_s_then_the_app_s() {
    let language = |app: &str, asked: Option<&str>, own: Option<&str>| {
        let mut person = user(None);
        person.locale = own.map(str::to_owned);
        let mut of = app_of("Example");
        of.locale = app.to_owned();
        changed_mail(&of, &notice(&person, asked), Some(&person)).language
    };
    assert_eq!(language("fr", Some("es"), Some("de-CH")), "de");
    assert_eq!(language("fr", Some("es-MX"), None), "es");
    assert_eq!(language("fr", None, None), "fr");
    assert_eq!(language("fr", Some("../../x"), Some("\r\nBcc: x")), "fr");
    assert_eq!(language("tlh", None, Some("")), "en");
}

#[test]
fn every_language_says_all_that_a_mail_must() {
    let of = app_of("Example");
    for language in Language::all() {
        let mut person = user(Some("Maria"));
        person.locale = Some(language.tag().to_owned());
        let mail = reset_mail(&of, &person, "192.0.2.7");
        assert_eq!(mail.language, language.tag());
        let html = format!(
            "lang=\"{}\" dir=\"{}\"",
            language.tag(),
            language.direction()
        );
        assert!(mail.html.contains(&html), "{}", mail.html);
        for said in [
            "Maria",
            "fpr_abc",
            "0123-ABCD",
            "30",
            "10",
            "2023-11-14 22:13 UTC",
        ] {
            assert!(mail.text.contains(said), "{}: {said}", language.tag());
            assert!(mail.html.contains(said), "{}: {said}", language.tag());
        }
        assert!(mail.text.contains("/auth/cancel-reset/fpr_abc\n"));
        assert!(mail.subject.contains("Example"), "{}", mail.subject);
    }
}
