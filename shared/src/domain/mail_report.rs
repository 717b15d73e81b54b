use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use serde::Serialize;

use super::{DeliveryState, Locator, MailKind, NoticeId, RequestId};

/// Longest value of a tag that SES takes, in characters.
const MAX_TAG_CHARS: usize = 256;
/// Names of the tags. A recipient never sees them.
const LOCATOR: &str = "locator";
const REQUEST: &str = "request";
const NOTICE: &str = "notice";

/// Which item a mail belongs to, so that later reports can be recorded there.
///
/// It travels as tags of the mail, which SES hands back with each of its events. It holds no address
/// and no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailReference {
    /// The answer to a request.
    Reset {
        locator: Locator,
        request: RequestId,
    },
    Changed(NoticeId),
}

/// What tells a mail from every other one: 32 hexadecimal digits, drawn for it alone.
///
/// Mail programs thread mails of one subject, and people type the code of the first. It says nothing of
/// the link or the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailId(String);

impl MailId {
    pub const BYTES: usize = 16;

    pub fn from_random(bytes: [u8; Self::BYTES]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl MailReference {
    /// The tags, of letters, digits, `-` and `_` alone; none when they would be too long for SES, so
    /// that a mail never fails for them.
    pub fn tags(&self) -> Vec<(&'static str, String)> {
        let tags = match self {
            Self::Reset { locator, request } => vec![
                (LOCATOR, locator.encoded()),
                (
                    REQUEST,
                    BASE64_URL_SAFE_NO_PAD.encode(request.as_str().as_bytes()),
                ),
            ],
            Self::Changed(id) => vec![(NOTICE, id.as_str().to_owned())],
        };
        let fit = tags.iter().all(|(_, value)| value.len() <= MAX_TAG_CHARS);
        if fit { tags } else { Vec::new() }
    }

    /// The reference that these tags were made of, if they were made of one.
    pub fn from_tags<'a>(tag: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        if let Some(id) = tag(NOTICE) {
            return Some(Self::Changed(NoticeId::from_stored(id.to_owned())));
        }
        let request = BASE64_URL_SAFE_NO_PAD.decode(tag(REQUEST)?).ok()?;
        Some(Self::Reset {
            locator: Locator::decode(tag(LOCATOR)?)?,
            request: RequestId::new(&String::from_utf8(request).ok()?),
        })
    }

    /// Which mail it is, as logs say it.
    pub const fn mail(&self) -> MailKind {
        match self {
            Self::Reset { .. } => MailKind::Reset,
            Self::Changed(_) => MailKind::Changed,
        }
    }

    /// The job that sent it, as logs name it.
    pub fn job(&self) -> &str {
        match self {
            Self::Reset { request, .. } => request.as_str(),
            Self::Changed(id) => id.as_str(),
        }
    }
}

/// What became of a mail after SES took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReportedState {
    Delivered,
    Delayed,
    Bounced,
    Complained,
    Rejected,
}

impl From<ReportedState> for DeliveryState {
    fn from(state: ReportedState) -> Self {
        match state {
            ReportedState::Delivered => Self::Delivered,
            ReportedState::Delayed => Self::Delayed,
            ReportedState::Bounced => Self::Bounced,
            ReportedState::Complained => Self::Complained,
            ReportedState::Rejected => Self::Rejected,
        }
    }
}

/// What the mail service says of a mail that it had taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailReport {
    pub reference: MailReference,
    /// The id that the mail service gave it.
    pub message_id: String,
    pub state: ReportedState,
    /// Why, without addresses; `None` where there is no more to say.
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(reference: &MailReference) -> Option<MailReference> {
        let tags = reference.tags();
        MailReference::from_tags(|name| {
            let tag = tags.iter().find(|(key, _)| *key == name);
            tag.map(|(_, value)| value.as_str())
        })
    }

    #[test]
    fn a_reference_survives_as_tags_that_ses_takes() {
        let locator = Locator::from_bytes([250; 16]);
        let request = RequestId::new("JKJaXmPLvHcESHA=/+\u{fc}");
        let reset = MailReference::Reset { locator, request };
        let changed = MailReference::Changed(NoticeId::from_random([7; 16]));
        for reference in [reset, changed] {
            assert_eq!(round_trip(&reference).as_ref(), Some(&reference));
            let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            assert!(reference.tags().iter().all(|(_, it)| it.chars().all(good)));
        }
    }

    #[test]
    fn a_request_id_that_does_not_fit_costs_the_tags_and_not_the_mail() {
        let reference = MailReference::Reset {
            locator: Locator::from_bytes([0; 16]),
            request: RequestId::new(&"\u{1f511}".repeat(128)),
        };
        assert!(reference.tags().is_empty());
    }

    #[test]
    fn tags_of_somebody_else_are_none() {
        assert_eq!(MailReference::from_tags(|_| None), None);
        assert_eq!(
            MailReference::from_tags(|_| Some("%")).map(|it| it.mail()),
            Some(MailKind::Changed)
        );
        let odd = |name: &str| (name != NOTICE).then_some("%");
        assert_eq!(MailReference::from_tags(odd), None);
    }
}
