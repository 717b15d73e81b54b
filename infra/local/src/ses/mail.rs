use serde_json::{Value, json};

/// A mail that was accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// The id that SES answered with.
    pub message_id: String,
    /// When it was accepted, in seconds since the epoch.
    pub at: u64,
    /// The sender, with its display name.
    pub from: String,
    pub to: Vec<String>,
    /// The recipients of a copy.
    pub cc: Vec<String>,
    /// The recipients of a copy whom the others do not see.
    pub bcc: Vec<String>,
    /// Where answers go.
    pub reply_to: Vec<String>,
    pub subject: String,
    pub html: Option<String>,
    pub text: Option<String>,
    /// The headers that the sender added, in order.
    pub headers: Vec<(String, String)>,
    /// The configuration set that was named.
    pub configuration_set: Option<String>,
    /// The tags, which SES would hand back with each event of the mail.
    pub tags: Vec<(String, String)>,
}

impl Mail {
    /// The value of the first header called `name`, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The entry of `GET /store`: the shape of aws-ses-v2-local, and the headers and the configuration
    /// set besides.
    pub(super) fn to_json(&self) -> Value {
        let headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        let parts = [("html", &self.html), ("text", &self.text)];
        let body: serde_json::Map<_, _> = parts
            .into_iter()
            .filter_map(|(name, part)| Some((name.to_owned(), json!(part.as_ref()?))))
            .collect();
        json!({
            "messageId": self.message_id,
            "from": self.from,
            "replyTo": self.reply_to,
            "destination": {"to": self.to, "cc": self.cc, "bcc": self.bcc},
            "subject": self.subject,
            "body": body,
            "attachments": [],
            "at": self.at,
            "headers": headers,
            "configurationSetName": self.configuration_set,
        })
    }
}
