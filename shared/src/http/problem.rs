use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::domain::{PasswordPolicy, RejectionReason};

/// What a field of a body is blamed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldError {
    /// The name of the field; empty for the body as a whole.
    pub(super) field: String,
    /// What is wrong with it, as a sentence without a full stop.
    pub(super) detail: String,
}

impl FieldError {
    pub(super) fn new(field: &str, detail: &str) -> Self {
        Self {
            field: field.to_owned(),
            detail: detail.to_owned(),
        }
    }

    /// What is wrong, as a sentence that may be shown to people.
    pub(super) fn sentence(&self) -> String {
        let subject = match self.field.as_str() {
            "" => "The request",
            "email" => "The email address",
            "password" | "newPassword" => "The password",
            "confirm" | "confirm_password" => "The confirmation",
            "token" => "The link",
            "code" | "verificationCode" => "The code",
            other => other,
        };
        format!("{subject} {}.", self.detail)
    }

    /// The field as a JSON pointer in a URI fragment (RFC 6901, section 6).
    fn pointer(&self) -> String {
        if self.field.is_empty() {
            return "#".to_owned();
        }
        let mut pointer = String::from("#/");
        for byte in self.field.bytes() {
            match byte {
                b'~' => pointer.push_str("~0"),
                b'/' => pointer.push_str("~1"),
                b if b.is_ascii_alphanumeric() || b"-._".contains(&b) => {
                    pointer.push(char::from(b));
                }
                b => {
                    let _ = write!(pointer, "%{b:02X}");
                }
            }
        }
        pointer
    }
}

/// Every way in which a request may fail, in no dialect yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    InvalidRequest(Vec<FieldError>),
    /// One for unknown, wrong, used, replaced and expired: nobody is told which.
    InvalidToken,
    PasswordRejected {
        reasons: Vec<RejectionReason>,
        policy: PasswordPolicy,
    },
    TooManyRequests {
        retry_after: u64,
    },
    UnknownApp,
    ResetDisabled,
    NotFound,
    MethodNotAllowed {
        allowed: String,
    },
    PayloadTooLarge,
    UnsupportedMediaType,
    Internal,
    Unavailable,
}

/// Seconds after which asking again makes sense when a store is down.
const RETRY_WHEN_UNAVAILABLE: u64 = 5;

impl Problem {
    /// The body as a whole is not acceptable.
    pub(super) fn body(detail: &str) -> Self {
        Self::InvalidRequest(vec![FieldError::new("", detail)])
    }

    /// One field is not acceptable.
    pub(super) fn field(field: &str, detail: &str) -> Self {
        Self::InvalidRequest(vec![FieldError::new(field, detail)])
    }

    pub(super) const fn status(&self) -> u16 {
        match self {
            Self::InvalidRequest(_) | Self::InvalidToken | Self::UnknownApp => 400,
            Self::ResetDisabled => 403,
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

    /// The stable name of the problem.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid-request",
            Self::InvalidToken => "invalid-token",
            Self::PasswordRejected { .. } => "password-rejected",
            Self::TooManyRequests { .. } => "too-many-requests",
            Self::UnknownApp => "unknown-app",
            Self::ResetDisabled => "reset-disabled",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed { .. } => "method-not-allowed",
            Self::PayloadTooLarge => "payload-too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::Internal => "internal-error",
            Self::Unavailable => "service-unavailable",
        }
    }

    /// A sentence that may be shown to people.
    pub(super) const fn title(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "The request is not valid.",
            Self::InvalidToken => "This link or code is not valid, or no longer valid.",
            Self::PasswordRejected { .. } => "This password is not accepted.",
            Self::TooManyRequests { .. } => "Too many requests. Please try again later.",
            Self::UnknownApp => "There is no such app.",
            Self::ResetDisabled => "Resetting passwords is switched off.",
            Self::NotFound => "There is nothing here.",
            Self::MethodNotAllowed { .. } => "This method is not allowed here.",
            Self::PayloadTooLarge => "The request is too large.",
            Self::UnsupportedMediaType => {
                "The content type of the request is not one that is read here."
            }
            Self::Internal => "Something went wrong on our side.",
            Self::Unavailable => "The service is not available. Please try again in a moment.",
        }
    }

    /// All that there is to say, as sentences that may be shown to people.
    pub(super) fn sentences(&self) -> Vec<String> {
        match self {
            Self::InvalidRequest(errors) => errors.iter().map(FieldError::sentence).collect(),
            Self::PasswordRejected { reasons, policy } => reasons
                .iter()
                .map(|reason| reason_message(*reason, policy))
                .collect(),
            _ => vec![self.title().to_owned()],
        }
    }

    /// The same as one text.
    pub(super) fn explanation(&self) -> String {
        self.sentences().join(" ")
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
    pub(super) fn details(&self) -> Value {
        let mut details = json!({
            "type": format!("urn:problem-type:forgot-password:{}", self.name()),
            "title": self.title(),
            "status": self.status(),
        });
        match self {
            Self::InvalidRequest(errors) => details["errors"] = errors.iter().map(error).collect(),
            Self::PasswordRejected { reasons, policy } => {
                details["reasons"] = reasons.iter().map(|it| reason(*it, policy)).collect();
                details["password_policy"] = json!(policy);
            }
            _ => {}
        }
        details
    }
}

fn error(error: &FieldError) -> Value {
    json!({ "pointer": error.pointer(), "detail": error.detail })
}

fn reason(reason: RejectionReason, policy: &PasswordPolicy) -> Value {
    json!({ "code": reason, "message": reason_message(reason, policy) })
}

/// What to do about a rejected password, as a sentence for the person.
pub(super) fn reason_message(reason: RejectionReason, policy: &PasswordPolicy) -> String {
    match reason {
        RejectionReason::TooShort => format!("Use at least {} characters.", policy.min_length),
        RejectionReason::TooLong => format!("Use at most {} characters.", policy.max_length),
        RejectionReason::ContainsAddress => "Do not use your email address in it.".to_owned(),
        RejectionReason::ContainsName => "Do not use your name in it.".to_owned(),
        RejectionReason::ContainsAppName => "Do not use the name of this service in it.".to_owned(),
        RejectionReason::TooWeak => {
            "It is too easy to guess. Add another word or two; unusual ones are best.".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_escaped_for_json_and_for_the_fragment() {
        let pointer = |field| FieldError::new(field, "").pointer();
        assert_eq!(pointer(""), "#");
        assert_eq!(pointer("email"), "#/email");
        assert_eq!(pointer("a/b~c d\u{e9}"), "#/a~1b~0c%20d%C3%A9");
    }

    #[test]
    fn details_carry_type_title_and_status() {
        let details = Problem::InvalidToken.details();
        assert_eq!(
            details["type"],
            "urn:problem-type:forgot-password:invalid-token"
        );
        assert_eq!(details["status"], 400);
        assert_eq!(details.as_object().map(serde_json::Map::len), Some(3));
    }

    #[test]
    fn whoever_is_to_come_back_later_is_told_when() {
        let limited = Problem::TooManyRequests { retry_after: 7 };
        assert_eq!(limited.headers(), [("retry-after", "7".to_owned())]);
        assert_eq!(
            Problem::Unavailable.headers(),
            [("retry-after", "5".to_owned())]
        );
    }
}
