use lambda_http::{Body, Response};
use serde_json::{Value, json};

use super::Dialect;
use super::fields::{read_email, read_password_twice};
use crate::domain::{Fact, NewPassword, User, WireFormat};
use crate::http::body::Fields;
use crate::http::exchange::Exchange;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::operation::Operation;
use crate::http::problem::Problem;
use crate::http::response;
use crate::http::views::{AcceptedView, ConfirmedView, VerifiedView};
use crate::use_cases::Proof;

/// Backstack: a pre-flight for the token, the user for an answer, and an error object of its own.
pub(in crate::http) struct Backstack;

pub(in crate::http) const BACKSTACK: Backstack = Backstack;

impl Dialect for Backstack {
    fn format(&self) -> WireFormat {
        WireFormat::Backstack
    }

    fn read_request(&self, exchange: &Exchange<'_>) -> Result<RequestForm, Problem> {
        let mut fields = Fields::read(exchange.incoming)?;
        let email = read_email(&mut fields);
        fields.finish_lenient(email.map(RequestForm::plain))
    }

    fn accepted(&self, _: &Exchange<'_>, _: &AcceptedView<'_>) -> Response<Body> {
        response::json(200, &json!({}))
    }

    fn read_verify(&self, exchange: &Exchange<'_>) -> Result<Proof, Problem> {
        Ok(Proof::link(exchange.incoming.path_token()))
    }

    fn verified(&self, exchange: &Exchange<'_>, _: &VerifiedView<'_>) -> Response<Body> {
        response::json(200, &json!({ "token": exchange.incoming.path_token() }))
    }

    fn read_confirm(&self, exchange: &Exchange<'_>) -> Result<ConfirmForm, Problem> {
        let mut fields = Fields::read(exchange.incoming)?;
        let token = fields.required("token");
        let password = read_confirmed_password(&mut fields);
        let form = token.zip(password);
        fields.finish_lenient(form.map(|(token, password)| ConfirmForm {
            proof: Proof::link(&token),
            password,
        }))
    }

    fn confirmed(&self, _: &Exchange<'_>, view: &ConfirmedView<'_>) -> Response<Body> {
        response::json(200, &user_object(&view.confirmation.user))
    }

    fn problem(&self, exchange: &Exchange<'_>, problem: &Problem) -> Response<Body> {
        let status = match problem {
            Problem::PasswordRejected { .. } => 400,
            other => other.status(),
        };
        let error = json!({
            "request_method": exchange.incoming.method.to_ascii_lowercase(),
            "type": kind(problem),
            "code": code(status),
            "message": problem.message(&exchange.texts),
            "fields": fields(exchange, problem),
            "dev_message": problem.name(),
        });
        response::json(status, &json!({ "error": error }))
    }
}

/// The repetition comes under one of two names.
fn read_confirmed_password(fields: &mut Fields) -> Option<NewPassword> {
    let name = if fields.has("confirm_password") {
        "confirm_password"
    } else {
        "confirm"
    };
    read_password_twice(fields, name)
}

/// Who can mend it: whoever wrote the code, whoever runs the system, or the person.
fn kind(problem: &Problem) -> &'static str {
    match problem {
        Problem::Internal => "codebase",
        Problem::Unavailable => "system",
        other if other.is_for_developers() => "codebase",
        _ => "user",
    }
}

/// The nearest of the six codes that Backstack knows. The status itself stays what HTTP calls for.
const fn code(status: u16) -> u16 {
    match status {
        401 | 403 | 404 | 429 => status,
        405 => 404,
        500.. => 500,
        _ => 400,
    }
}

/// What is wrong with each field: an object, or the empty list when there is nothing.
///
/// Backstack's forms show nothing but what stands under a field of theirs, so that whatever the
/// problem is, it stands under the field that every such form has.
fn fields(exchange: &Exchange<'_>, problem: &Problem) -> Value {
    let mut fields = problem.by_field(&exchange.texts);
    let shown = match exchange.operation {
        Some(Operation::Request) => Some("email"),
        Some(Operation::Confirm) => Some("password"),
        _ => None,
    };
    if let Some(field) = shown {
        let sentence = || json!(problem.message(&exchange.texts));
        fields.entry(field).or_insert_with(sentence);
    }
    if fields.is_empty() {
        json!([])
    } else {
        Value::Object(fields)
    }
}

/// What the person may know of the account, as far as the users table has it; never a secret.
fn user_object(user: &User) -> Value {
    let profile = &user.profile;
    let facts = [
        ("id", &profile.id),
        ("created", &profile.created),
        ("last_login", &profile.last_login),
        ("username", &profile.username),
        ("name", &profile.name),
        ("email", &profile.email),
    ];
    let present = facts
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), fact(value.as_ref()?))));
    Value::Object(present.collect())
}

fn fact(fact: &Fact) -> Value {
    match fact {
        Fact::Text(text) => json!(text),
        Fact::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| json!(number)),
    }
}
