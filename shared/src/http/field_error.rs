use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};
use strum::IntoStaticStr;

use crate::domain::RESERVED;
use crate::i18n::Translator;

/// What a field may be blamed for; its text is the id of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[cfg_attr(test, derive(strum::VariantArray))]
#[strum(serialize_all = "kebab-case", prefix = "field-error-")]
pub(super) enum FieldErrorKind {
    /// It is missing or blank.
    Required,
    /// It is no string.
    NotText,
    /// No mail can be sent to it.
    NotAnAddress,
    /// The repetition is not the same as the password.
    Mismatch,
    /// The app does not let mailed links point there.
    LinkNotAllowed,
    /// It leads over http, where the app lets mailed links lead over https alone.
    LinkNotHttps,
    /// It stands beside a token, which is a proof by itself.
    BesideToken,
    /// No field of this name is known.
    UnknownField,
    /// It cannot name a confirmation.
    NotAKey,
    /// The button was not pressed that it stands for.
    NotPressed,
    /// The body is no JSON object, or a field is repeated.
    NotAnObject,
    /// The body is no form, or a field is repeated.
    NotAForm,
}

/// The header that names a confirmation.
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A field of a body or that header, and what it is blamed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldError {
    /// The name of the field; empty for the body as a whole.
    pub(super) field: String,
    /// The name by which messages know the field.
    known_as: String,
    pub(super) kind: FieldErrorKind,
}

impl FieldError {
    pub(super) fn new(field: &str, kind: FieldErrorKind) -> Self {
        Self::known_as(field, field, kind)
    }

    /// An error of a field that messages know by another name than the wire format.
    pub(super) fn known_as(field: &str, known_as: &str, kind: FieldErrorKind) -> Self {
        Self {
            field: field.to_owned(),
            known_as: known_as.to_owned(),
            kind,
        }
    }

    /// What is wrong, as a sentence that may be shown to people.
    pub(super) fn sentence(&self, texts: &Translator<'_>) -> String {
        let field = self.known_as.as_str();
        texts.format(self.kind.into(), [("field", field.into())])
    }

    /// Whether only the developer of the frontend can fix it.
    pub(super) fn is_for_developers(&self) -> bool {
        let kinds = [FieldErrorKind::NotText, FieldErrorKind::NotAKey];
        self.field.is_empty() || kinds.contains(&self.kind)
    }

    /// The error as problem details list it (RFC 9457, section 3).
    pub(super) fn details(&self, texts: &Translator<'_>) -> Value {
        json!({ "pointer": self.pointer(), "detail": self.sentence(texts) })
    }

    /// The field as a JSON pointer in a URI fragment (RFC 6901, section 6).
    fn pointer(&self) -> String {
        // A header is outside the body.
        if self.field.is_empty() || self.field == IDEMPOTENCY_KEY {
            return "#".to_owned();
        }
        let name = self.field.replace('~', "~0").replace('/', "~1");
        format!("#/{}", utf8_percent_encode(&name, RESERVED))
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;
    use crate::i18n::{Catalogue, Language};

    #[test]
    fn field_errors_and_messages_match() {
        let messages = include_str!("../../locales/en.ftl").lines();
        let mut messages: Vec<_> = messages
            .filter(|line| line.starts_with("field-error-"))
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect();
        let mut kinds: Vec<&str> = FieldErrorKind::VARIANTS.iter().map(Into::into).collect();
        messages.sort_unstable();
        kinds.sort_unstable();
        assert_eq!(messages, kinds);
    }

    #[test]
    fn pointers_are_escaped_for_json_and_for_the_fragment() {
        let pointer = |field| FieldError::new(field, FieldErrorKind::Required).pointer();
        assert_eq!(pointer(""), "#");
        assert_eq!(pointer("email"), "#/email");
        assert_eq!(pointer("a/b~c d\u{e9}"), "#/a~1b~0c%20d%C3%A9");
    }

    #[test]
    fn a_field_is_spoken_of_by_what_it_is_whatever_its_name() {
        let catalogue = Catalogue::default();
        let english = catalogue.texts(None, Language::ENGLISH);
        let required = FieldErrorKind::Required;
        for (known_as, sentence) in [
            ("email", "Enter your email address."),
            ("password", "Enter a password."),
            ("confirm", "Enter the password a second time."),
            ("code", "Enter the code."),
            ("token", "The link is missing."),
            ("anything", "This field is required."),
            ("", "This field is required."),
        ] {
            for error in [
                FieldError::new(known_as, required),
                FieldError::known_as("a_name", known_as, required),
            ] {
                assert_eq!(error.sentence(&english), sentence, "{error:?}");
            }
        }
    }
}
