use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::{Body, Response};

use super::HttpSettings;
use super::endpoint::{Endpoint, serve};
use super::failures::{limited, store_problem};
use crate::domain::{
    App, AuditEvent, EmailAddress, Limits, RedirectRefusal, RequestedOutcome, ResetRequest,
};
use crate::http::context::RequestContext;
use crate::http::dialects::Route;
use crate::http::forms::RequestForm;
use crate::http::http_request::HttpRequest;
use crate::http::operation::FunctionName;
use crate::http::problem::{FieldErrorKind, Problem};
use crate::http::views::AcceptedView;
use crate::i18n::Language;
use crate::ports::{Acceptance, Clock, RequestOutbox, SourceDecision, SourceLimiter, record};
use crate::use_cases::{RequestOutcome, RequestReset};

/// Longest language tag that is passed on, in bytes (RFC 5646, section 4.4.1).
const MAX_LOCALE_BYTES: usize = 35;
/// Longest link template that a frontend may choose, in bytes.
const MAX_RESET_URL_BYTES: usize = 1024;

/// The HTTP half of request-reset.
#[derive(Debug, Clone)]
pub struct RequestEndpoint<S, C> {
    pub use_case: RequestReset<S>,
    pub clock: C,
    /// How often an address is mailed, as pages and answers say it.
    pub limits: Limits,
    pub settings: HttpSettings,
}

impl<S: SourceLimiter + RequestOutbox, C: Clock> Endpoint for RequestEndpoint<S, C> {
    const FUNCTION: FunctionName = FunctionName::RequestReset;

    fn settings(&self) -> &HttpSettings {
        &self.settings
    }

    async fn answer(
        &self,
        context: RequestContext<'_>,
        route: &'static Route,
    ) -> Result<Response<Body>, Problem> {
        let http_request = context.request;
        self.settings.require_enabled()?;
        let form = route.dialect.read_request(&context)?;
        let app = context.require_app()?;
        let Some(email) = &form.email else {
            return self.answer_no_address(&context, route).await;
        };
        let request = self.request(http_request, app, email.clone(), form)?;
        let outcome = self.use_case.execute(&request, http_request.source).await;
        let outcome = outcome.map_err(|error| store_problem(&error))?;
        let (outcome, answer) = match outcome {
            RequestOutcome::Accepted(Acceptance::Accepted) => (RequestedOutcome::Accepted, None),
            RequestOutcome::Accepted(Acceptance::Throttled) => {
                (RequestedOutcome::AddressThrottled, None)
            }
            RequestOutcome::SourceLimited(until) => (RequestedOutcome::SourceLimited, Some(until)),
        };
        record(&AuditEvent::ResetRequested {
            outcome,
            app: app.id.as_str(),
            account: self.settings.pseudonymizer.email(&request.email),
            caller: self.settings.caller(http_request),
        });
        if let Some(until) = answer {
            return Err(limited(until, request.requested_at));
        }
        let view = AcceptedView {
            email: Some(&request.email),
            limits: &self.limits,
        };
        Ok(route.dialect.accepted(&context, &view))
    }
}

impl<S: SourceLimiter + RequestOutbox, C: Clock> RequestEndpoint<S, C> {
    pub async fn handle(&self, event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
        serve(self, event).await
    }

    /// Answers text that is no address as if it were one. Nothing is written for it, but its source is
    /// counted.
    async fn answer_no_address(
        &self,
        context: &RequestContext<'_>,
        route: &Route,
    ) -> Result<Response<Body>, Problem> {
        let http_request = context.request;
        let problem = Problem::field("email", FieldErrorKind::NotAnAddress);
        self.settings.log_refusal(http_request, route, &problem);
        let now = self.clock.now();
        let counted = self.use_case.count_source(http_request.source, now).await;
        let counted = counted.map_err(|error| store_problem(&error))?;
        if let SourceDecision::LimitedUntil(until) = counted {
            return Err(limited(until, now));
        }
        let view = AcceptedView {
            email: None,
            limits: &self.limits,
        };
        Ok(route.dialect.accepted(context, &view))
    }

    fn request(
        &self,
        http_request: &HttpRequest,
        app: &App,
        email: EmailAddress,
        form: RequestForm,
    ) -> Result<ResetRequest, Problem> {
        if let Some((url, field)) = &form.reset_url
            && let Err(kind) = check_link(app, url)
        {
            return Err(Problem::field(field, kind));
        }
        let wanted = form
            .locale
            .filter(|locale| is_language_tag(locale) && Language::of_tag(locale).is_some());
        let accepted = || Some(http_request.language()?.tag().to_owned());
        Ok(ResetRequest {
            id: http_request.id.clone(),
            app: app.id.clone(),
            email,
            locale: wanted.or_else(accepted),
            reset_url: form.reset_url.map(|(url, _)| url),
            client: http_request.client(),
            requested_at: self.clock.now(),
        })
    }
}

/// Whether a caller may have mailed links point to `url`.
fn check_link(app: &App, url: &str) -> Result<(), FieldErrorKind> {
    if url.len() > MAX_RESET_URL_BYTES {
        return Err(FieldErrorKind::LinkNotAllowed);
    }
    app.check_redirect(url).map_err(|refusal| match refusal {
        RedirectRefusal::NotHttps => FieldErrorKind::LinkNotHttps,
        RedirectRefusal::NotAllowed => FieldErrorKind::LinkNotAllowed,
    })
}

/// Whether a text has the shape of a language tag. One that has not, or that there are no texts in,
/// is left out: the mail then comes in the language that the browser asks for, or the app's.
fn is_language_tag(text: &str) -> bool {
    let is_subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    text.len() <= MAX_LOCALE_BYTES && text.split(['-', '_']).all(is_subtag)
}

#[cfg(test)]
mod tests {
    use super::is_language_tag;

    #[test]
    fn language_tags_are_told_from_other_things() {
        for good in ["en", "pt-BR", "zh-Hant-TW", "de_DE"] {
            assert!(is_language_tag(good), "{good}");
        }
        for bad in [
            "",
            "-",
            "../../etc/passwd",
            "en\r\nx",
            "en-",
            "abcdefghi",
            &"a-".repeat(30),
        ] {
            assert!(!is_language_tag(bad), "{bad}");
        }
    }
}
