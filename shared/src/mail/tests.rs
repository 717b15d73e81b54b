use super::*;
use crate::domain::{
    Apps, ClientInfo, EmailAddress, Limits, Profile, RequestId, ResetRequest, Timestamp, User,
    UserKey,
};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

fn app(display_name: &str) -> App {
    let file = serde_json::json!({
        "default": "main",
        "apps": [{
            "id": "main",
            "display_name": display_name,
            "sender": "Example <no-reply@example.com>",
            "reply_to": "support@example.com",
            "reset_link": "https://app.example.com/reset/{{token}}",
            "login_url": "https://app.example.com/login",
            "support": "support@example.com"
        }]
    });
    let apps = Apps::from_json(&file.to_string()).expect("a good file");
    apps.by_name(None).expect("the default app").clone()
}

fn user(name: Option<&str>) -> User {
    User {
        key: UserKey::new("1".into()),
        email: "demo@example.com".into(),
        name: name.map(str::to_owned),
        locale: None,
        password_hash: None,
        disabled: false,
        profile: Profile::default(),
    }
}

fn reset_mail(app: &App, user: &User, ip: &str) -> OutgoingMail {
    let request = ResetRequest {
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
    };
    let mail = ResetMail {
        app,
        user,
        request: &request,
        link: "https://app.example.com/reset/fpr_abc?a=1&b=2",
        code: "0123-ABCD",
        limits: &Limits::default(),
    };
    TemplateComposer.reset(&mail).expect("a letter")
}

#[test]
fn the_reset_letter_says_all_that_it_must() {
    let mail = reset_mail(&app("Example"), &user(Some("Maria")), "192.0.2.7");
    assert_eq!(mail.recipient, "demo@example.com");
    assert_eq!(mail.reply_to.as_deref(), Some("support@example.com"));
    insta::assert_snapshot!("reset_text", mail.text);
    insta::assert_snapshot!("reset_html", mail.html);
}

#[test]
fn the_changed_letter_says_all_that_it_must() {
    let (app, user) = (app("Example"), user(None));
    let mail = ChangedMail {
        app: &app,
        email: &user.email,
        name: None,
        changed_at: NOW,
    };
    let mail = TemplateComposer.changed(&mail).expect("a letter");
    insta::assert_snapshot!("changed_text", mail.text);
    insta::assert_snapshot!("changed_html", mail.html);
}

#[test]
fn values_are_shown_as_text_whatever_they_are_made_of() {
    let name = "<script>alert(1)</script>{{ link }}\r\nBcc: x@evil.example";
    let mail = reset_mail(&app("A & <b>B</b>"), &user(Some(name)), "\"><img src=x>");
    assert!(!mail.html.contains("<script>") && !mail.html.contains("<img"));
    assert!(!mail.html.contains("<b>B</b>"));
    assert!(mail.html.contains("{{ link }}"));
    let greeting = mail.text.lines().next();
    assert_eq!(
        greeting,
        Some("Hello <script>alert(1)</script>{{ link }} Bcc: x@evil.example,")
    );
}

#[test]
fn the_link_is_whole_in_both_parts() {
    let mail = reset_mail(&app("Example"), &user(None), "192.0.2.7");
    assert!(
        mail.text
            .contains("https://app.example.com/reset/fpr_abc?a=1&b=2\n")
    );
    let escaped = "href=\"https://app.example.com/reset/fpr_abc?a=1&#38;b=2\"";
    assert!(mail.html.contains(escaped), "{}", mail.html);
}
