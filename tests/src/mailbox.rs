//! What a person finds in a mail.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use local_stack::ses::Mail;
use serde_json::{Value, json};

use crate::app::NEW_PASSWORD;

/// The link token in a reset mail.
#[must_use]
pub fn token_in(mail: &Mail) -> String {
    token_in_text(text(mail))
}

/// The link token in the text of a reset mail.
#[must_use]
pub fn token_in_text(text: &str) -> String {
    let start = text.find("fpr_").expect("the mail has a link");
    text[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect()
}

/// What `EventBridge` brings when SES publishes an event of this kind about a mail, with the tags that
/// the mail was sent with.
#[must_use]
pub fn ses_event(kind: &str, mail: &Mail) -> Value {
    let mut tags = json!({ "ses:configuration-set": [mail.configuration_set] });
    for (name, value) in &mail.tags {
        tags[name] = json!([value]);
    }
    json!({
        "version": "0",
        "source": "aws.ses",
        "detail": {
            "eventType": kind,
            "mail": { "messageId": mail.message_id, "destination": mail.to, "tags": tags },
            "bounce": (kind == "Bounce").then(|| json!({
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{
                    "emailAddress": mail.to[0],
                    "diagnosticCode": format!("smtp; 550 5.1.1 <{}> unknown", mail.to[0]),
                }],
            })),
        },
    })
}

/// The short code in a reset mail.
#[must_use]
pub fn code_in(mail: &Mail) -> String {
    code_in_text(text(mail))
}

/// The short code in the text of a reset mail.
#[must_use]
pub fn code_in_text(text: &str) -> String {
    let is_code = |line: &&str| {
        line.len() == 9
            && line.as_bytes()[4] == b'-'
            && line.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let mut lines = text.lines();
    lines.find(is_code).expect("the mail has a code").to_owned()
}

/// A code that differs in its last character.
#[must_use]
pub fn wrong_code(code: &str) -> String {
    let last = if code.ends_with('7') { '8' } else { '7' };
    format!("{}{last}", &code[..code.len() - 1])
}

fn text(mail: &Mail) -> &str {
    mail.text.as_deref().expect("the mail has a text part")
}

/// The secrets of a flow, in every spelling that could leak.
#[must_use]
pub fn secrets(token: &str, code: &str) -> Vec<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(&token[4..])
        .expect("base64url");
    // Alone, the secret is aligned differently than behind the 16 bytes of the locator.
    let secret = &bytes[16..];
    vec![
        token.to_owned(),
        token[4..].to_owned(),
        token[30..].to_owned(),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        BASE64_STANDARD_NO_PAD.encode(secret),
        format!("{secret:?}"),
        code.to_owned(),
        code.replace('-', ""),
        NEW_PASSWORD.to_owned(),
    ]
}
