use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use shared::domain::{
    App, ClientInfo, EmailAddress, ExternalSignIn, LinkValues, MailId, Notice, NoticeId,
    OtherRecipients, PageUrls, PasswordPolicy, Profile, RequestId, ResetRequest, ScalarValue,
    Timestamp, User, UserKey,
};
use shared::http::preview;
use shared::i18n::{Catalogue, Language};
use shared::mail::TemplateComposer;
use shared::ports::{
    ChangedMail, ComposeError, ExternalSignInMail, MailComposer as _, OutgoingMail, ResetMail,
};
use shared::settings::{Settings, SettingsError};

const BASE_URL: &str = "https://auth.example.com";
const EMAIL: &str = "ann@example.com";
const LINK_LIFETIME: Duration = Duration::from_mins(30);
const TOKEN: &str = "fpr_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v";
const CODE: &str = "7K3M-X9QT";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);

/// One page or mail of an app in a language.
#[derive(Debug, Clone)]
pub struct Preview {
    pub app: String,
    pub language: &'static str,
    /// What it shows; mails begin with `mail-`.
    pub name: String,
    /// `html`, or `txt` for the plain part of a mail.
    pub kind: &'static str,
    pub content: String,
}

impl Preview {
    /// Where it is below the gallery.
    pub fn path(&self) -> PathBuf {
        let file = format!("{}.{}", self.name, self.kind);
        [&self.app, self.language, &file].into_iter().collect()
    }
}

/// Why there is nothing to look at.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Mail(#[from] ComposeError),
}

/// Every page and mail of every app in every language, as the service would make it. The pictures of
/// the apps are in `folder`.
///
/// # Errors
///
/// [`PreviewError`] when the settings are wrong, or a mail cannot be composed.
pub fn previews(settings: &Settings, folder: &Path) -> Result<Vec<Preview>, PreviewError> {
    let (apps, catalogue) = settings.apps(folder)?;
    let policy = settings.password_policy()?;
    let mut previews = Vec::new();
    for app in apps.iter() {
        for language in Language::all() {
            let mut add = |name: &str, kind, content| {
                previews.push(Preview {
                    app: app.id.as_str().to_owned(),
                    language: language.tag(),
                    name: name.to_owned(),
                    kind,
                    content,
                });
            };
            for (name, page) in pages(settings, policy, app, &catalogue, language) {
                add(name, "html", page);
            }
            for (name, mail) in mails(settings, app, &catalogue, language)? {
                add(name, "html", mail.html);
                add(
                    name,
                    "txt",
                    format!("Subject: {}\n\n{}", mail.subject, mail.text),
                );
            }
        }
    }
    Ok(previews)
}

fn pages(
    settings: &Settings,
    policy: PasswordPolicy,
    app: &App,
    catalogue: &Catalogue,
    language: Language,
) -> Vec<(&'static str, String)> {
    let limits = settings.limits(LINK_LIFETIME);
    let pages = preview(app, catalogue, language, policy, &limits);
    let text = |page: &[u8]| String::from_utf8_lossy(page).into_owned();
    pages
        .into_iter()
        .map(|(name, page)| (name, text(page.body())))
        .collect()
}

fn mails(
    settings: &Settings,
    app: &App,
    catalogue: &Arc<Catalogue>,
    language: Language,
) -> Result<[(&'static str, OutgoingMail); 3], ComposeError> {
    let composer = TemplateComposer::new(Arc::clone(catalogue));
    let pages = PageUrls::new(BASE_URL.to_owned());
    let user = person(language);
    let request = request(app);
    let notice = Notice {
        id: NoticeId::from_random([0; 16]),
        app: app.id.clone(),
        user_key: user.key.clone(),
        email: user.email.clone(),
        others: OtherRecipients::default(),
        locale: None,
        changed_at: NOW,
    };
    let values = LinkValues {
        base_url: BASE_URL,
        token: TOKEN,
        code: CODE,
        email: EMAIL,
    };
    let reset = ResetMail {
        app,
        user: &user,
        request: &request,
        link: &app.reset_link(&values, None),
        cancel_link: &pages.cancel(&app.id, TOKEN),
        code: CODE,
        limits: &settings.limits(LINK_LIFETIME),
        id: &MailId::from_random([0; MailId::BYTES]),
    };
    let external_sign_in = ExternalSignInMail {
        app,
        user: &user,
        request: &request,
        external_sign_in: &ExternalSignIn {
            providers: vec!["Google".to_owned()],
        },
    };
    let changed = ChangedMail {
        app,
        notice: &notice,
        user: Some(&user),
        request_link: &pages.request(&app.id),
    };
    Ok([
        ("mail-reset", composer.reset(&reset)?),
        (
            "mail-external-sign-in",
            composer.external_sign_in(&external_sign_in)?,
        ),
        ("mail-changed", composer.changed(&changed)?),
    ])
}

fn person(language: Language) -> User {
    let profile = Profile {
        username: Some(ScalarValue::Text("ann_lee".to_owned())),
        ..Profile::default()
    };
    User {
        name: Some("Ann".to_owned()),
        locale: Some(language.tag().to_owned()),
        profile,
        ..User::new(UserKey::text("1".to_owned()), EMAIL)
    }
}

fn request(app: &App) -> ResetRequest {
    ResetRequest {
        id: RequestId::new("preview"),
        app: app.id.clone(),
        email: EmailAddress::parse(EMAIL).expect("an address"),
        locale: None,
        reset_url: None,
        client: ClientInfo {
            ip: "192.0.2.7".to_owned(),
            user_agent: String::new(),
        },
        requested_at: NOW,
    }
}

/// The page that shows all of them side by side.
pub fn gallery(previews: &[Preview]) -> String {
    let mut page = GALLERY.to_owned();
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for preview in previews {
        let group = (&preview.app, preview.language);
        groups.entry(group).or_default().push(preview);
    }
    for ((app, language), previews) in groups {
        let _ = writeln!(page, "<details><summary>{app}, {language}</summary>");
        for preview in previews {
            let (name, path) = (&preview.name, preview.path());
            let path = path.display();
            let _ = writeln!(
                page,
                "<figure><figcaption><a href=\"{path}\">{name}</a></figcaption>\
                 <iframe src=\"{path}\" title=\"{name}\" loading=\"lazy\" sandbox></iframe></figure>"
            );
        }
        page += "</details>\n";
    }
    page
}

/// What stands before the previews.
const GALLERY: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"color-scheme\" content=\"light dark\">
<title>Pages and mails</title>
<style>
body { font: 1rem system-ui, sans-serif; }
summary { padding: .5rem; font-weight: 600; cursor: pointer; }
figure { display: inline-block; margin: .5rem; }
iframe { width: 360px; height: 740px; border: 1px solid; }
</style>
";
