use lambda_http::{Body, Response};
use serde_json::json;

use super::fields::{read_email, read_password};
use super::{Dialect, routes};
use crate::domain::WireFormat;
use crate::http::body::BodyFields;
use crate::http::context::RequestContext;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::problem::Problem;
use crate::http::response;
use crate::http::views::AcceptedView;
use crate::use_cases::{PasswordChanged, Proof};

/// Razi: the frontend chooses the link that is mailed, and hands back whatever it found in it.
pub(in crate::http) struct Razi;

routes! { Razi:
    "POST" "/v1/authentication/users/password/reset-request/email" => Request,
    "PUT" "/v1/authentication/users/password" => Confirm,
}

impl Dialect for Razi {
    fn format(&self) -> WireFormat {
        WireFormat::Razi
    }

    fn read_request(&self, context: &RequestContext<'_>) -> Result<RequestForm, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let email = read_email(&mut fields, "email");
        let reset_url = fields.optional("resetPasswordUrl");
        fields.finish_lenient(email.map(|email| RequestForm {
            reset_url: reset_url.map(|url| (url, "resetPasswordUrl")),
            ..RequestForm::plain(email)
        }))
    }

    fn accepted(&self, _: &RequestContext<'_>, _: &AcceptedView<'_>) -> Response<Body> {
        response::json(200, &json!({}))
    }

    fn read_confirm(&self, context: &RequestContext<'_>) -> Result<ConfirmForm, Problem> {
        let mut fields = BodyFields::read(context.request)?
            .known_as("verificationCode", "code")
            .known_as("newPassword", "password");
        let email = read_email(&mut fields, "email");
        let code = fields.required("verificationCode");
        let password = read_password(&mut fields, "newPassword");
        // The link token from the frontend's own link, or the short code from the mail's text.
        let proof = email
            .zip(code)
            .map(|(email, code)| Proof::code(email, &code));
        let form = proof.zip(password);
        fields.finish_lenient(form.map(ConfirmForm::plain))
    }

    fn confirmed(&self, _: &RequestContext<'_>, _: &PasswordChanged) -> Response<Body> {
        response::json(200, &json!({}))
    }

    fn problem(&self, context: &RequestContext<'_>, problem: &Problem) -> Response<Body> {
        response::problem(problem, &context.texts)
    }
}
