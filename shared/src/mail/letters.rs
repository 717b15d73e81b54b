use askama::Template;

use super::wording::{greeted_name, lifetime, one_line, shown_time};
use crate::domain::{App, ResetRequest, User};
use crate::i18n::Texts;
use crate::ports::{ChangedMail, ElsewhereMail, ResetMail};

/// What every letter has.
pub(super) struct Letter<'a> {
    texts: Texts<'a>,
    app: &'a App,
    pub(super) subject: String,
    greeting: String,
    support: String,
}

impl<'a> Letter<'a> {
    /// A letter whose subject is the message `subject`.
    fn new(texts: Texts<'a>, app: &'a App, user: Option<&User>, subject: &str) -> Self {
        let name = user
            .and_then(|user| user.name.as_deref())
            .and_then(greeted_name);
        Self {
            texts,
            app,
            subject: one_line(&texts.fill(subject, [("app", app.display_name.as_str().into())])),
            greeting: match name {
                Some(name) => texts.fill("mail-greeting-name", [("name", name.into())]),
                None => texts.say("mail-greeting"),
            },
            support: texts.fill("mail-support", [("support", app.support.as_str().into())]),
        }
    }

    fn say(&self, id: &str) -> String {
        self.texts.say(id)
    }

    pub(super) fn language(&self) -> &'static str {
        self.texts.language().tag()
    }

    fn direction(&self) -> &'static str {
        self.texts.language().direction()
    }

    fn app_name(&self) -> &str {
        &self.app.display_name
    }

    fn accent(&self) -> String {
        self.app.accent.to_string()
    }
}

/// The mail with the link and the code, as its two parts show it.
pub(super) struct ResetLetter<'a> {
    pub(super) letter: Letter<'a>,
    intro: String,
    link: &'a str,
    link_intro: String,
    link_instead: String,
    cancel_link: &'a str,
    code: &'a str,
    code_intro: String,
    origin: String,
}

impl<'a> ResetLetter<'a> {
    pub(super) fn new(texts: Texts<'a>, mail: &ResetMail<'a>) -> Self {
        let says = |id, span| texts.fill(id, [("lifetime", lifetime(&texts, span).into())]);
        let link_lifetime = mail.limits.link_lifetime;
        Self {
            letter: Letter::new(texts, mail.app, Some(mail.user), "mail-reset-subject"),
            intro: texts.fill(
                "mail-reset-intro",
                [("app", mail.app.display_name.as_str().into())],
            ),
            link: mail.link,
            link_intro: says("mail-reset-link", link_lifetime),
            link_instead: says("mail-reset-link-instead", link_lifetime),
            cancel_link: mail.cancel_link,
            code: mail.code,
            code_intro: says("mail-reset-code", mail.limits.code_lifetime),
            origin: origin(&texts, mail.request),
        }
    }
}

/// When and where from something was asked for.
fn origin(texts: &Texts<'_>, request: &ResetRequest) -> String {
    texts.fill(
        "mail-reset-origin",
        [
            ("time", shown_time(request.requested_at).into()),
            ("ip", one_line(&request.client.ip).into()),
        ],
    )
}

/// The mail that tells how somebody signs in who has no password, as its two parts show it.
pub(super) struct ElsewhereLetter<'a> {
    pub(super) letter: Letter<'a>,
    intro: String,
    method: String,
    login_url: &'a str,
    origin: String,
}

impl<'a> ElsewhereLetter<'a> {
    pub(super) fn new(texts: Texts<'a>, mail: &ElsewhereMail<'a>) -> Self {
        let app = || mail.app.display_name.as_str().into();
        let providers: Vec<_> = mail
            .elsewhere
            .providers
            .iter()
            .map(|it| one_line(it))
            .collect();
        let providers = one_line(&providers.join(", "));
        Self {
            letter: Letter::new(texts, mail.app, Some(mail.user), "mail-elsewhere-subject"),
            intro: texts.fill("mail-elsewhere-intro", [("app", app())]),
            method: if providers.is_empty() {
                texts.say("mail-elsewhere-other")
            } else {
                texts.fill("mail-elsewhere-provider", [("provider", providers.into())])
            },
            login_url: &mail.app.login_url,
            origin: origin(&texts, mail.request),
        }
    }
}

/// The mail that tells that the password was changed, as its two parts show it.
pub(super) struct ChangedLetter<'a> {
    pub(super) letter: Letter<'a>,
    intro: String,
    request_link: &'a str,
}

impl<'a> ChangedLetter<'a> {
    pub(super) fn new(texts: Texts<'a>, mail: &ChangedMail<'a>) -> Self {
        Self {
            letter: Letter::new(texts, mail.app, mail.user, "mail-changed-subject"),
            intro: texts.fill(
                "mail-changed-intro",
                [
                    ("app", mail.app.display_name.as_str().into()),
                    ("time", shown_time(mail.notice.changed_at).into()),
                ],
            ),
            request_link: mail.request_link,
        }
    }
}

/// The plain text of the mail with the link and the code.
#[derive(Template)]
#[template(path = "mail/reset.txt")]
pub(super) struct ResetText<'a> {
    pub(super) mail: &'a ResetLetter<'a>,
}

/// Its HTML, which says the same.
#[derive(Template)]
#[template(path = "mail/reset.html")]
pub(super) struct ResetHtml<'a> {
    pub(super) mail: &'a ResetLetter<'a>,
}

/// The plain text of the mail that tells how somebody signs in who has no password.
#[derive(Template)]
#[template(path = "mail/elsewhere.txt")]
pub(super) struct ElsewhereText<'a> {
    pub(super) mail: &'a ElsewhereLetter<'a>,
}

/// Its HTML, which says the same.
#[derive(Template)]
#[template(path = "mail/elsewhere.html")]
pub(super) struct ElsewhereHtml<'a> {
    pub(super) mail: &'a ElsewhereLetter<'a>,
}

/// The plain text of the mail that tells that the password was changed.
#[derive(Template)]
#[template(path = "mail/changed.txt")]
pub(super) struct ChangedText<'a> {
    pub(super) mail: &'a ChangedLetter<'a>,
}

/// Its HTML, which says the same.
#[derive(Template)]
#[template(path = "mail/changed.html")]
pub(super) struct ChangedHtml<'a> {
    pub(super) mail: &'a ChangedLetter<'a>,
}
