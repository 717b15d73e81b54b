use std::net::{IpAddr, Ipv4Addr};

use lambda_http::{Body, Response};

use super::{
    CancelPage, CancelledPage, CodePage, DonePage, FormErrors, ProblemPage, RequestPage, ResetForm,
    ResetPage, SentPage, UsedPage, show,
};
use crate::domain::{App, IdempotencyKey, Limits, PasswordPolicy, RejectionReason, RequestId};
use crate::http::context::RequestContext;
use crate::http::http_request::HttpRequest;
use crate::http::problem::{FieldErrorKind, Problem};
use crate::i18n::{Catalogue, Language};

const EMAIL: &str = "ann@example.com";

/// Every page of an app in a language, by the state that it shows, made as the service makes it.
pub fn preview(
    app: &App,
    catalogue: &Catalogue,
    language: Language,
    policy: PasswordPolicy,
    limits: &Limits,
) -> Vec<(&'static str, Response<Body>)> {
    let http_request = request_in(language);
    let context = RequestContext::new(&http_request, None, (app, true), catalogue, policy);
    let context = &context;
    let errors = |problem: &Problem| FormErrors::new(problem, &context.texts);
    let at = |field, kind| errors(&Problem::field(field, kind));
    let none = FormErrors::default;
    let limited = || errors(&Problem::TooManyRequests { retry_after: 480 });
    let key = IdempotencyKey::from_random([0; IdempotencyKey::BYTES]);
    let down = || errors(&Problem::Unavailable);
    let wrong_code = errors(&Problem::InvalidToken);
    let reset = |code, errors| {
        let form = ResetForm {
            email: EMAIL,
            code,
            key: Some(key.as_str()),
            errors,
        };
        show(200, &ResetPage::new(context, form))
    };
    let too_weak = errors(&Problem::PasswordRejected {
        reasons: vec![RejectionReason::TooWeak],
        policy,
    });
    let mismatch = at("confirm", FieldErrorKind::Mismatch);
    let problem = |problem: &Problem| show(200, &ProblemPage::new(context, problem));
    let no_address = at("email", FieldErrorKind::NotAnAddress);
    let request = |email, errors| show(200, &RequestPage::new(context, email, errors));
    let code = |email, errors| show(200, &CodePage::new(context, email, errors));
    let expired = RequestPage::after_expiry(context, EMAIL);
    let dead = |email| show(200, &ProblemPage::dead_link(context, email));
    let too_late = ProblemPage::nothing_to_cancel(context);
    let not_cancelled = CancelPage::again(context, down());
    vec![
        ("request", request("", none())),
        ("request-error", request("ann@", no_address)),
        ("request-limited", request(EMAIL, limited())),
        ("sent", show(200, &SentPage::new(context, EMAIL, limits))),
        ("code", code("", none())),
        ("code-wrong", code(EMAIL, wrong_code)),
        ("reset", reset(None, none())),
        ("reset-by-code", reset(Some("7K3M-X9QT"), none())),
        ("reset-mismatch", reset(None, mismatch)),
        ("reset-rejected", reset(None, too_weak)),
        ("reset-unavailable", reset(None, down())),
        ("done", show(200, &DonePage::new(context, 5))),
        ("link-used", show(200, &UsedPage::new(context))),
        ("link-expired", show(200, &expired)),
        ("link-dead", dead("")),
        ("code-dead", dead(EMAIL)),
        ("cancel", show(200, &CancelPage::new(context, EMAIL))),
        ("cancel-unavailable", show(200, &not_cancelled)),
        ("cancelled", show(200, &CancelledPage::new(context))),
        ("cancel-too-late", show(200, &too_late)),
        ("unknown-app", problem(&Problem::UnknownApp)),
        ("switched-off", problem(&Problem::ResetDisabled)),
        ("unavailable", problem(&Problem::Unavailable)),
    ]
}

fn request_in(language: Language) -> HttpRequest {
    HttpRequest {
        method: "GET".to_owned(),
        path: String::new(),
        source: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        id: RequestId::new("preview"),
        content_type: None,
        app_header: None,
        accept_language: Some(language.tag().to_owned()),
        app_query: None,
        path_token: None,
        user_agent: String::new(),
        is_from_own_page: true,
        idempotency_key: None,
        body: Vec::new(),
    }
}
