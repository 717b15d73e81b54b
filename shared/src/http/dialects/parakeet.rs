use lambda_http::{Body, Response};

use super::fields::{read_email, read_password_twice};
use super::{Dialect, routes};
use crate::domain::{EmailAddress, IdempotencyKey, LinkToken, PageUrls, WireFormat};
use crate::http::body::BodyFields;
use crate::http::context::RequestContext;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::http_request::HttpRequest;
use crate::http::operation::Operation;
use crate::http::pages::{
    CancelPage, CancelledPage, CodePage, DonePage, FormErrors, ProblemPage, RequestPage, ResetForm,
    ResetPage, SentPage, UsedPage, show,
};
use crate::http::problem::{DeadLink, FieldErrorKind, Problem};
use crate::http::response::{see_other, set_header};
use crate::http::views::{AcceptedView, VerifiedView};
use crate::use_cases::{PasswordChanged, Proof};

/// Seconds for which success is shown before the login page comes.
const SECONDS_ON_SUCCESS: u32 = 5;
/// The field by which a form only asks for the form that it is sent to.
const EDIT: &str = "edit";
/// Most characters of a field that are shown again.
const MAX_SHOWN_CHARS: usize = 512;

/// The field of the key with which a form may be sent twice.
const KEY: &str = "idempotency_key";

/// Parakeet: pages that are served here, and plain form posts; and the pages around them, for codes
/// and for those who did not ask.
pub(in crate::http) struct Parakeet;

routes! { Parakeet:
    "GET" PageUrls::REQUEST => RequestPage,
    "POST" PageUrls::REQUEST => Request,
    "GET" "/auth/forgot-password/{token}" => Verify,
    "POST" "/auth/forgot-password/{token}" => Confirm,
    "GET" PageUrls::CODE => CodePage,
    "POST" PageUrls::CODE => Verify,
    "POST" PageUrls::PASSWORD_BY_CODE => Confirm,
    "GET" "/auth/cancel-reset/{token}" => CancelPage,
    "POST" "/auth/cancel-reset/{token}" => Cancel,
    "GET" "/.well-known/change-password" => ChangePasswordUrl,
}

impl Dialect for Parakeet {
    fn format(&self) -> WireFormat {
        WireFormat::Parakeet
    }

    fn paths_below(&self) -> &'static [&'static str] {
        &[PageUrls::REQUEST, PageUrls::CODE, PageUrls::CANCEL]
    }

    /// A link to a page can carry no header.
    fn app_name<'a>(&self, http_request: &'a HttpRequest) -> Option<&'a str> {
        http_request.app_query.as_deref()
    }

    fn page(&self, context: &RequestContext<'_>) -> Response<Body> {
        match context.operation {
            Some(Operation::CodePage) => {
                show(200, &CodePage::new(context, "", FormErrors::default()))
            }
            Some(Operation::ChangePasswordUrl) => see_other(PageUrls::REQUEST),
            _ => show(200, &RequestPage::new(context, "", FormErrors::default())),
        }
    }

    fn read_request(&self, context: &RequestContext<'_>) -> Result<RequestForm, Problem> {
        let mut fields = BodyFields::read_form(context.request)?;
        let email = read_email(&mut fields, "email");
        fields.finish_lenient(email.map(RequestForm::plain))
    }

    fn accepted(&self, context: &RequestContext<'_>, view: &AcceptedView<'_>) -> Response<Body> {
        let email = view.email.map_or("", EmailAddress::typed);
        let page = SentPage::new(context, email, view.limits);
        show(200, &page)
    }

    fn read_verify(&self, context: &RequestContext<'_>) -> Result<Proof, Problem> {
        if context.request.path_token.is_some() {
            return Ok(Proof::link(context.request.path_token()));
        }
        let mut fields = BodyFields::read_form(context.request)?;
        let proof = read_code(&mut fields);
        fields.finish_lenient(proof.map(|(email, code)| Proof::code(email, &code)))
    }

    fn verified(&self, context: &RequestContext<'_>, view: &VerifiedView<'_>) -> Response<Body> {
        if context.operation == Some(Operation::CancelPage) {
            return show(200, &CancelPage::new(context, &view.verified.owner.email));
        }
        // The code that the person typed goes with the form, as the link's token does.
        let code = submitted(context.request, "code");
        let email = match view.proof {
            Proof::Code(email, _) => email.typed(),
            Proof::Link { .. } => &view.verified.owner.email,
        };
        let form = ResetForm {
            email,
            code: context
                .request
                .path_token
                .is_none()
                .then_some(code.as_str()),
            key: Some(view.key.as_str()),
            errors: FormErrors::default(),
        };
        show(200, &ResetPage::new(context, form))
    }

    fn read_confirm(&self, context: &RequestContext<'_>) -> Result<ConfirmForm, Problem> {
        let mut fields = BodyFields::read_form(context.request)?;
        let proof = if context.request.path_token.is_some() {
            Some(Proof::link(context.request.path_token()))
        } else {
            read_code(&mut fields).map(|(email, code)| Proof::code(email, &code))
        };
        let password = read_password_twice(&mut fields, "confirm");
        let key = read_key(&mut fields);
        let form = proof.zip(password);
        fields.finish_lenient(form.map(|form| ConfirmForm {
            key,
            ..ConfirmForm::plain(form)
        }))
    }

    /// The login page is the app's own, never one that the request names.
    fn confirmed(&self, context: &RequestContext<'_>, _: &PasswordChanged) -> Response<Body> {
        let mut response = show(200, &DonePage::new(context, SECONDS_ON_SUCCESS));
        let next = format!("{SECONDS_ON_SUCCESS}; url={}", context.app.login_url);
        set_header(&mut response, "refresh", &next);
        response
    }

    fn read_cancel(&self, context: &RequestContext<'_>) -> Result<Option<LinkToken>, Problem> {
        let mut fields = BodyFields::read_form(context.request)?;
        // Programs that look into mails post to what they find there, without our form's field.
        let pressed = fields
            .optional("cancel")
            .filter(|it| it == CancelPage::PRESSED);
        let pressed = pressed.or_else(|| fields.refuse("cancel", FieldErrorKind::NotPressed));
        let token = LinkToken::parse(context.request.path_token());
        fields.finish_lenient(pressed.map(|_| token))
    }

    fn cancelled(&self, context: &RequestContext<'_>) -> Response<Body> {
        show(200, &CancelledPage::new(context))
    }

    fn carried(&self, context: &RequestContext<'_>) -> Option<Response<Body>> {
        let http_request = context.request;
        if http_request.method != "POST" || submitted(http_request, EDIT).is_empty() {
            return None;
        }
        let email = submitted(http_request, "email");
        match context.operation {
            Some(Operation::Request) => {
                let form = RequestPage::new(context, &email, FormErrors::default());
                Some(show(200, &form))
            }
            Some(Operation::Verify) => {
                let form = CodePage::new(context, &email, FormErrors::default());
                Some(show(200, &form))
            }
            _ => None,
        }
    }

    /// For errors that a retry may fix, the form is shown again without its passwords.
    fn problem(&self, context: &RequestContext<'_>, problem: &Problem) -> Response<Body> {
        let status = problem.status();
        let http_request = context.request;
        let posted = http_request.method == "POST" && may_be_sent_again(problem);
        let errors = FormErrors::new(problem, &context.texts);
        // What is shown as the address is what was sent, and is trusted for nothing.
        let email = submitted(http_request, "email");
        match (context.operation, problem) {
            (Some(Operation::Request), _) if posted => {
                show(status, &RequestPage::new(context, &email, errors))
            }
            (
                Some(Operation::CancelPage | Operation::Cancel),
                Problem::InvalidToken | Problem::DeadLink { .. },
            ) => show(status, &ProblemPage::nothing_to_cancel(context)),
            (_, Problem::DeadLink { reason, .. }) => match reason {
                DeadLink::Used => show(status, &UsedPage::new(context)),
                DeadLink::Expired { email } => {
                    show(status, &RequestPage::after_expiry(context, email))
                }
            },
            (Some(Operation::Cancel), _) if posted => {
                show(status, &CancelPage::again(context, errors))
            }
            (Some(Operation::Verify), _) if posted => {
                show(status, &CodePage::new(context, &email, errors))
            }
            (_, Problem::InvalidToken) => show(status, &ProblemPage::dead_link(context, &email)),
            (Some(Operation::Confirm), _) if posted => {
                let code = submitted(http_request, "code");
                // The same, because it may be that the password was changed.
                let key = IdempotencyKey::parse(&submitted(http_request, KEY));
                let form = ResetForm {
                    email: &email,
                    code: http_request.path_token.is_none().then_some(code.as_str()),
                    key: key.as_ref().map(IdempotencyKey::as_str),
                    errors,
                };
                show(status, &ResetPage::new(context, form))
            }
            _ => show(status, &ProblemPage::new(context, problem)),
        }
    }
}

/// Whether the same form, corrected or not, may be sent again.
const fn may_be_sent_again(problem: &Problem) -> bool {
    !matches!(
        problem,
        Problem::UnknownApp
            | Problem::ResetDisabled
            | Problem::ForeignForm
            | Problem::UnsupportedMediaType
    )
}

fn read_code(fields: &mut BodyFields) -> Option<(EmailAddress, String)> {
    let email = read_email(fields, "email");
    let code = fields.required("code");
    email.zip(code)
}

/// The key of the form, which a form of another hand need not have.
fn read_key(fields: &mut BodyFields) -> Option<IdempotencyKey> {
    let text = fields.optional(KEY)?;
    let key = IdempotencyKey::parse(&text);
    key.or_else(|| fields.refuse(KEY, FieldErrorKind::NotAKey))
}

/// A field as it was sent, cut to what a form shows; nothing of what is no form of our own.
fn submitted(http_request: &HttpRequest, field: &str) -> String {
    let fields = BodyFields::read_form(http_request).ok();
    let value = fields.and_then(|mut fields| fields.optional(field));
    let value = value.unwrap_or_default();
    value.chars().take(MAX_SHOWN_CHARS).collect()
}
