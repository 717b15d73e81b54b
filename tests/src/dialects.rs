//! Every wire format, as a frontend of it speaks.
//!
//! Each tag of the document is one. What its operations do is told by the end of their `operationId`:
//! `RequestReset`, `VerifyToken` (which it may lack) and `ConfirmReset`. What their fields hold is told
//! by the schemas that they refer to, whatever their names: `EmailAddress`, `NewPassword` and those that
//! end with `Confirmation`; any other field of a confirmation is the link's token.

use std::sync::LazyLock;

use local_stack::api_gateway::{ApiRequest, ApiResponse};
use serde_json::{Value, json};

use crate::openapi::{Document, Field, Operation};

/// How one wire format asks for things, as the document of the API says.
pub struct DialectClient {
    pub name: &'static str,
    /// The path on which a reset is asked for, and the status of the answer.
    pub request: (&'static str, u16),
    /// The name of the address in that request.
    pub address: &'static str,
    /// The status of an answer to text that is no address: one format answers any text alike.
    pub no_address: u16,
    /// The status of a password that was changed.
    pub confirmed: u16,
    /// Whether it asks for the password twice.
    pub repeats_password: bool,
    sends_forms: bool,
    verify: Option<Operation>,
    confirm: Operation,
}

/// Every wire format.
#[must_use]
pub fn dialects() -> &'static [DialectClient] {
    static DIALECTS: LazyLock<Vec<DialectClient>> = LazyLock::new(|| {
        let document = Document::load();
        let tags = document.tags().into_iter();
        tags.map(|tag| DialectClient::new(&document, &tag))
            .collect()
    });
    &DIALECTS
}

impl DialectClient {
    fn new(document: &Document, tag: &str) -> Self {
        let mut operations = document.operations_of(tag);
        let mut take = |end: &str| {
            let at = operations.iter().position(|it| it.id.ends_with(end));
            at.map(|at| operations.remove(at))
        };
        let request = take("equestReset").expect("a request");
        let confirm = take("onfirmReset").expect("a confirmation");
        let mut fields = request.fields.iter();
        let address = fields.find(|it| it.is_address()).expect("an address");
        Self {
            name: tag.to_lowercase().leak(),
            address: address.name.clone().leak(),
            no_address: if address.kind == "EmailAddress" {
                400
            } else {
                request.success
            },
            request: (request.path.leak(), request.success),
            confirmed: confirm.success,
            repeats_password: confirm.fields.iter().any(Field::is_repetition),
            sends_forms: request.is_form,
            verify: take("erifyToken").or_else(|| take("ResetPage")),
            confirm,
        }
    }

    #[must_use]
    pub fn request(&self, email: &str) -> ApiRequest {
        self.request_with(&json!({ self.address: email }))
    }

    /// Asks for a reset with these fields.
    #[must_use]
    pub fn request_with(&self, fields: &Value) -> ApiRequest {
        self.send("POST", self.request.0, fields)
    }

    /// Asks for a reset with a body that cannot be read.
    #[must_use]
    pub fn malformed_request(&self) -> ApiRequest {
        let (path, _) = self.request;
        if self.sends_forms {
            return form(path, &[("email", "a"), ("email", "b")]);
        }
        ApiRequest::new("POST", path)
            .header("content-type", "application/json")
            .body("{\"email\":")
    }

    /// Looks whether a link is alive, where the format knows that.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<ApiRequest> {
        let Operation { method, path, .. } = self.verify.as_ref()?;
        let path = path.replace("{token}", token);
        Some(match method.as_str() {
            "GET" => ApiRequest::new(method, &path),
            _ => self.send(method, &path, &json!({ "token": token })),
        })
    }

    #[must_use]
    pub fn confirm(&self, email: &str, token: &str, password: &str) -> ApiRequest {
        self.confirm_twice(email, token, [password; 2])
    }

    /// Sets a password that was repeated differently.
    #[must_use]
    pub fn confirm_mismatch(&self, email: &str, token: &str) -> ApiRequest {
        let passwords = ["one lantern over the bay", "two lanterns over the bay"];
        self.confirm_twice(email, token, passwords)
    }

    fn confirm_twice(&self, email: &str, token: &str, passwords: [&str; 2]) -> ApiRequest {
        let Operation {
            method,
            path,
            fields,
            ..
        } = &self.confirm;
        let value = |field: &Field| match field.name.as_str() {
            _ if field.is_address() => email,
            _ if field.is_repetition() => passwords[1],
            _ if field.kind == "NewPassword" => passwords[0],
            _ => token,
        };
        let known = fields.iter().filter(|it| it.kind != "IdempotencyKey");
        let body = known
            .map(|it| (it.name.clone(), json!(value(it))))
            .collect();
        self.send(
            method,
            &path.replace("{token}", token),
            &Value::Object(body),
        )
    }

    fn send(&self, method: &str, path: &str, fields: &Value) -> ApiRequest {
        if !self.sends_forms {
            return ApiRequest::new(method, path).json(fields);
        }
        let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
        let fields = fields.as_object().into_iter().flatten();
        let fields: Vec<_> = fields
            .map(|(name, value)| (name.as_str(), text(value)))
            .collect();
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        form(path, &fields)
    }
}

#[must_use]
pub fn form(path: &str, fields: &[(&str, &str)]) -> ApiRequest {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    ApiRequest::new("POST", path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

/// Headers that name this very answer, or that HTTP itself puts on.
const FLEETING: [&str; 7] = [
    "apigw-requestid",
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "transfer-encoding",
    "x-amzn-trace-id",
];

/// An answer without what names it, and with `hidden` replaced by what it stands for.
#[must_use]
pub fn shown(answer: &ApiResponse, hidden: &[(&str, &str)]) -> String {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !FLEETING.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort();
    let body = match answer.json() {
        Ok(body) => format!("{body:#}"),
        Err(_) => String::from_utf8_lossy(&answer.body).into_owned(),
    };
    let mut text = format!("{}\n{}\n\n{body}", answer.status, headers.join("\n"));
    for (secret, name) in hidden {
        text = text.replace(secret, name);
    }
    text.trim_end().to_owned()
}
