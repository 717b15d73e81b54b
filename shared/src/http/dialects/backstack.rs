use lambda_http::{Body, Response};
use serde_json::{Value, json};

use super::fields::read_password_twice;
use super::{Dialect, routes};
use crate::domain::{NewPassword, ScalarValue, User, WireFormat};
use crate::http::body::BodyFields;
use crate::http::context::RequestContext;
use crate::http::forms::ConfirmForm;
use crate::http::operation::Operation;
use crate::http::problem::Problem;
use crate::http::response;
use crate::http::views::{AcceptedView, VerifiedView};
use crate::use_cases::{PasswordChanged, Proof};

/// Backstack: a pre-flight for the token, the user for an answer, and an error object of its own.
pub(in crate::http) struct Backstack;

routes! { Backstack:
    "POST" "/app/forgot-password" => Request,
    "GET" "/app/reset-password/{token}" => Verify,
    "POST" "/app/reset-password" => Confirm,
}

impl Dialect for Backstack {
    fn format(&self) -> WireFormat {
        WireFormat::Backstack
    }

    fn paths_below(&self) -> &'static [&'static str] {
        &["/app/"]
    }

    fn accepted(&self, _: &RequestContext<'_>, _: &AcceptedView<'_>) -> Response<Body> {
        response::json(200, &json!({}))
    }

    fn read_verify(&self, context: &RequestContext<'_>) -> Result<Proof, Problem> {
        Ok(Proof::link(context.request.path_token()))
    }

    fn verified(&self, context: &RequestContext<'_>, _: &VerifiedView<'_>) -> Response<Body> {
        response::json(200, &json!({ "token": context.request.path_token() }))
    }

    fn read_confirm(&self, context: &RequestContext<'_>) -> Result<ConfirmForm, Problem> {
        let fields = BodyFields::read(context.request)?;
        let mut fields = fields.known_as("confirm_password", "confirm");
        let token = fields.required("token");
        let password = read_confirmed_password(&mut fields);
        let form = token.zip(password);
        fields.finish_lenient(
            form.map(|(token, password)| ConfirmForm::plain((Proof::link(&token), password))),
        )
    }

    fn confirmed(&self, _: &RequestContext<'_>, change: &PasswordChanged) -> Response<Body> {
        let user = change.user.as_ref();
        response::json(200, &user.map_or_else(|| json!({}), user_object))
    }

    fn shows_user(&self) -> bool {
        true
    }

    fn problem(&self, context: &RequestContext<'_>, problem: &Problem) -> Response<Body> {
        let status = match problem {
            Problem::PasswordRejected { .. } => 400,
            other => other.status(),
        };
        let error = json!({
            "request_method": context.request.method.to_ascii_lowercase(),
            "type": kind(problem),
            "code": code(status),
            "message": problem.message(&context.texts),
            "fields": fields(context, problem),
            "dev_message": problem.name(),
        });
        response::json(status, &json!({ "error": error }))
    }
}

/// The repetition comes under one of two names.
fn read_confirmed_password(fields: &mut BodyFields) -> Option<NewPassword> {
    let name = if fields.has("confirm_password") {
        "confirm_password"
    } else {
        "confirm"
    };
    read_password_twice(fields, name)
}

/// Who can fix it: the developer, the operator, or the person.
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
fn fields(context: &RequestContext<'_>, problem: &Problem) -> Value {
    let mut fields = problem.by_field(&context.texts);
    let shown = match context.operation {
        Some(Operation::Request) => Some("email"),
        Some(Operation::Confirm) => Some("password"),
        _ => None,
    };
    if let Some(field) = shown {
        let sentence = || json!(problem.message(&context.texts));
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
        .filter_map(|(name, value)| Some((name.to_owned(), scalar(value.as_ref()?))));
    Value::Object(present.collect())
}

fn scalar(scalar: &ScalarValue) -> Value {
    match scalar {
        ScalarValue::Text(text) => json!(text),
        ScalarValue::Number(number) => {
            serde_json::from_str(number).unwrap_or_else(|_| json!(number))
        }
    }
}
