use askama::Template;

use super::LANGUAGE;
use super::wording::{lifetime, one_line, shown_time};
use crate::ports::{ChangedMail, ResetMail};

/// The plain text of the mail with the link and the code.
#[derive(Template)]
#[template(path = "mail/reset.txt")]
pub(super) struct ResetText<'a> {
    name: Option<String>,
    app_name: &'a str,
    support: Option<&'a str>,
    link: &'a str,
    code: &'a str,
    link_lifetime: String,
    code_lifetime: String,
    requested_at: String,
    ip: String,
}

impl<'a> From<&ResetMail<'a>> for ResetText<'a> {
    fn from(mail: &ResetMail<'a>) -> Self {
        Self {
            name: mail.user.name.as_deref().map(one_line),
            app_name: &mail.app.display_name,
            support: mail.app.support.as_deref(),
            link: mail.link,
            code: mail.code,
            link_lifetime: lifetime(mail.limits.link_lifetime),
            code_lifetime: lifetime(mail.limits.code_lifetime),
            requested_at: shown_time(mail.request.requested_at),
            ip: one_line(&mail.request.client.ip),
        }
    }
}

/// Its HTML, which says the same.
#[derive(Template)]
#[template(path = "mail/reset.html")]
pub(super) struct ResetHtml<'a> {
    subject: &'a str,
    language: &'a str,
    says: ResetText<'a>,
}

impl<'a> ResetHtml<'a> {
    pub(super) fn new(subject: &'a str, mail: &ResetMail<'a>) -> Self {
        Self {
            subject,
            language: LANGUAGE,
            says: mail.into(),
        }
    }
}

/// The plain text of the mail that tells that the password was changed.
#[derive(Template)]
#[template(path = "mail/changed.txt")]
pub(super) struct ChangedText<'a> {
    name: Option<String>,
    app_name: &'a str,
    support: Option<&'a str>,
    changed_at: String,
    login_url: &'a str,
}

impl<'a> From<&ChangedMail<'a>> for ChangedText<'a> {
    fn from(mail: &ChangedMail<'a>) -> Self {
        Self {
            name: mail.name.map(one_line),
            app_name: &mail.app.display_name,
            support: mail.app.support.as_deref(),
            changed_at: shown_time(mail.changed_at),
            login_url: &mail.app.login_url,
        }
    }
}

/// Its HTML, which says the same.
#[derive(Template)]
#[template(path = "mail/changed.html")]
pub(super) struct ChangedHtml<'a> {
    subject: &'a str,
    language: &'a str,
    says: ChangedText<'a>,
}

impl<'a> ChangedHtml<'a> {
    pub(super) fn new(subject: &'a str, mail: &ChangedMail<'a>) -> Self {
        Self {
            subject,
            language: LANGUAGE,
            says: mail.into(),
        }
    }
}
