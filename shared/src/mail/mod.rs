//! The letters: a subject, a plain text part and an HTML part each, from templates compiled in.

mod letters;
mod wording;

use askama::Template;

use crate::domain::{App, EmailAddress, Mailbox};
use crate::ports::{ChangedMail, ComposeError, MailComposer, OutgoingMail, ResetMail};
use letters::{ChangedHtml, ChangedText, ResetHtml, ResetText};

/// The one language so far (BCP 47).
const LANGUAGE: &str = "en";

/// Fills the templates that are compiled in.
#[derive(Debug, Clone, Copy, Default)]
pub struct TemplateComposer;

impl MailComposer for TemplateComposer {
    fn reset(&self, mail: &ResetMail<'_>) -> Result<OutgoingMail, ComposeError> {
        let subject = format!("Reset your {} password", mail.app.display_name);
        let text = render(&ResetText::from(mail))?;
        let html = render(&ResetHtml::new(&subject, mail))?;
        Ok(envelope(mail.app, &mail.user.email, subject, text, html))
    }

    fn changed(&self, mail: &ChangedMail<'_>) -> Result<OutgoingMail, ComposeError> {
        let subject = format!("Your {} password was changed", mail.app.display_name);
        let text = render(&ChangedText::from(mail))?;
        let html = render(&ChangedHtml::new(&subject, mail))?;
        Ok(envelope(mail.app, mail.email, subject, text, html))
    }
}

fn render(template: &impl Template) -> Result<String, ComposeError> {
    template
        .render()
        .map_err(|error| ComposeError(error.to_string()))
}

fn envelope(app: &App, to: &str, subject: String, text: String, html: String) -> OutgoingMail {
    // The users table may hold a domain in Unicode, which SES does not take.
    let recipient = EmailAddress::parse(to).map_or_else(|_| to.to_owned(), |to| to.mailable());
    OutgoingMail {
        sender: app.sender.header(),
        recipient,
        reply_to: app.reply_to.as_ref().map(Mailbox::header),
        language: LANGUAGE.to_owned(),
        subject,
        text,
        html,
    }
}

#[cfg(test)]
mod tests;
