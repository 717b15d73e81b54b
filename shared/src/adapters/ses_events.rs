//! What SES publishes of mails that it took.

use std::collections::HashMap;

use serde::Deserialize;

use super::ses::mask_addresses;
use crate::domain::{EmailAddress, MailReference, MailReport, ReportedState};

/// Longest text of a server that is kept, in characters.
const MAX_REASON_CHARS: usize = 256;

/// An event as `EventBridge` brings it; of the many fields those that are looked at.
#[derive(Deserialize)]
struct Envelope {
    detail: SesEvent,
}

/// The same in SES's own words.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesEvent {
    event_type: String,
    mail: TakenMail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
    delivery_delay: Option<DeliveryDelay>,
    reject: Option<Reject>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TakenMail {
    message_id: String,
    #[serde(default)]
    destination: Vec<String>,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Bounce {
    #[serde(rename = "bounceType")]
    kind: String,
    #[serde(rename = "bounceSubType")]
    sub_kind: String,
    #[serde(rename = "bouncedRecipients", default)]
    recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    diagnostic_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complaint_feedback_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryDelay {
    delay_type: String,
}

#[derive(Deserialize)]
struct Reject {
    reason: String,
}

/// The report in an event of SES, and whom the mail went to. `None` for events of other kinds, and
/// of mails that carry no tags of ours.
///
/// # Errors
///
/// When the event is none of SES, in the parser's words.
pub fn report_from_event(
    event: serde_json::Value,
) -> Result<Option<(MailReport, Option<EmailAddress>)>, String> {
    let event: Envelope = serde_json::from_value(event).map_err(|error| error.to_string())?;
    let event = event.detail;
    let tags = &event.mail.tags;
    let tag = |name: &str| tags.get(name)?.first().map(String::as_str);
    let Some((state, reference)) = state(&event.event_type).zip(MailReference::from_tags(tag))
    else {
        return Ok(None);
    };
    let report = MailReport {
        reference,
        state,
        reason: event.reason().map(|reason| shown(&reason)),
        message_id: event.mail.message_id,
    };
    let recipient = event.mail.destination.first();
    let recipient = recipient.and_then(|address| EmailAddress::parse(address).ok());
    Ok(Some((report, recipient)))
}

fn state(event_type: &str) -> Option<ReportedState> {
    Some(match event_type {
        "Delivery" => ReportedState::Delivered,
        "DeliveryDelay" => ReportedState::Delayed,
        "Bounce" => ReportedState::Bounced,
        "Complaint" => ReportedState::Complained,
        "Reject" => ReportedState::Rejected,
        _ => return None,
    })
}

impl SesEvent {
    fn reason(&self) -> Option<String> {
        if let Some(bounce) = &self.bounce {
            let mut words = bounce.recipients.iter();
            let words = words.find_map(|it| it.diagnostic_code.as_deref());
            let kind = format!("{}/{}", bounce.kind, bounce.sub_kind);
            return Some(words.map_or(kind.clone(), |words| format!("{kind}: {words}")));
        }
        let complaint = self.complaint.as_ref();
        let delay = self.delivery_delay.as_ref();
        complaint
            .and_then(|it| it.complaint_feedback_type.clone())
            .or_else(|| delay.map(|it| it.delay_type.clone()))
            .or_else(|| self.reject.as_ref().map(|it| it.reason.clone()))
    }
}

/// A text of the recipient's server: without addresses, on one line, and cut.
fn shown(reason: &str) -> String {
    let masked = mask_addresses(reason);
    masked
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_REASON_CHARS)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{Locator, RequestId};

    /// In the form of "Contents of event data that Amazon SES publishes".
    fn event(kind: &str, more: &Value) -> Value {
        let reference = MailReference::Reset {
            locator: Locator::from_bytes([1; 16]),
            request: RequestId::new("r1="),
        };
        let mut tags = json!({ "ses:configuration-set": ["ConfigSet"] });
        for (name, value) in reference.tags() {
            tags[name] = json!([value]);
        }
        let mut event = json!({
            "version": "0",
            "source": "aws.ses",
            "detail-type": "Email event",
            "detail": {
                "eventType": kind,
                "mail": {
                    "timestamp": "2017-08-05T00:40:02.012Z",
                    "messageId": "m1",
                    "destination": ["recipient@example.com"],
                    "tags": tags,
                },
            },
        });
        for (name, value) in more.as_object().expect("an object") {
            event["detail"][name] = value.clone();
        }
        event
    }

    fn read(event: Value) -> Option<MailReport> {
        let read = report_from_event(event).expect("an event of SES");
        read.map(|(report, _)| report)
    }

    #[test]
    fn each_kind_of_event_is_read() {
        let bounce = json!({ "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{
                "emailAddress": "recipient@example.com",
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 <recipient@example.com>:\r\nuser unknown",
            }],
            "timestamp": "2017-08-05T00:41:02.669Z",
        }});
        let words = "Permanent/General: smtp; 550 5.1.1 [address] user unknown";
        let complaint = json!({ "complaint": { "complaintFeedbackType": "abuse" }});
        let delay = json!({ "deliveryDelay": { "delayType": "MailboxFull" }});
        let reject = json!({ "reject": { "reason": "Bad content" }});
        let delivery = json!({ "delivery": { "smtpResponse": "250 ok" }});
        for (kind, more, state, reason) in [
            ("Bounce", bounce, ReportedState::Bounced, Some(words)),
            (
                "Complaint",
                complaint,
                ReportedState::Complained,
                Some("abuse"),
            ),
            (
                "DeliveryDelay",
                delay,
                ReportedState::Delayed,
                Some("MailboxFull"),
            ),
            (
                "Reject",
                reject,
                ReportedState::Rejected,
                Some("Bad content"),
            ),
            ("Delivery", delivery, ReportedState::Delivered, None),
        ] {
            let report = read(event(kind, &more)).expect("a report");
            assert_eq!((report.state, report.reason.as_deref()), (state, reason));
            assert_eq!(report.message_id, "m1");
            assert_eq!(report.reference.job(), "r1=");
        }
    }

    #[test]
    fn other_kinds_are_passed_over_and_other_events_refused() {
        assert_eq!(read(event("Send", &json!({}))), None);
        assert!(report_from_event(json!({ "Records": [] })).is_err());
    }
}
