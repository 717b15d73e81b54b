use std::time::Duration;

use serde_json::{Map, Value, json};
use strum::IntoStaticStr;

pub(super) use super::field_error::{FieldError, FieldErrorKind, IDEMPOTENCY_KEY};
use crate::domain::{AppId, PasswordPolicy, RejectionReason};
use crate::i18n::Translator;

/// Every way in which a request may fail, in no dialect yet.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(super) enum Problem {
    InvalidRequest(Vec<FieldError>),
    /// One for unknown, wrong, used, replaced and expired: the answer does not say which.
    InvalidToken,
    /// The same to a person who holds the link itself, who may know more.
    #[strum(serialize = "invalid-token")]
    DeadLink {
        app: AppId,
        reason: DeadLink,
    },
    PasswordRejected {
        reasons: Vec<RejectionReason>,
        policy: PasswordPolicy,
    },
    TooManyRequests {
        retry_after: u64,
    },
    UnknownApp,
    ResetDisabled,
    /// A form that another site's page sent.
    ForeignForm,
    NotFound,
    MethodNotAllowed {
        allowed: String,
    },
    PayloadTooLarge,
    UnsupportedMediaType,
    #[strum(serialize = "internal-error")]
    Internal,
    #[strum(serialize = "service-unavailable")]
    Unavailable,
}

#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub(super) enum DeadLink {
    Used,
    Expired { email: String },
}

/// Seconds after which asking again makes sense when a store is down.
const RETRY_WHEN_UNAVAILABLE: u64 = 5;

impl Problem {
    pub(super) fn body(kind: FieldErrorKind) -> Self {
        Self::field("", kind)
    }

    pub(super) fn field(field: &str, kind: FieldErrorKind) -> Self {
        Self::InvalidRequest(vec![FieldError::new(field, kind)])
    }

    pub(super) const fn status(&self) -> u16 {
        match self {
            Self::InvalidRequest(_)
            | Self::InvalidToken
            | Self::DeadLink { .. }
            | Self::UnknownApp => 400,
            Self::ResetDisabled | Self::ForeignForm => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed { .. } => 405,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::PasswordRejected { .. } => 422,
            Self::TooManyRequests { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// The app that it is about, where that need not be the one that the caller named.
    pub(super) const fn app(&self) -> Option<&AppId> {
        match self {
            Self::DeadLink { app, .. } => Some(app),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.into()
    }

    /// A sentence that may be shown to people.
    pub(super) fn title(&self, texts: &Translator<'_>) -> String {
        texts.text(&format!("problem-{}", self.name()))
    }

    /// All that there is to say, as sentences that may be shown to people.
    pub(super) fn sentences(&self, texts: &Translator<'_>) -> Vec<String> {
        match self {
            Self::InvalidRequest(errors) => {
                errors.iter().map(|error| error.sentence(texts)).collect()
            }
            Self::PasswordRejected { reasons, policy } => reasons
                .iter()
                .map(|reason| reason_message(*reason, policy, texts))
                .collect(),
            Self::TooManyRequests { retry_after } => {
                let minutes = Duration::from_mins(retry_after.div_ceil(60));
                let time = [("time", texts.duration(minutes).into())];
                vec![texts.format("page-too-many-requests", time)]
            }
            _ => vec![self.title(texts)],
        }
    }

    /// The same as one text.
    pub(super) fn explanation(&self, texts: &Translator<'_>) -> String {
        self.sentences(texts).join(" ")
    }

    /// Whether only the developer of the frontend can fix it.
    pub(super) fn is_for_developers(&self) -> bool {
        match self {
            Self::NotFound
            | Self::MethodNotAllowed { .. }
            | Self::UnsupportedMediaType
            | Self::UnknownApp => true,
            Self::InvalidRequest(errors) => errors.iter().any(FieldError::is_for_developers),
            _ => false,
        }
    }

    /// All that there is to say to people, who are not bothered with what they cannot fix.
    pub(super) fn message(&self, texts: &Translator<'_>) -> String {
        if self.is_for_developers() {
            return texts.text("problem-of-frontend");
        }
        self.explanation(texts)
    }

    /// What is wrong with each field that is named, as a sentence.
    pub(super) fn by_field(&self, texts: &Translator<'_>) -> Map<String, Value> {
        match self {
            Self::InvalidRequest(errors) => errors
                .iter()
                .filter(|error| !error.field.is_empty())
                .map(|error| (error.field.clone(), json!(error.sentence(texts))))
                .collect(),
            Self::PasswordRejected { .. } => {
                Map::from_iter([("password".to_owned(), json!(self.explanation(texts)))])
            }
            _ => Map::new(),
        }
    }

    /// Headers that the problem asks for whatever the dialect.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooManyRequests { retry_after } => vec![("retry-after", retry_after.to_string())],
            Self::Unavailable => vec![("retry-after", RETRY_WHEN_UNAVAILABLE.to_string())],
            Self::MethodNotAllowed { allowed } => vec![("allow", allowed.clone())],
            _ => Vec::new(),
        }
    }

    /// The problem details object of RFC 9457.
    pub(super) fn details(&self, texts: &Translator<'_>) -> Value {
        let mut details = json!({
            "type": format!("urn:problem-type:forgot-password:{}", self.name()),
            "title": self.title(texts),
            "status": self.status(),
        });
        match self {
            Self::InvalidRequest(errors) => {
                details["errors"] = errors.iter().map(|error| error.details(texts)).collect();
            }
            Self::PasswordRejected { reasons, policy } => {
                let reason = |it: &RejectionReason| json!({ "code": it.name(), "message": reason_message(*it, policy, texts) });
                details["reasons"] = reasons.iter().map(reason).collect();
                details["password_policy"] = json!(policy);
            }
            Self::DeadLink { reason, .. } => {
                details["reason"] = json!(<&str>::from(reason));
            }
            _ => {}
        }
        details
    }
}

/// What to do about a rejected password, as a sentence for the person.
fn reason_message(
    reason: RejectionReason,
    policy: &PasswordPolicy,
    texts: &Translator<'_>,
) -> String {
    let message = format!("password-{}", reason.name());
    let (min, max) = (policy.min_length, policy.max_length);
    // A bound that is not set is not mentioned.
    let max_bytes = policy.max_bytes.unwrap_or_default();
    match reason {
        RejectionReason::TooShort => texts.format(&message, [("min", min.into())]),
        RejectionReason::TooLong => texts.format(&message, [("max", max.into())]),
        RejectionReason::TooManyBytes => texts.format(&message, [("max", max_bytes.into())]),
        _ => texts.text(&message),
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;
    use crate::i18n::{Catalogue, Language};

    #[test]
    fn every_problem_and_every_reason_has_its_words_in_every_language() {
        let catalogue = Catalogue::default();
        let policy = PasswordPolicy::default();
        let problems = [
            Problem::InvalidRequest(Vec::new()),
            Problem::InvalidToken,
            Problem::DeadLink {
                app: AppId::new("main").expect("a good id"),
                reason: DeadLink::Used,
            },
            Problem::PasswordRejected {
                reasons: RejectionReason::VARIANTS.to_vec(),
                policy,
            },
            Problem::TooManyRequests { retry_after: 1 },
            Problem::UnknownApp,
            Problem::ResetDisabled,
            Problem::ForeignForm,
            Problem::NotFound,
            Problem::MethodNotAllowed {
                allowed: String::new(),
            },
            Problem::PayloadTooLarge,
            Problem::UnsupportedMediaType,
            Problem::Internal,
            Problem::Unavailable,
        ];
        for language in Language::all() {
            let texts = catalogue.texts(None, language);
            for problem in &problems {
                let title = problem.title(&texts);
                assert!(!title.starts_with("problem-"), "{title}");
                let said = problem.explanation(&texts);
                assert!(!said.contains("password-"), "{said}");
            }
        }
    }

    #[test]
    fn a_length_that_is_refused_is_told_with_its_bound() {
        let catalogue = Catalogue::default();
        let english = catalogue.texts(None, Language::ENGLISH);
        let rejected = Problem::PasswordRejected {
            reasons: vec![RejectionReason::TooShort, RejectionReason::TooLong],
            policy: PasswordPolicy::default(),
        };
        let said = rejected.sentences(&english);
        assert_eq!(
            said,
            ["Use at least 8 characters.", "Use at most 128 characters."]
        );
    }
}
