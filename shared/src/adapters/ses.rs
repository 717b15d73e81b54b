use std::error::Error as StdError;
use std::io;

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::types::{
    Body, Content, Destination, EmailContent, Message, MessageHeader, MessageTag,
};

use super::aws::{SesConnector, describe};
use crate::ports::{MailError, Mailer, OutgoingMail};

const CHARSET: &str = "UTF-8";

#[derive(Debug, Clone)]
pub struct SesMailer {
    connector: SesConnector,
    client: Client,
    configuration_set: Option<String>,
}

impl SesMailer {
    /// A mailer whose clients are of this connector.
    pub fn new(connector: SesConnector, configuration_set: Option<String>) -> Self {
        Self {
            client: connector.client(),
            connector,
            configuration_set,
        }
    }
}

impl Mailer for SesMailer {
    fn with_own_connections(&self) -> Self {
        Self::new(self.connector.clone(), self.configuration_set.clone())
    }

    async fn send(&self, mail: &OutgoingMail) -> Result<String, MailError> {
        let sent = self
            .client
            .send_email()
            .from_email_address(&mail.sender)
            .destination(Destination::builder().to_addresses(&mail.recipient).build())
            .set_reply_to_addresses(mail.reply_to.clone().map(|address| vec![address]))
            .set_configuration_set_name(self.configuration_set.clone())
            .set_email_tags(tags(mail)?)
            .content(EmailContent::builder().simple(message(mail)?).build())
            .send()
            .await;
        match sent {
            Ok(sent) => Ok(sent.message_id.unwrap_or_default()),
            Err(error) => Err(mail_error(&error, mail)),
        }
    }
}

fn message(mail: &OutgoingMail) -> Result<Message, MailError> {
    let body = Body::builder()
        .text(content(&mail.text)?)
        .html(content(&mail.html)?)
        .build();
    let message = Message::builder()
        .subject(content(&mail.subject)?)
        .body(body);
    let headers = [
        // Keeps out-of-office answers from coming back (RFC 3834, section 5).
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Language", mail.language.as_str()),
    ];
    // Mail programs show mails of one subject as one, unless this tells them apart.
    let id = mail.id.iter().map(|id| ("X-Entity-Ref-ID", id.as_str()));
    let headers: Result<Vec<_>, _> = headers
        .into_iter()
        .chain(id)
        .map(|(name, value)| MessageHeader::builder().name(name).value(value).build())
        .collect();
    Ok(message
        .set_headers(Some(headers.map_err(unbuildable)?))
        .build())
}

/// What SES hands back with each event of this mail, and shows to nobody else.
fn tags(mail: &OutgoingMail) -> Result<Option<Vec<MessageTag>>, MailError> {
    let tags = mail.reference.tags();
    let tags: Result<Vec<_>, _> = tags
        .into_iter()
        .map(|(name, value)| MessageTag::builder().name(name).value(value).build())
        .collect();
    let tags = tags.map_err(unbuildable)?;
    Ok((!tags.is_empty()).then_some(tags))
}

fn content(text: &str) -> Result<Content, MailError> {
    Content::builder()
        .data(text)
        .charset(CHARSET)
        .build()
        .map_err(unbuildable)
}

fn unbuildable(error: impl std::fmt::Display) -> MailError {
    MailError::NotAccepted(error.to_string())
}

fn mail_error(error: &SdkError<SendEmailError>, mail: &OutgoingMail) -> MailError {
    let text = mask_addresses(&describe(error));
    match error {
        // An internal error says nothing of how far SES had come. An error without a code is not
        // SES's own: some gateway gave up waiting for SES.
        SdkError::ServiceError(service)
            if service.err().code().is_some() && !service.raw().status().is_server_error() =>
        {
            refusal(service.err(), mail, text)
        }
        SdkError::ConstructionFailure(_) => MailError::NotAccepted(text),
        SdkError::DispatchFailure(_) if never_connected(error) => MailError::NotAccepted(text),
        // A timeout, a cut connection, an answer that cannot be read: it may have been taken.
        _ => MailError::Unknown(text),
    }
}

/// SES answered that it did not take the mail: for this recipient, for something in this mail, or
/// for a reason of the account or the sender, with which the next mail would fare no better.
fn refusal(error: &SendEmailError, mail: &OutgoingMail, text: String) -> MailError {
    let message = error.message().unwrap_or_default().to_ascii_lowercase();
    let says = |words: &str| message.contains(words);
    match error {
        SendEmailError::BadRequestException(_) if objects_to_recipient(&message) => {
            MailError::RecipientRejected(text)
        }
        SendEmailError::MessageRejected(_) if says("not verified") => {
            if is_unverified_recipient(&message, mail) {
                MailError::RecipientRejected(text)
            } else {
                MailError::NotAccepted(text)
            }
        }
        // The account is paused in these words too, not only by an error of that name.
        SendEmailError::MessageRejected(_) if says("paused") || says("suspended") => {
            MailError::NotAccepted(text)
        }
        SendEmailError::BadRequestException(_) | SendEmailError::MessageRejected(_) => {
            MailError::MailRefused(text)
        }
        _ => MailError::NotAccepted(text),
    }
}

/// Whether an account in the SES sandbox may not mail this recipient. SES has the same words for
/// an unverified sender; only the addresses that it lists tell the two apart.
fn is_unverified_recipient(message: &str, mail: &OutgoingMail) -> bool {
    let recipient = mail.recipient.to_ascii_lowercase();
    let sender = mail.sender.to_ascii_lowercase();
    let sender = sender.trim_end_matches('>');
    let sender = sender.rsplit('<').next().unwrap_or(sender);
    let sender_domain = sender.rsplit('@').next().unwrap_or(sender);
    let listed = |identity: &str| {
        message
            .split(|c: char| c.is_whitespace() || ",<>".contains(c))
            .any(|word| word == identity)
    };
    listed(&recipient) && !listed(sender) && !listed(sender_domain)
}

/// Whether the words of a bad request speak of the recipient's address. SES has no code for it.
fn objects_to_recipient(message: &str) -> bool {
    [
        "illegal address",
        "invalid domain name",
        "local address contains",
        "domain contains",
        "address length is more than",
        "recipient",
    ]
    .iter()
    .any(|words| message.contains(words))
}

/// Whether the connection was refused, so that nothing can have arrived.
fn never_connected(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return matches!(
                error.kind(),
                io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::HostUnreachable
                    | io::ErrorKind::NetworkUnreachable
            );
        }
        cause = error.source();
    }
    false
}

/// SES names addresses in its messages, and these end in logs.
pub(super) fn mask_addresses(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        if word.contains('@') {
            "[address]"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use aws_sdk_sesv2::error::ErrorMetadata;
    use aws_sdk_sesv2::types::error::{
        BadRequestException, MessageRejected, SendingPausedException, TooManyRequestsException,
    };

    use super::*;
    use crate::domain::{MailReference, NoticeId};

    /// The metadata that the SDK gives an answer with this message.
    fn saying(message: &str) -> ErrorMetadata {
        ErrorMetadata::builder().message(message).build()
    }

    fn bad_request(message: &str) -> SendEmailError {
        let error = BadRequestException::builder().meta(saying(message)).build();
        SendEmailError::BadRequestException(error)
    }

    fn rejected(message: &str) -> SendEmailError {
        let error = MessageRejected::builder().meta(saying(message)).build();
        SendEmailError::MessageRejected(error)
    }

    fn mail() -> OutgoingMail {
        OutgoingMail {
            sender: "Example <no-reply@example.com>".into(),
            recipient: "Demo@example.org".into(),
            reply_to: None,
            language: "en".into(),
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            reference: MailReference::Changed(NoticeId::from_random([0; 16])),
            id: None,
        }
    }

    fn refused(error: &SendEmailError) -> MailError {
        refusal(error, &mail(), String::new())
    }

    #[test]
    fn in_the_sandbox_a_recipient_is_told_from_a_sender() {
        let is_final = |identities: &str| {
            let region = "The following identities failed the check in region EU-WEST-1";
            let message = format!("Email address is not verified. {region}: {identities}");
            matches!(
                refused(&rejected(&message)),
                MailError::RecipientRejected(_)
            )
        };
        assert!(is_final("demo@example.org"));
        assert!(!is_final("no-reply@example.com"));
        assert!(!is_final(
            "Example <no-reply@example.com>, demo@example.org"
        ));
        assert!(!is_final("example.com"));
    }

    #[test]
    fn an_objection_to_the_recipient_is_final() {
        let refused = refused(&bad_request("Illegal address"));
        assert!(matches!(refused, MailError::RecipientRejected(_)));
    }

    #[test]
    fn an_objection_to_the_mail_itself_is_given_up_after_some_tries() {
        for error in [bad_request("Something new"), rejected("Invalid content")] {
            assert!(
                matches!(refused(&error), MailError::MailRefused(_)),
                "{error:?}"
            );
        }
    }

    #[test]
    fn addresses_in_messages_are_masked() {
        let text = "rejected: demo@example.com, <x@y.example>  is not verified";
        let masked = mask_addresses(text);
        assert_eq!(masked, "rejected: [address] [address] is not verified");
    }

    #[test]
    fn matters_of_the_account_are_tried_again() {
        let sandbox = "Email address is not verified. The following identities failed the check";
        for error in [
            SendEmailError::TooManyRequestsException(TooManyRequestsException::builder().build()),
            SendEmailError::SendingPausedException(SendingPausedException::builder().build()),
            rejected(sandbox),
            rejected("Sending paused for this account. For more information, see the console."),
        ] {
            assert!(
                matches!(refused(&error), MailError::NotAccepted(_)),
                "{error:?}"
            );
        }
    }
}
