use lambda_http::{Body, Response};
use serde_json::json;

use super::{AcceptedView, ConfirmForm, Dialect, RequestForm, SettingsView};
use crate::domain::{App, EmailAddress, LinkToken, NewPassword, PasswordPolicy, ShortCode};
use crate::http::body::Fields;
use crate::http::incoming::Incoming;
use crate::http::problem::Problem;
use crate::http::response;
use crate::use_cases::{Confirmation, Proof, Verified};

/// The service's own API: JSON, secrets only in bodies, problems as RFC 9457 has them.
pub(in crate::http) struct Native;

/// The one there is.
pub(in crate::http) const NATIVE: Native = Native;

const NOT_AN_ADDRESS: &str = "must be a mail address";

impl Dialect for Native {
    fn read_request(&self, incoming: &Incoming) -> Result<RequestForm, Problem> {
        let mut fields = Fields::read(incoming)?;
        let email = read_email(&mut fields);
        let locale = fields.optional("locale");
        let reset_url = fields.optional("resetPasswordUrl");
        fields.finish(email.map(|email| RequestForm {
            email,
            locale,
            reset_url: reset_url.map(|url| (url, "resetPasswordUrl")),
        }))
    }

    fn accepted(&self, view: &AcceptedView) -> Response<Body> {
        response::json(
            202,
            &json!({ "status": "accepted", "resend_after": view.resend_after }),
        )
    }

    fn read_verify(&self, incoming: &Incoming) -> Result<Proof, Problem> {
        let mut fields = Fields::read(incoming)?;
        let proof = read_proof(&mut fields);
        fields.finish(proof)
    }

    fn verified(&self, verified: &Verified, policy: &PasswordPolicy) -> Response<Body> {
        let body = json!({
            "email": verified.email,
            "expires_at": verified.expires_at.to_rfc3339(),
            "password_policy": policy,
        });
        response::json(200, &body)
    }

    fn read_confirm(&self, incoming: &Incoming) -> Result<ConfirmForm, Problem> {
        let mut fields = Fields::read(incoming)?;
        let proof = read_proof(&mut fields);
        let password = read_password(&mut fields);
        let form = proof.zip(password);
        fields.finish(form.map(|(proof, password)| ConfirmForm { proof, password }))
    }

    fn confirmed(&self, _: &Confirmation, app: &App) -> Response<Body> {
        let body = json!({ "status": "password-changed", "login_url": app.login_url });
        response::json(200, &body)
    }

    fn settings(&self, view: &SettingsView) -> Response<Body> {
        let body = json!({
            "user:reset-password": view.reset_enabled,
            "password_policy": view.policy,
        });
        response::json(200, &body)
    }

    fn problem(&self, _: &Incoming, problem: &Problem) -> Response<Body> {
        response::problem(problem)
    }
}

fn read_email(fields: &mut Fields) -> Option<EmailAddress> {
    let text = fields.required("email")?;
    match EmailAddress::parse(&text) {
        Ok(email) => Some(email),
        Err(_) => fields.refuse("email", NOT_AN_ADDRESS),
    }
}

/// A token, or an address and a code: one of the two, not both.
fn read_proof(fields: &mut Fields) -> Option<Proof> {
    let by_code = fields.has("email") || fields.has("code");
    if fields.has("token") && by_code {
        for field in ["email", "code"] {
            if fields.optional(field).is_some() {
                let detail = "must not be given together with a token";
                fields.refuse::<()>(field, detail);
            }
        }
    }
    if fields.has("token") || !by_code {
        let token = fields.required("token")?;
        return Some(Proof::Link(LinkToken::parse(&token).ok()));
    }
    let email = read_email(fields);
    let code = fields.required("code");
    email
        .zip(code)
        .map(|(email, code)| Proof::Code(email, ShortCode::parse(&code)))
}

fn read_password(fields: &mut Fields) -> Option<NewPassword> {
    let password = fields.required("password");
    let confirm = fields.optional("confirm");
    if let (Some(password), Some(confirm)) = (&password, &confirm)
        && password != confirm
    {
        return fields.refuse("confirm", "must be the same as the password");
    }
    password.map(|password| NewPassword::new(&password))
}
