use lambda_http::{Body, Response};
use serde_json::json;

use super::fields::{read_email, read_password};
use super::{Dialect, routes};
use crate::domain::WireFormat;
use crate::http::body::BodyFields;
use crate::http::context::RequestContext;
use crate::http::forms::ConfirmForm;
use crate::http::problem::Problem;
use crate::http::response;
use crate::http::views::AcceptedView;
use crate::use_cases::{PasswordChanged, Proof};

/// Novel: no body when a request is accepted, a place to go to when the password was changed, and an
/// error object of which its frontend shows the message.
pub(in crate::http) struct Novel;

routes! { Novel:
    "POST" "/auth/forgot" => Request,
    "POST" "/auth/reset" => Confirm,
}

impl Dialect for Novel {
    fn format(&self) -> WireFormat {
        WireFormat::Novel
    }

    fn accepted(&self, _: &RequestContext<'_>, _: &AcceptedView<'_>) -> Response<Body> {
        response::empty(204)
    }

    fn read_confirm(&self, context: &RequestContext<'_>) -> Result<ConfirmForm, Problem> {
        let mut fields = BodyFields::read(context.request)?;
        let email = read_email(&mut fields, "email");
        let token = fields.required("token");
        let password = read_password(&mut fields, "password");
        let proof = token
            .zip(email)
            .map(|(token, email)| Proof::link_for(&token, email));
        let form = proof.zip(password);
        fields.finish_lenient(form.map(ConfirmForm::plain))
    }

    fn confirmed(&self, context: &RequestContext<'_>, _: &PasswordChanged) -> Response<Body> {
        response::json(201, &json!({ "redirect_to": context.app.login_url }))
    }

    fn problem(&self, context: &RequestContext<'_>, problem: &Problem) -> Response<Body> {
        let error = json!({
            "code": problem.name(),
            "message": problem.message(&context.texts),
            "context": problem.by_field(&context.texts),
        });
        response::json(problem.status(), &json!({ "error": error }))
    }
}
