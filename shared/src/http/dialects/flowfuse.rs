use lambda_http::{Body, Response};
use serde_json::{Value, json};

use super::fields::{read_email, read_password};
use super::{AcceptedView, ConfirmForm, ConfirmedView, Dialect, RequestForm, SettingsView};
use crate::http::body::Fields;
use crate::http::incoming::Incoming;
use crate::http::problem::Problem;
use crate::http::response;
use crate::use_cases::Proof;

/// FlowFuse: the token in the path, `okay` for an answer, and two error codes.
pub(in crate::http) struct FlowFuse;

/// The one there is.
pub(in crate::http) const FLOWFUSE: FlowFuse = FlowFuse;

impl Dialect for FlowFuse {
    fn read_request(&self, incoming: &Incoming) -> Result<RequestForm, Problem> {
        let mut fields = Fields::read(incoming)?;
        let email = read_email(&mut fields);
        fields.finish_lenient(email.map(RequestForm::plain))
    }

    fn accepted(&self, _: &Incoming, _: &AcceptedView<'_>) -> Response<Body> {
        okay()
    }

    fn read_confirm(&self, incoming: &Incoming) -> Result<ConfirmForm, Problem> {
        let mut fields = Fields::read(incoming)?;
        let password = read_password(&mut fields, "password");
        fields.finish_lenient(password.map(|password| ConfirmForm {
            proof: Proof::link(incoming.path_token()),
            password,
        }))
    }

    fn confirmed(&self, _: &Incoming, _: &ConfirmedView<'_>) -> Response<Body> {
        okay()
    }

    fn settings(&self, _: &Incoming, view: &SettingsView) -> Response<Body> {
        response::json(200, &response::settings(view))
    }

    fn problem(&self, _: &Incoming, problem: &Problem) -> Response<Body> {
        let status = match problem {
            // FlowFuse knows one status for whatever a person can mend.
            Problem::ResetDisabled | Problem::PasswordRejected { .. } => 400,
            other => other.status(),
        };
        response::json(status, &error(problem))
    }
}

fn okay() -> Response<Body> {
    response::json(200, &json!({ "status": "okay" }))
}

fn error(problem: &Problem) -> Value {
    match problem {
        Problem::ResetDisabled => json!({
            "code": "password_reset_unavailable",
            "error": "password reset not enabled",
        }),
        other => json!({
            "status": "error",
            "code": "password_reset_failed",
            "message": "Password reset failed",
            "error": other.explanation(),
        }),
    }
}
