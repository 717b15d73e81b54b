//! Every wire format, as a frontend of it speaks.

use local_stack::api_gateway::{ApiRequest, ApiResponse};
use serde_json::{Value, json};

/// How one wire format asks for things.
#[derive(Clone, Copy)]
pub struct DialectClient {
    pub name: &'static str,
    /// The path on which a reset is asked for, and the status of the answer.
    pub request: (&'static str, u16),
    /// The status of a password that was changed.
    pub confirmed: u16,
    /// Whether it asks for the password twice.
    pub repeats_password: bool,
    verify: Option<fn(&str) -> ApiRequest>,
    confirm: fn(&Confirm<'_>) -> ApiRequest,
}

/// What a frontend knows when it sets a password.
#[derive(Clone, Copy)]
pub struct Confirm<'a> {
    pub email: &'a str,
    /// The token from the link.
    pub token: &'a str,
    pub password: &'a str,
    /// Its repetition.
    pub repeated: &'a str,
}

pub const DIALECTS: [DialectClient; 6] = [
    DialectClient {
        name: "native",
        request: ("/v1/request-reset", 202),
        confirmed: 200,
        repeats_password: true,
        verify: Some(|token| {
            ApiRequest::new("POST", "/v1/verify-token").json(&json!({ "token": token }))
        }),
        confirm: |it| {
            let body = json!({
                "token": it.token, "password": it.password, "confirm": it.repeated
            });
            ApiRequest::new("POST", "/v1/confirm-reset").json(&body)
        },
    },
    DialectClient {
        name: "parakeet",
        request: ("/auth/forgot-password", 200),
        confirmed: 200,
        repeats_password: true,
        verify: Some(|token| ApiRequest::new("GET", &format!("/auth/forgot-password/{token}"))),
        confirm: |it| {
            let path = format!("/auth/forgot-password/{}", it.token);
            let fields = [
                ("email", it.email),
                ("password", it.password),
                ("confirm", it.repeated),
            ];
            form(&path, &fields)
        },
    },
    DialectClient {
        name: "novel",
        request: ("/auth/forgot", 204),
        confirmed: 201,
        repeats_password: false,
        verify: None,
        confirm: |it| {
            let body = json!({
                "email": it.email, "password": it.password, "token": it.token
            });
            ApiRequest::new("POST", "/auth/reset").json(&body)
        },
    },
    DialectClient {
        name: "razi",
        request: ("/v1/authentication/users/password/reset-request/email", 200),
        confirmed: 200,
        repeats_password: false,
        verify: None,
        confirm: |it| {
            let body = json!({
                "email": it.email, "verificationCode": it.token, "newPassword": it.password
            });
            ApiRequest::new("PUT", "/v1/authentication/users/password")
                .header("X-App-Name", "")
                .json(&body)
        },
    },
    DialectClient {
        name: "backstack",
        request: ("/app/forgot-password", 200),
        confirmed: 200,
        repeats_password: true,
        verify: Some(|token| ApiRequest::new("GET", &format!("/app/reset-password/{token}"))),
        confirm: |it| {
            let body = json!({
                "token": it.token, "password": it.password, "confirm_password": it.repeated
            });
            ApiRequest::new("POST", "/app/reset-password").json(&body)
        },
    },
    DialectClient {
        name: "flowfuse",
        request: ("/account/forgot_password", 200),
        confirmed: 200,
        repeats_password: false,
        verify: None,
        confirm: |it| {
            let path = format!("/account/reset_password/{}", it.token);
            ApiRequest::new("POST", &path).json(&json!({ "password": it.password }))
        },
    },
];

impl DialectClient {
    #[must_use]
    pub fn request(&self, email: &str) -> ApiRequest {
        self.request_with(&json!({ "email": email }))
    }

    /// Asks for a reset with these fields.
    #[must_use]
    pub fn request_with(&self, fields: &Value) -> ApiRequest {
        let (path, _) = self.request;
        match (self.name, fields.as_object()) {
            ("parakeet", Some(object)) => {
                let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
                let fields: Vec<_> = object
                    .iter()
                    .map(|(name, value)| (name.as_str(), text(value)))
                    .collect();
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                form(path, &fields)
            }
            _ => ApiRequest::new("POST", path).json(fields),
        }
    }

    /// The status of an answer to text that is no address: one format answers any text alike.
    #[must_use]
    pub fn no_address(&self) -> u16 {
        match self.name {
            "flowfuse" => 200,
            _ => 400,
        }
    }

    /// Asks for a reset with a body that cannot be read.
    #[must_use]
    pub fn malformed_request(&self) -> ApiRequest {
        let (path, _) = self.request;
        match self.name {
            "parakeet" => form(path, &[("email", "a"), ("email", "b")]),
            _ => ApiRequest::new("POST", path)
                .header("content-type", "application/json")
                .body("{\"email\":"),
        }
    }

    /// Looks whether a link is alive, where the format knows that.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<ApiRequest> {
        self.verify.map(|verify| verify(token))
    }

    #[must_use]
    pub fn confirm(&self, email: &str, token: &str, password: &str) -> ApiRequest {
        (self.confirm)(&Confirm {
            email,
            token,
            password,
            repeated: password,
        })
    }

    /// Sets a password that was repeated differently.
    #[must_use]
    pub fn confirm_mismatch(&self, email: &str, token: &str) -> ApiRequest {
        (self.confirm)(&Confirm {
            email,
            token,
            password: "one lantern over the bay",
            repeated: "two lanterns over the bay",
        })
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
const FLEETING: [&str; 6] = [
    "apigw-requestid",
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "transfer-encoding",
];

/// An answer as a snapshot shows it, with `hidden` replaced by what it stands for.
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
