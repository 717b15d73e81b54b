use lambda_http::{Body, Response};
use serde_json::{Value, json};

use super::fields::read_password;
use super::{Dialect, routes};
use crate::domain::{EmailAddress, WireFormat};
use crate::http::body::BodyFields;
use crate::http::context::RequestContext;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::problem::Problem;
use crate::http::response;
use crate::http::views::{AcceptedView, SettingsView};
use crate::i18n::Translator;
use crate::use_cases::{PasswordChanged, Proof};

/// FlowFuse: the token in the path, `okay` for an answer, and two error codes.
pub(in crate::http) struct FlowFuse;

routes! { FlowFuse:
    "POST" "/account/forgot_password" => Request,
    "POST" "/account/reset_password/{token}" => Confirm,
    "GET" "/api/v1/settings" => Settings,
}

impl Dialect for FlowFuse {
    fn format(&self) -> WireFormat {
        WireFormat::FlowFuse
    }

    fn read_request(&self, context: &RequestContext<'_>) -> Result<RequestForm, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        // FlowFuse's own server answers any text alike, and its page shows nothing of a refusal.
        let email = fields.text("email");
        fields.finish_lenient(email.map(|text| RequestForm {
            email: EmailAddress::parse(&text).ok(),
            locale: None,
            reset_url: None,
        }))
    }

    fn accepted(&self, _: &RequestContext<'_>, _: &AcceptedView<'_>) -> Response<Body> {
        okay()
    }

    fn read_confirm(&self, context: &RequestContext<'_>) -> Result<ConfirmForm, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let password = read_password(&mut fields, "password");
        let proof = Proof::link(context.request.path_token());
        fields.finish_lenient(password.map(|password| ConfirmForm::plain((proof, password))))
    }

    fn confirmed(&self, _: &RequestContext<'_>, _: &PasswordChanged) -> Response<Body> {
        okay()
    }

    fn settings(&self, _: &RequestContext<'_>, view: &SettingsView) -> Response<Body> {
        response::json(200, &response::settings(view))
    }

    fn problem(&self, context: &RequestContext<'_>, problem: &Problem) -> Response<Body> {
        let status = match problem {
            // FlowFuse knows one status for whatever a person can correct.
            Problem::ResetDisabled | Problem::PasswordRejected { .. } => 400,
            other => other.status(),
        };
        response::json(status, &error(problem, &context.texts))
    }
}

fn okay() -> Response<Body> {
    response::json(200, &json!({ "status": "okay" }))
}

fn error(problem: &Problem, texts: &Translator<'_>) -> Value {
    match problem {
        Problem::ResetDisabled => json!({
            "code": "password_reset_unavailable",
            "error": "password reset not enabled",
        }),
        other => json!({
            "status": "error",
            "code": "password_reset_failed",
            "message": "Password reset failed",
            "error": other.explanation(texts),
        }),
    }
}
