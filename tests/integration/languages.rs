//! What people read, in their language.

use integration_tests::TestApp;
use integration_tests::app::{DEMO, assert_contains, assert_ok};
use integration_tests::apps::{app_with, one_app};
use integration_tests::dialects::form;
use integration_tests::mailbox::token_in;
use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use shared::i18n::Language;

/// What shows that a text is in a language: "password" in it.
const PASSWORD: [(&str, &str); 7] = [
    ("ar", "كلمة المرور"),
    ("de", "Passwort"),
    ("en", "password"),
    ("es", "contraseña"),
    ("fr", "mot de passe"),
    ("ja", "パスワード"),
    ("pt", "senha"),
];

fn confirm(token: &str, language: &str) -> ApiRequest {
    ApiRequest::new("POST", "/v1/confirm-reset")
        .json(&json!({ "token": token, "password": "password" }))
        .header("accept-language", language)
}

#[tokio::test]
async fn pages_and_password_reasons_are_in_the_browser_s_language() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    for (tag, word) in PASSWORD {
        let header = format!("xx, {tag}-XX;q=0.9, en;q=0.1");
        let page = ApiRequest::new("GET", &format!("/auth/forgot-password/{token}"));
        let page = app.send(page.header("accept-language", &header)).await;
        let text = page.text();
        let direction = if tag == "ar" { "rtl" } else { "ltr" };
        let opened = format!("<html lang=\"{tag}\" dir=\"{direction}\">");
        assert!(text.contains(&opened), "{tag}");
        assert_eq!(page.0.header("content-language"), Some(tag));

        let refused = app.send(confirm(&token, &header)).await;
        assert_eq!(refused.0.header("content-language"), Some(tag));
        let said = refused.json();
        let title = said["title"].as_str().expect("a title").to_lowercase();
        assert!(title.contains(&word.to_lowercase()), "{tag}: {title}");
        assert!(said["reasons"][0]["message"].is_string());
        assert_eq!(said["reasons"][0]["code"], "known");
    }
    let known: Vec<_> = Language::all().map(Language::tag).collect();
    assert_eq!(known, PASSWORD.map(|(tag, _)| tag));
}

#[tokio::test]
async fn a_mail_is_in_the_person_s_language_else_in_the_request_s() {
    let app = TestApp::start().await;
    let language_of_mail = async |body: Value, header: Option<&str>| {
        let request = ApiRequest::new("POST", "/v1/request-reset").json(&body);
        let request = match header {
            Some(header) => request.header("accept-language", header),
            None => request,
        };
        let mail = app.mailed(request).await;
        app.clock.advance(std::time::Duration::from_hours(1));
        let named = mail.header("Content-Language").map(str::to_owned);
        (named.unwrap_or_default(), mail.subject)
    };
    let asked = json!({ "email": DEMO, "locale": "fr-CA" });
    let (language, subject) = language_of_mail(asked.clone(), Some("es")).await;
    assert_eq!(language, "fr");
    assert_contains(&subject, "mot de passe");
    let plain = json!({ "email": DEMO });
    assert_eq!(language_of_mail(plain.clone(), Some("es")).await.0, "es");
    assert_eq!(language_of_mail(plain.clone(), None).await.0, "en");
    let unknown = json!({ "email": DEMO, "locale": "nl" });
    assert_eq!(language_of_mail(unknown, Some("de")).await.0, "de");

    app.set_user("demo", "locale", "de_AT").await;
    assert_eq!(language_of_mail(asked, Some("es")).await.0, "de");
    for bad in ["../../../etc/passwd", "\r\nBcc: x@y.example", "", "xx"] {
        app.set_user("demo", "locale", bad).await;
        assert_eq!(language_of_mail(plain.clone(), Some("ja")).await.0, "ja");
    }
}

#[tokio::test]
async fn the_changed_mail_follows_the_browser_that_changed_the_password() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let confirm = ApiRequest::new("POST", "/v1/confirm-reset")
        .json(&json!({ "token": token, "password": "seven lanterns over the bay" }))
        .header("accept-language", "pt-BR");
    assert_ok(&app.send(confirm).await);
    app.deliver().await;
    let mail = app.last_mail();
    assert_eq!(mail.header("Content-Language"), Some("pt"));
    assert!(mail.subject.contains("senha"), "{}", mail.subject);
    let text = mail.text.expect("a text part");
    let link = "https://api.example.com/auth/forgot-password?app=main\n";
    assert_contains(&text, link);
}

#[tokio::test]
async fn a_language_that_is_none_changes_nothing_but_the_language() {
    let app = TestApp::start().await;
    let plain = app.verify_link("fpr_x").await;
    for header in ["../../x", "*", "de;q=0", ";;;", "\u{1f600}", "x-klingon"] {
        let request = ApiRequest::new("POST", "/v1/verify-token")
            .json(&json!({ "token": "fpr_x" }))
            .header("accept-language", header);
        let answer = app.send(request).await;
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.0.body, plain.0.body, "{header}");
    }
}

#[tokio::test]
async fn an_app_speaks_its_own_language_and_has_its_own_texts() {
    let mut second = one_app("second", "Zweite");
    second["locale"] = json!("de-AT");
    second["texts"] = json!({ "de": {
        "page-request-intro": "Na, vergessen?",
        "mail-greeting": "Servus,",
        "page-done-status": "Passt.",
    }});
    let app = app_with(&json!({ "main": one_app("main", "First"), "second": second })).await;
    let body_of = async |request| {
        let answer = app.send(request).await;
        answer.text()
    };
    let asked = ApiRequest::new("GET", "/auth/forgot-password?app=second");
    let page = body_of(asked.clone()).await;
    assert_contains(&page, "<html lang=\"de\"");
    assert_contains(&page, "Na, vergessen?");
    let page = body_of(asked.header("accept-language", "en")).await;
    assert!(
        page.contains("<html lang=\"en\"") && !page.contains("vergessen"),
        "{page}"
    );
    let page = body_of(ApiRequest::new("GET", "/auth/forgot-password")).await;
    assert_contains(&page, "<html lang=\"en\"");

    let request = ApiRequest::new("POST", "/v1/request-reset")
        .json(&json!({ "email": DEMO, "locale": "nl" }))
        .header("x-app-name", "second");
    let mail = app.mailed(request).await;
    assert_eq!(mail.header("Content-Language"), Some("de"));
    assert!(
        mail.text
            .as_deref()
            .is_some_and(|it| it.starts_with("Servus,\n"))
    );
    // The token knows its app, whatever the caller names.
    let path = format!("/auth/forgot-password/{}", token_in(&mail));
    let password = "seven lanterns over the bay";
    let fields = [("password", password), ("confirm", password)];
    let page = body_of(form(&path, &fields)).await;
    assert_contains(&page, "<html lang=\"de\"");
    assert_contains(&page, "Passt.");
}
