//! A mail, as a person who reads the inbox sees it.

use local_stack::ses::Mail;
use serde_json::Value;
use url::Url;

use super::NotRun;
use crate::mailbox::{code_in_text, token_in_text};

/// A mail in an inbox.
#[derive(Debug, Clone)]
pub struct ReceivedMail {
    /// What tells it from others.
    pub id: String,
    /// Everybody who gets it, openly or not.
    pub recipients: Vec<String>,
    /// Everything that is no body: sender, subject, headers.
    pub envelope: String,
    pub text: String,
    pub html: String,
}

impl ReceivedMail {
    /// The mail in an entry of `GET /store`.
    #[must_use]
    pub fn from_store(entry: &Value) -> Self {
        let people = ["to", "cc", "bcc"]
            .iter()
            .filter_map(|kind| entry["destination"][kind].as_array())
            .flatten()
            .filter_map(|it| it.as_str().map(str::to_owned));
        let part = |name: &str| entry["body"][name].as_str().unwrap_or_default().to_owned();
        let envelope = ["from", "replyTo", "subject", "headers"].map(|it| entry[it].to_string());
        Self {
            id: entry["messageId"].to_string(),
            recipients: people.collect(),
            envelope: envelope.join("\n"),
            text: part("text"),
            html: part("html"),
        }
    }

    /// Whether it goes to this address alone, to the character.
    #[must_use]
    pub fn is_only_for(&self, email: &str) -> bool {
        self.recipients == [email]
    }

    /// Whether it goes to this address, however it is spelt.
    #[must_use]
    pub fn is_for(&self, email: &str) -> bool {
        let same = |it: &String| it.eq_ignore_ascii_case(email);
        self.recipients.iter().any(same)
    }

    /// Whether these words stand anywhere in it.
    #[must_use]
    pub fn mentions(&self, words: &str) -> bool {
        let places = [&self.envelope, &self.text, &self.html];
        places.iter().any(|it| it.contains(words))
    }

    /// Whether it is one with a link to a new password.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.text.contains("fpr_")
    }

    /// The link token.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn token(&self) -> Result<String, NotRun> {
        let none = || NotRun::because("the mail has no link in its text");
        self.has_token()
            .then(|| token_in_text(&self.text))
            .ok_or_else(none)
    }

    /// The short code.
    ///
    /// # Errors
    ///
    /// When there is no link either.
    pub fn code(&self) -> Result<String, NotRun> {
        self.token().map(|_| code_in_text(&self.text))
    }

    /// The mailed link.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn link(&self) -> Result<Url, NotRun> {
        self.urls()
            .into_iter()
            .find(|url| url.as_str().contains("fpr_"))
            .ok_or_else(|| NotRun::because("the mail has no link in its text"))
    }

    /// Every URL in either part.
    #[must_use]
    pub fn urls(&self) -> Vec<Url> {
        let both = format!("{} {}", self.text, self.html);
        let ends = |c: char| c.is_whitespace() || "\"'<>".contains(c);
        let mut urls: Vec<Url> = both
            .split(ends)
            .filter(|word| word.starts_with("http"))
            .filter_map(|word| Url::parse(word).ok())
            .collect();
        urls.sort();
        urls.dedup();
        urls
    }
}

impl From<Mail> for ReceivedMail {
    fn from(mail: Mail) -> Self {
        let recipients = [mail.to, mail.cc, mail.bcc].concat();
        let envelope = format!("{}\n{}\n{:?}", mail.from, mail.subject, mail.headers);
        Self {
            id: mail.message_id,
            recipients,
            envelope,
            text: mail.text.unwrap_or_default(),
            html: mail.html.unwrap_or_default(),
        }
    }
}
