use percent_encoding::percent_decode;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::http_request::HttpRequest;
use super::problem::{FieldError, FieldErrorKind, Problem};
use crate::json::UniqueJson;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
/// Largest body, in bytes: a password of the longest kind, every character escaped, and room.
const MAX_BODY_BYTES: usize = 16 * 1024;
/// Most unknown fields that are named in an answer.
const MAX_UNKNOWN_NAMED: usize = 10;
/// Most characters of an unknown field's name that are repeated.
const MAX_NAME_CHARS: usize = 64;

/// The fields of a JSON object, and what is wrong with them.
///
/// Fields are taken one by one; what is left in the end is unknown, and an error too, so that a
/// misspelt field is never silently ignored. Null counts as absent: many clients send it for what they
/// leave out.
#[derive(Default)]
pub(super) struct BodyFields {
    fields: Map<String, Value>,
    /// Names of fields, and those by which messages know them.
    known_as: Vec<(&'static str, &'static str)>,
    errors: Vec<FieldError>,
}

impl BodyFields {
    pub(super) fn read(http_request: &HttpRequest) -> Result<Self, Problem> {
        let body = body(http_request, JSON)?;
        let Ok(UniqueJson(Value::Object(fields))) = serde_json::from_slice(body) else {
            return Err(Problem::body(FieldErrorKind::NotAnObject));
        };
        Ok(Self {
            fields,
            ..Self::default()
        })
    }

    /// Reads the body of a form post (`application/x-www-form-urlencoded`).
    pub(super) fn read_form(http_request: &HttpRequest) -> Result<Self, Problem> {
        if !http_request.is_from_own_page {
            return Err(Problem::ForeignForm);
        }
        let body = body(http_request, FORM)?;
        if percent_decode(body).decode_utf8().is_err() {
            return Err(Problem::body(FieldErrorKind::NotAForm));
        }
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let value = Value::String(value.into_owned());
            if form.fields.insert(name.into_owned(), value).is_some() {
                return Err(Problem::body(FieldErrorKind::NotAForm));
            }
        }
        Ok(form)
    }

    /// Says what a field is to people that this wire format calls `name`: `email`, `token`, `code`,
    /// `password` or `confirm`.
    pub(super) fn known_as(mut self, name: &'static str, known_as: &'static str) -> Self {
        self.known_as.push((name, known_as));
        self
    }

    /// Takes a string that must be there and must not be blank.
    pub(super) fn required(&mut self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        if text.trim().is_empty() {
            return self.refuse(name, FieldErrorKind::Required);
        }
        Some(text)
    }

    /// Takes a string that must be there.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let Some(value) = self.take(name) else {
            return self.refuse(name, FieldErrorKind::Required);
        };
        match value {
            Value::String(text) => Some(text),
            _ => self.refuse(name, FieldErrorKind::NotText),
        }
    }

    /// Takes a string that may be missing.
    pub(super) fn optional(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => self.refuse(name, FieldErrorKind::NotText),
        }
    }

    pub(super) fn has(&mut self, name: &str) -> bool {
        let value = self.take(name);
        let has = value.is_some();
        self.fields
            .extend(value.map(|value| (name.to_owned(), value)));
        has
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// Records what is wrong with a field.
    pub(super) fn refuse<T>(&mut self, name: &str, kind: FieldErrorKind) -> Option<T> {
        let known_as = self.known_as.iter().find(|(its, _)| *its == name);
        let known_as = known_as.map_or(name, |(_, known_as)| known_as);
        self.errors.push(FieldError::known_as(name, known_as, kind));
        None
    }

    /// What was read, if nothing is wrong. What is left over is ignored: the frontends of other
    /// systems may send more than this service needs.
    pub(super) fn finish_lenient<T>(mut self, read: Option<T>) -> Result<T, Problem> {
        self.fields.clear();
        self.finish(read)
    }

    /// What was read, if nothing is wrong and nothing is left over.
    pub(super) fn finish<T>(mut self, read: Option<T>) -> Result<T, Problem> {
        let unknown = self.fields.keys().take(MAX_UNKNOWN_NAMED).map(|name| {
            let name: String = name.chars().take(MAX_NAME_CHARS).collect();
            FieldError::new(&name, FieldErrorKind::UnknownField)
        });
        self.errors.extend(unknown);
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(Problem::InvalidRequest(self.errors)),
        }
    }
}

/// The body of this type, behind its byte order mark, if it has one.
fn body<'a>(http_request: &'a HttpRequest, media_type: &str) -> Result<&'a [u8], Problem> {
    if !is_media_type(http_request.content_type.as_deref(), media_type) {
        return Err(Problem::UnsupportedMediaType);
    }
    let body = &http_request.body;
    if body.len() > MAX_BODY_BYTES {
        return Err(Problem::PayloadTooLarge);
    }
    Ok(body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body))
}

/// Whether a content type is this one, in UTF-8: media types are compared without case (RFC 9110,
/// section 8.3.1), and JSON has no other charset (RFC 8259, section 8.1).
fn is_media_type(content_type: Option<&str>, expected: &str) -> bool {
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    let fits = parts
        .next()
        .is_some_and(|media_type| media_type.eq_ignore_ascii_case(expected));
    fits && parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
            let charset = value.trim().trim_matches(['"', '\'']);
            charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use proptest::prelude::*;

    use super::*;
    use crate::domain::RequestId;

    fn http_request(content_type: Option<&str>, body: &[u8]) -> HttpRequest {
        HttpRequest {
            method: "POST".into(),
            path: "/".into(),
            source: IpAddr::V4(Ipv4Addr::LOCALHOST),
            id: RequestId::new("r1"),
            content_type: content_type.map(str::to_owned),
            app_header: None,
            accept_language: None,
            idempotency_key: None,
            app_query: None,
            path_token: None,
            user_agent: String::new(),
            is_from_own_page: true,
            body: body.to_vec(),
        }
    }

    fn read(body: &[u8]) -> Result<BodyFields, Problem> {
        BodyFields::read(&http_request(Some("application/json"), body))
    }

    #[test]
    fn json_is_recognised_in_any_case_and_only_in_utf_8() {
        for good in [
            "application/json",
            "Application/JSON",
            "application/json; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
            "application/json; charset=utf8",
            "application/json; charset='UTF8'",
            "application/json; profile=x",
        ] {
            assert!(is_media_type(Some(good), JSON), "{good}");
        }
        for bad in [
            None,
            Some(""),
            Some("text/plain"),
            Some("application/json; charset=latin1"),
            Some("application/jsonp"),
            Some("multipart/form-data"),
        ] {
            assert!(!is_media_type(bad, JSON), "{bad:?}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused_as_a_whole() {
        for body in [
            "",
            " ",
            "null",
            "[]",
            "\"x\"",
            "{",
            "{\"a\":1}}",
            "{\"a\":1,\"a\":1}",
            "{'a':1}",
        ] {
            assert!(
                matches!(read(body.as_bytes()), Err(Problem::InvalidRequest(_))),
                "{body}"
            );
        }
        assert!(read(b"{\"a\":\"\xff\"}").is_err());
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
        assert!(read(deep.as_bytes()).is_err());
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert!(read("\u{feff}{}".as_bytes()).is_ok());
        assert!(read("\u{feff}\u{feff}{}".as_bytes()).is_err());
        let form = |body: &[u8]| BodyFields::read_form(&http_request(Some(FORM), body));
        let mut fields = form("\u{feff}a=b".as_bytes()).expect("a form");
        assert_eq!(fields.required("a").as_deref(), Some("b"));
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_refused_in_forms_too() {
        let form = |body: &[u8]| BodyFields::read_form(&http_request(Some(FORM), body)).is_ok();
        assert!(form(b"password=%C3%A4&confirm=%c3%a4") && form(b"a=%zz&b=%"));
        for bad in [&b"password=%E4"[..], b"%ff=1", b"a=\xe4", b"a=%c3&b=%a4"] {
            assert!(!form(bad), "{bad:?}");
        }
    }

    #[test]
    fn size_is_bounded() {
        let body = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
        assert!(read(body(MAX_BODY_BYTES).as_bytes()).is_ok());
        let problem = read(body(MAX_BODY_BYTES + 1).as_bytes()).err();
        assert_eq!(problem, Some(Problem::PayloadTooLarge));
    }

    #[test]
    fn null_counts_as_absent_and_an_unknown_field_stays_unknown() {
        let mut fields = read(br#"{"a":null,"b":null,"c":null,"d":null}"#).expect("an object");
        assert_eq!(fields.optional("a"), None);
        assert!(!fields.has("b"));
        assert_eq!(fields.required("c"), None);
        let problem = fields.finish(Some(())).err();
        let errors = vec![
            FieldError::new("c", FieldErrorKind::Required),
            FieldError::new("d", FieldErrorKind::UnknownField),
        ];
        assert_eq!(problem, Some(Problem::InvalidRequest(errors)));
    }

    proptest! {
        #[test]
        fn no_body_makes_reading_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&body);
        }
    }
}
