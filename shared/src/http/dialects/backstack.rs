use lambda_http::{Body, Response};
use serde_json::{Map, Value, json};

use super::fields::{read_email, read_password_twice};
use super::{AcceptedView, ConfirmForm, ConfirmedView, Dialect, RequestForm, VerifiedView};
use crate::domain::{Fact, NewPassword, User};
use crate::http::body::Fields;
use crate::http::incoming::Incoming;
use crate::http::problem::Problem;
use crate::http::response;
use crate::use_cases::Proof;

/// Backstack: a pre-flight for the token, the user for an answer, and an error object of its own.
pub(in crate::http) struct Backstack;

/// The one there is.
pub(in crate::http) const BACKSTACK: Backstack = Backstack;

impl Dialect for Backstack {
    fn read_request(&self, incoming: &Incoming) -> Result<RequestForm, Problem> {
        let mut fields = Fields::read(incoming)?;
        let email = read_email(&mut fields);
        fields.finish_lenient(email.map(RequestForm::plain))
    }

    fn accepted(&self, _: &Incoming, _: &AcceptedView<'_>) -> Response<Body> {
        response::json(200, &json!({}))
    }

    fn read_verify(&self, incoming: &Incoming) -> Result<Proof, Problem> {
        Ok(Proof::link(incoming.path_token()))
    }

    fn verified(&self, incoming: &Incoming, _: &VerifiedView<'_>) -> Response<Body> {
        response::json(200, &json!({ "token": incoming.path_token() }))
    }

    fn read_confirm(&self, incoming: &Incoming) -> Result<ConfirmForm, Problem> {
        let mut fields = Fields::read(incoming)?;
        let token = fields.required("token");
        let password = read_confirmed_password(&mut fields);
        let form = token.zip(password);
        fields.finish_lenient(form.map(|(token, password)| ConfirmForm {
            proof: Proof::link(&token),
            password,
        }))
    }

    fn confirmed(&self, _: &Incoming, view: &ConfirmedView<'_>) -> Response<Body> {
        response::json(200, &user_object(&view.confirmation.user))
    }

    fn problem(&self, incoming: &Incoming, problem: &Problem) -> Response<Body> {
        let status = match problem {
            Problem::PasswordRejected { .. } => 400,
            other => other.status(),
        };
        let error = json!({
            "request_method": incoming.method,
            "type": kind(problem),
            "code": code(status),
            "message": problem.explanation(),
            "fields": fields(problem),
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

/// Whose fault it is.
const fn kind(problem: &Problem) -> &'static str {
    match problem {
        Problem::Internal => "codebase",
        Problem::Unavailable => "system",
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
fn fields(problem: &Problem) -> Value {
    let fields: Map<_, _> = match problem {
        Problem::InvalidRequest(errors) => errors
            .iter()
            .filter(|error| !error.field.is_empty())
            .map(|error| (error.field.clone(), json!(error.sentence())))
            .collect(),
        Problem::PasswordRejected { .. } => {
            Map::from_iter([("password".to_owned(), json!(problem.explanation()))])
        }
        _ => Map::new(),
    };
    if fields.is_empty() {
        json!([])
    } else {
        Value::Object(fields)
    }
}

/// What the person may know of the account, as far as the users table has it; never a secret.
fn user_object(user: &User) -> Value {
    let profile = &user.profile;
    let text = |text: &str| Some(json!(text));
    let facts = [
        ("id", text(user.key.as_str())),
        ("created", profile.created.as_ref().map(fact)),
        ("last_login", profile.last_login.as_ref().map(fact)),
        ("username", profile.username.as_ref().map(fact)),
        ("name", user.name.as_deref().and_then(text)),
        ("email", text(&user.email)),
    ];
    let present = facts
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect())
}

fn fact(fact: &Fact) -> Value {
    match fact {
        Fact::Text(text) => json!(text),
        Fact::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| json!(number)),
    }
}
