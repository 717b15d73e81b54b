use lambda_http::{Body, Response};
use serde_json::json;

use super::fields::{read_email, read_password, read_password_twice};
use super::{Dialect, routes};
use crate::domain::{LinkToken, WireFormat};
use crate::http::body::BodyFields;
use crate::http::context::RequestContext;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::problem::{FieldErrorKind, Problem};
use crate::http::response;
use crate::http::views::{AcceptedView, SettingsView, VerifiedView};
use crate::use_cases::{PasswordChanged, Proof};

/// The service's own API: JSON, secrets only in bodies, problems as RFC 9457 has them.
pub(in crate::http) struct Native;

routes! { Native:
    "POST" "/v1/request-reset" => Request,
    "POST" "/v1/verify-token" => Verify,
    "POST" "/v1/confirm-reset" => Confirm,
    "POST" "/v1/cancel-reset" => Cancel,
    "GET" "/v1/settings" => Settings,
}

impl Dialect for Native {
    fn format(&self) -> WireFormat {
        WireFormat::Native
    }

    fn read_request(&self, context: &RequestContext<'_>) -> Result<RequestForm, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let email = read_email(&mut fields, "email");
        let locale = fields.optional("locale");
        let reset_url = fields.optional("resetPasswordUrl");
        fields.finish(email.map(|email| RequestForm {
            email: Some(email),
            locale,
            reset_url: reset_url.map(|url| (url, "resetPasswordUrl")),
        }))
    }

    fn accepted(&self, _: &RequestContext<'_>, view: &AcceptedView<'_>) -> Response<Body> {
        response::json(
            202,
            &json!({ "status": "accepted", "resend_after": view.limits.address_cooldown.as_secs() }),
        )
    }

    fn read_verify(&self, context: &RequestContext<'_>) -> Result<Proof, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let proof = read_proof(&mut fields);
        fields.finish(proof)
    }

    fn verified(&self, context: &RequestContext<'_>, view: &VerifiedView<'_>) -> Response<Body> {
        let body = json!({
            "email": view.verified.owner.email,
            "expires_at": view.verified.issued.expires_at.to_rfc3339(),
            "password_policy": context.policy,
        });
        response::json(200, &body)
    }

    fn read_confirm(&self, context: &RequestContext<'_>) -> Result<ConfirmForm, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let proof = read_proof(&mut fields);
        let password = if fields.has("confirm") {
            read_password_twice(&mut fields, "confirm")
        } else {
            read_password(&mut fields, "password")
        };
        let form = proof.zip(password);
        fields.finish(form.map(ConfirmForm::plain))
    }

    fn confirmed(&self, context: &RequestContext<'_>, _: &PasswordChanged) -> Response<Body> {
        let body = json!({ "status": "password-changed", "login_url": context.app.login_url });
        response::json(200, &body)
    }

    fn read_cancel(&self, context: &RequestContext<'_>) -> Result<Option<LinkToken>, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let token = fields.required("token");
        fields.finish(token.map(|token| LinkToken::parse(&token)))
    }

    fn cancelled(&self, _: &RequestContext<'_>) -> Response<Body> {
        response::json(200, &json!({ "status": "reset-cancelled" }))
    }

    fn settings(&self, _: &RequestContext<'_>, view: &SettingsView) -> Response<Body> {
        response::json(200, &response::settings(view))
    }

    fn problem(&self, context: &RequestContext<'_>, problem: &Problem) -> Response<Body> {
        response::problem(problem, &context.texts)
    }
}

/// A token, or an address and a code: one of the two, not both.
fn read_proof(fields: &mut BodyFields) -> Option<Proof> {
    let by_code = fields.has("email") || fields.has("code");
    if fields.has("token") && by_code {
        for field in ["email", "code"] {
            if fields.optional(field).is_some() {
                fields.refuse::<()>(field, FieldErrorKind::BesideToken);
            }
        }
    }
    if fields.has("token") || !by_code {
        let token = fields.required("token")?;
        return Some(Proof::link(&token));
    }
    let email = read_email(fields, "email");
    let code = fields.required("code");
    email
        .zip(code)
        .map(|(email, code)| Proof::code(email, &code))
}
