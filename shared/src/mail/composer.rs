use std::sync::Arc;

use askama::Template;

use super::emails::{
    ChangedEmail, ChangedHtml, ChangedText, Email, ExternalSignInEmail, ExternalSignInHtml,
    ExternalSignInText, ResetEmail, ResetHtml, ResetText,
};
use crate::domain::{App, EmailAddress, MailReference, Mailbox, ResetRequest, User};
use crate::i18n::{Catalogue, Language, Translator};
use crate::ports::{
    ChangedMail, ComposeError, ExternalSignInMail, MailComposer, OutgoingMail, ResetMail,
};

/// Fills the templates that are compiled in, with the texts of the catalogue.
#[derive(Debug, Clone)]
pub struct TemplateComposer {
    catalogue: Arc<Catalogue>,
}

impl TemplateComposer {
    pub const fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue }
    }

    /// The texts in the first of these languages that there are any in; else in the app's.
    fn texts(&self, app: &App, wanted: [Option<&str>; 2]) -> Translator<'_> {
        let wanted = wanted.into_iter().flatten().find_map(Language::of_tag);
        let language = wanted.or_else(|| Language::of_tag(&app.locale));
        self.catalogue
            .texts(Some(app), language.unwrap_or(Language::ENGLISH))
    }
}

impl MailComposer for TemplateComposer {
    fn reset(&self, mail: &ResetMail<'_>) -> Result<OutgoingMail, ComposeError> {
        let wanted = asked_for(mail.user, mail.request);
        let written = ResetEmail::new(self.texts(mail.app, wanted), mail);
        let parts = (ResetText { mail: &written }, ResetHtml { mail: &written });
        let reference = answer_to(mail.request);
        let to = &mail.user.email;
        let envelope = envelope(mail.app, to, &written.email, &parts, reference)?;
        Ok(OutgoingMail {
            id: Some(mail.id.clone()),
            ..envelope
        })
    }

    fn external_sign_in(
        &self,
        mail: &ExternalSignInMail<'_>,
    ) -> Result<OutgoingMail, ComposeError> {
        let wanted = asked_for(mail.user, mail.request);
        let written = ExternalSignInEmail::new(self.texts(mail.app, wanted), mail);
        let parts = (
            ExternalSignInText { mail: &written },
            ExternalSignInHtml { mail: &written },
        );
        let reference = answer_to(mail.request);
        envelope(
            mail.app,
            &mail.user.email,
            &written.email,
            &parts,
            reference,
        )
    }

    fn changed(&self, mail: &ChangedMail<'_>) -> Result<OutgoingMail, ComposeError> {
        let own = mail.user.and_then(|user| user.locale.as_deref());
        let wanted = [own, mail.notice.locale.as_deref()];
        let written = ChangedEmail::new(self.texts(mail.app, wanted), mail);
        let parts = (
            ChangedText { mail: &written },
            ChangedHtml { mail: &written },
        );
        let reference = MailReference::Changed(mail.notice.id.clone());
        envelope(
            mail.app,
            &mail.notice.email,
            &written.email,
            &parts,
            reference,
        )
    }
}

/// The languages that an email to somebody who asked may be in, the likeliest first.
fn asked_for<'a>(user: &'a User, request: &'a ResetRequest) -> [Option<&'a str>; 2] {
    [&user.locale, &request.locale].map(|it| it.as_deref())
}

/// What an email that answers a request refers to.
fn answer_to(request: &ResetRequest) -> MailReference {
    MailReference::Reset {
        locator: request.locator(),
        request: request.id.clone(),
    }
}

fn render(template: &impl Template) -> Result<String, ComposeError> {
    template
        .render()
        .map_err(|error| ComposeError(error.to_string()))
}

fn envelope(
    app: &App,
    to: &str,
    email: &Email<'_>,
    (text, html): &(impl Template, impl Template),
    reference: MailReference,
) -> Result<OutgoingMail, ComposeError> {
    // The users table may hold a domain in Unicode, which SES does not take.
    let recipient = EmailAddress::parse(to).map_or_else(|_| to.to_owned(), |to| to.mailable());
    Ok(OutgoingMail {
        sender: app.sender.header(),
        recipient,
        reply_to: app.reply_to.as_ref().map(Mailbox::header),
        language: email.language().to_owned(),
        subject: email.subject.clone(),
        text: render(text)?,
        html: render(html)?,
        reference,
        id: None,
    })
}
