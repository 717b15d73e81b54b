//! The body of a `SendEmail` request.

use serde::Deserialize;

use super::Mail;
use super::failure::SesFailure;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    configuration_set_name: Option<String>,
    #[serde(default)]
    email_tags: Vec<Header>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Destination {
    #[serde(rename = "ToAddresses")]
    to: Vec<String>,
    #[serde(rename = "CcAddresses")]
    cc: Vec<String>,
    #[serde(rename = "BccAddresses")]
    bcc: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
    charset: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Header {
    name: String,
    value: String,
}

/// SES takes this many headers of a sender's own.
const MAX_HEADERS: usize = 15;
/// SES sends to this many recipients at once.
const MAX_RECIPIENTS: usize = 50;

impl SendEmail {
    pub(super) fn parse(body: &[u8]) -> Result<Mail, SesFailure> {
        let request: Self = serde_json::from_slice(body)
            .map_err(|error| SesFailure::new(400, "SerializationException", error.to_string()))?;
        request.into_mail()
    }

    fn into_mail(self) -> Result<Mail, SesFailure> {
        let Some(simple) = self.content.simple else {
            return Err(SesFailure::bad_request("only Simple content is taken here"));
        };
        let mail = Mail {
            from: self.from_email_address.unwrap_or_default(),
            to: self.destination.to,
            cc: self.destination.cc,
            bcc: self.destination.bcc,
            reply_to: self.reply_to_addresses,
            subject: simple.subject.decode(),
            html: simple.body.html.map(Text::decode),
            text: simple.body.text.map(Text::decode),
            headers: simple
                .headers
                .into_iter()
                .map(|header| (header.name, header.value))
                .collect(),
            configuration_set: self.configuration_set_name,
            tags: self
                .email_tags
                .into_iter()
                .map(|tag| (tag.name, tag.value))
                .collect(),
            ..Mail::default()
        };
        check(&mail)?;
        Ok(mail)
    }
}

impl Text {
    /// Without a charset SES takes text for ASCII and puts question marks for all else.
    fn decode(self) -> String {
        if self.charset.is_some() {
            return self.data;
        }
        self.data
            .chars()
            .map(|letter| if letter.is_ascii() { letter } else { '?' })
            .collect()
    }
}

fn check(mail: &Mail) -> Result<(), SesFailure> {
    let recipients: Vec<_> = mail.to.iter().chain(&mail.cc).chain(&mail.bcc).collect();
    if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS {
        return Err(SesFailure::bad_request(
            "there must be from 1 to 50 recipients",
        ));
    }
    for address in recipients
        .into_iter()
        .chain([&mail.from])
        .chain(&mail.reply_to)
    {
        check_address(address)?;
    }
    if mail.html.is_none() && mail.text.is_none() {
        return Err(SesFailure::bad_request(
            "the body has neither Text nor Html",
        ));
    }
    if mail.headers.len() > MAX_HEADERS {
        return Err(SesFailure::bad_request("there are more than 15 headers"));
    }
    mail.tags
        .iter()
        .flat_map(|(name, value)| [name, value])
        .try_for_each(|text| check_tag(text))?;
    mail.headers
        .iter()
        .try_for_each(|(name, value)| check_header(name, value))
}

/// Names and values of tags are of the same few characters.
fn check_tag(text: &str) -> Result<(), SesFailure> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if (1..=256).contains(&text.len()) && text.chars().all(good) {
        return Ok(());
    }
    Err(SesFailure::bad_request(format!(
        "not a tag that SES takes: {text}"
    )))
}

/// SES speaks no SMTPUTF8: display names come as encoded words, domains as Punycode.
fn check_address(address: &str) -> Result<(), SesFailure> {
    let printable = address
        .chars()
        .all(|letter| letter == ' ' || letter.is_ascii_graphic());
    let spec = match address.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => address,
    };
    let (local, domain) = spec.rsplit_once('@').unwrap_or_default();
    if printable && !local.is_empty() && !domain.is_empty() && !domain.contains(' ') {
        return Ok(());
    }
    Err(SesFailure::bad_request(format!(
        "not an address that SES takes: {address}"
    )))
}

fn check_header(name: &str, value: &str) -> Result<(), SesFailure> {
    let good_name = (1..=126).contains(&name.len())
        && name
            .chars()
            .all(|letter| letter.is_ascii_graphic() && letter != ':');
    let good_value = (1..=870).contains(&value.len())
        && value
            .chars()
            .all(|letter| letter == ' ' || letter.is_ascii_graphic());
    if good_name && good_value {
        return Ok(());
    }
    Err(SesFailure::bad_request(format!(
        "not a header that SES takes: {name}"
    )))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn request() -> Value {
        json!({
            "FromEmailAddress": "Example <no-reply@example.com>",
            "Destination": {"ToAddresses": ["ann@example.com"]},
            "Content": {"Simple": {
                "Subject": {"Data": "Grüße", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Grüße"}},
                "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],
            }},
            "EmailTags": [{"Name": "locator", "Value": "AbC-_1"}],
        })
    }

    fn parse(request: &Value) -> Result<Mail, SesFailure> {
        SendEmail::parse(request.to_string().as_bytes())
    }

    #[test]
    fn text_without_charset_is_taken_for_ascii() {
        let mail = parse(&request()).expect("accepted");
        assert_eq!(mail.subject, "Grüße");
        assert_eq!(mail.text.as_deref(), Some("Gr??e"));
        assert_eq!(mail.header("auto-submitted"), Some("auto-generated"));
    }

    #[test]
    fn what_ses_would_refuse_is_refused() {
        for (pointer, value) in [
            ("/FromEmailAddress", json!("Jürgen <a@example.com>")),
            ("/FromEmailAddress", json!("nobody")),
            ("/Destination/ToAddresses", json!([])),
            ("/Destination/ToAddresses/0", json!("ann@exämple.com")),
            (
                "/Destination/ToAddresses/0",
                json!("a@example.com\r\nBcc: b@example.com"),
            ),
            ("/Content/Simple/Body", json!({})),
            ("/Content/Simple/Headers/0/Name", json!("X:Y")),
            ("/Content/Simple/Headers/0/Value", json!("a\nb")),
            ("/EmailTags/0/Name", json!("a:b")),
            ("/EmailTags/0/Value", json!("a=")),
            ("/Content", json!({"Raw": {"Data": ""}})),
        ] {
            let mut request = request();
            *request.pointer_mut(pointer).expect("there") = value;
            let failure = parse(&request).expect_err(pointer);
            assert_eq!(
                (failure.status, failure.code.as_str()),
                (400, "BadRequestException")
            );
        }
    }
}
