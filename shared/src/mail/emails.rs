use askama::Template;

use super::format::{greeted_name, sanitize_line, shown_time, shown_username};
use crate::domain::{App, ResetRequest, User};
use crate::i18n::{Around, Translator};
use crate::ports::{ChangedMail, ExternalSignInMail, ResetMail};

/// Declares the parts of the mails: templates that each show one.
macro_rules! parts {
    ($($part:ident of $email:ident: $path:tt),*) => {
        $(#[derive(Template)]
        #[template(path = $path)]
        pub(super) struct $part<'a> {
            pub(super) mail: &'a $email<'a>,
        })*
    };
}

/// What every email has.
pub(super) struct Email<'a> {
    texts: Translator<'a>,
    app: &'a App,
    pub(super) subject: String,
    /// What mail programs show beside the subject.
    preheader: String,
    greeting: String,
    /// The name that the person logs in with, where that is not the address.
    username: Option<String>,
    /// What stands around the way to get help.
    support: Around,
}

impl<'a> Email<'a> {
    /// An email whose subject is the message `subject`, and what is shown beside that.
    fn new(
        texts: Translator<'a>,
        app: &'a App,
        user: Option<&User>,
        subject: &str,
        preheader: String,
    ) -> Self {
        let name = user
            .and_then(|user| user.name.as_deref())
            .and_then(greeted_name);
        Self {
            texts,
            app,
            subject: sanitize_line(
                &texts.format(subject, [("app", app.display_name.as_str().into())]),
            ),
            preheader,
            username: user
                .and_then(shown_username)
                .map(|name| texts.format("mail-username", [("username", name.into())])),
            greeting: match name {
                Some(name) => texts.format("mail-greeting-name", [("name", name.into())]),
                None => texts.text("mail-greeting"),
            },
            support: texts.around("mail-support", "support"),
        }
    }

    fn text(&self, id: &str) -> String {
        self.texts.text(id)
    }

    pub(super) fn language(&self) -> &'static str {
        self.texts.language().tag()
    }

    fn direction(&self) -> &'static str {
        self.texts.language().direction()
    }

    /// The side on which lines begin, for programs that know no `dir`.
    fn start(&self) -> &'static str {
        if self.texts.language().is_right_to_left() {
            "right"
        } else {
            "left"
        }
    }
}

/// The mail with the link and the code, as its two parts show it.
pub(super) struct ResetEmail<'a> {
    pub(super) email: Email<'a>,
    intro: String,
    link: &'a str,
    link_intro: String,
    link_instead: String,
    cancel_link: &'a str,
    code: &'a str,
    code_intro: String,
    origin: String,
}

impl<'a> ResetEmail<'a> {
    pub(super) fn new(texts: Translator<'a>, mail: &ResetMail<'a>) -> Self {
        let says = |id, span| texts.format(id, [("lifetime", texts.duration(span).into())]);
        let link_lifetime = mail.limits.link_lifetime;
        Self {
            email: Email::new(
                texts,
                mail.app,
                Some(mail.user),
                "mail-reset-subject",
                says("mail-reset-preheader", link_lifetime),
            ),
            intro: texts.format(
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
fn origin(texts: &Translator<'_>, request: &ResetRequest) -> String {
    texts.format(
        "mail-reset-origin",
        [
            ("time", shown_time(request.requested_at).into()),
            ("ip", sanitize_line(&request.client.ip).into()),
        ],
    )
}

/// The mail that tells how somebody signs in who has no password, as its two parts show it.
pub(super) struct ExternalSignInEmail<'a> {
    pub(super) email: Email<'a>,
    intro: String,
    method: String,
    login_url: &'a str,
    origin: String,
}

impl<'a> ExternalSignInEmail<'a> {
    pub(super) fn new(texts: Translator<'a>, mail: &ExternalSignInMail<'a>) -> Self {
        let app = || mail.app.display_name.as_str().into();
        let providers: Vec<_> = mail
            .external_sign_in
            .providers
            .iter()
            .map(|it| sanitize_line(it))
            .collect();
        let providers = sanitize_line(&providers.join(", "));
        Self {
            email: Email::new(
                texts,
                mail.app,
                Some(mail.user),
                "mail-external-sign-in-subject",
                texts.text("mail-external-sign-in-preheader"),
            ),
            intro: texts.format("mail-external-sign-in-intro", [("app", app())]),
            method: if providers.is_empty() {
                texts.text("mail-external-sign-in-other")
            } else {
                texts.format(
                    "mail-external-sign-in-provider",
                    [("provider", providers.into())],
                )
            },
            login_url: &mail.app.login_url,
            origin: origin(&texts, mail.request),
        }
    }
}

/// The mail that tells that the password was changed, as its two parts show it.
pub(super) struct ChangedEmail<'a> {
    pub(super) email: Email<'a>,
    intro: String,
    request_link: &'a str,
}

impl<'a> ChangedEmail<'a> {
    pub(super) fn new(texts: Translator<'a>, mail: &ChangedMail<'a>) -> Self {
        Self {
            email: Email::new(
                texts,
                mail.app,
                mail.user,
                "mail-changed-subject",
                texts.text("mail-changed-preheader"),
            ),
            intro: texts.format(
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

parts!(
    ResetText of ResetEmail: "mail/reset.txt",
    ResetHtml of ResetEmail: "mail/reset.html",
    ExternalSignInText of ExternalSignInEmail: "mail/external_sign_in.txt",
    ExternalSignInHtml of ExternalSignInEmail: "mail/external_sign_in.html",
    ChangedText of ChangedEmail: "mail/changed.txt",
    ChangedHtml of ChangedEmail: "mail/changed.html"
);
