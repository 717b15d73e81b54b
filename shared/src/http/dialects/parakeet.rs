use lambda_http::{Body, Response};
use url::form_urlencoded;

use super::Dialect;
use super::fields::{read_email, read_password_twice};
use crate::domain::{EmailAddress, LinkToken, OwnPages, WireFormat};
use crate::http::body::Fields;
use crate::http::exchange::Exchange;
use crate::http::forms::{ConfirmForm, RequestForm};
use crate::http::incoming::Incoming;
use crate::http::operation::Operation;
use crate::http::pages::{
    CancelPage, CancelledPage, CodePage, DonePage, FormErrors, ProblemPage, RequestPage, ResetForm,
    ResetPage, SentPage, UsedPage, show,
};
use crate::http::problem::{DeadLink, Problem};
use crate::http::response::{see_other, set_header};
use crate::http::views::{AcceptedView, ConfirmedView, VerifiedView};
use crate::use_cases::Proof;

/// Seconds for which success is shown before the login page comes.
const SECONDS_ON_SUCCESS: u32 = 5;
/// Most characters of a field that are shown again.
const MAX_SHOWN_CHARS: usize = 512;

/// Parakeet: pages that are served here, and plain form posts; and the pages around them, for codes
/// and for those who did not ask.
pub(in crate::http) struct Parakeet;

pub(in crate::http) const PARAKEET: Parakeet = Parakeet;

impl Dialect for Parakeet {
    fn format(&self) -> WireFormat {
        WireFormat::Parakeet
    }

    /// A link to a page can carry no header.
    fn app_name<'a>(&self, incoming: &'a Incoming) -> Option<&'a str> {
        incoming.app_query.as_deref()
    }

    fn page(&self, exchange: &Exchange<'_>) -> Response<Body> {
        match exchange.operation {
            Some(Operation::CodePage) => {
                show(200, &CodePage::new(exchange, "", FormErrors::default()))
            }
            Some(Operation::ChangePasswordUrl) => see_other(OwnPages::REQUEST),
            _ => show(200, &RequestPage::new(exchange, "", FormErrors::default())),
        }
    }

    fn read_request(&self, exchange: &Exchange<'_>) -> Result<RequestForm, Problem> {
        let mut fields = Fields::read_form(exchange.incoming)?;
        let email = read_email(&mut fields);
        fields.finish_lenient(email.map(RequestForm::plain))
    }

    fn accepted(&self, exchange: &Exchange<'_>, view: &AcceptedView<'_>) -> Response<Body> {
        let email = view.email.map_or("", EmailAddress::typed);
        let page = SentPage::new(exchange, email, view.resend_after);
        show(200, &page)
    }

    fn read_verify(&self, exchange: &Exchange<'_>) -> Result<Proof, Problem> {
        if exchange.incoming.path_token.is_some() {
            return Ok(Proof::link(exchange.incoming.path_token()));
        }
        let mut fields = Fields::read_form(exchange.incoming)?;
        let proof = read_code(&mut fields);
        fields.finish_lenient(proof.map(|(email, code)| Proof::code(email, &code)))
    }

    fn verified(&self, exchange: &Exchange<'_>, view: &VerifiedView<'_>) -> Response<Body> {
        if exchange.operation == Some(Operation::CancelPage) {
            return show(200, &CancelPage::new(exchange, &view.verified.owner.email));
        }
        // The code that the person typed goes with the form, as the link's token does.
        let code = submitted(exchange.incoming, "code");
        let email = match view.proof {
            Proof::Code(email, _) => email.typed(),
            Proof::Link { .. } => &view.verified.owner.email,
        };
        let form = ResetForm {
            email,
            code: exchange
                .incoming
                .path_token
                .is_none()
                .then_some(code.as_str()),
            errors: FormErrors::default(),
        };
        show(200, &ResetPage::new(exchange, form))
    }

    fn read_confirm(&self, exchange: &Exchange<'_>) -> Result<ConfirmForm, Problem> {
        let mut fields = Fields::read_form(exchange.incoming)?;
        let proof = if exchange.incoming.path_token.is_some() {
            Some(Proof::link(exchange.incoming.path_token()))
        } else {
            read_code(&mut fields).map(|(email, code)| Proof::code(email, &code))
        };
        let password = read_password_twice(&mut fields, "confirm");
        let form = proof.zip(password);
        fields.finish_lenient(form.map(|(proof, password)| ConfirmForm { proof, password }))
    }

    /// The login page is the app's own, never one that the request names.
    fn confirmed(&self, exchange: &Exchange<'_>, _: &ConfirmedView<'_>) -> Response<Body> {
        let mut response = show(200, &DonePage::new(exchange, SECONDS_ON_SUCCESS));
        let next = format!("{SECONDS_ON_SUCCESS}; url={}", exchange.app.login_url);
        set_header(&mut response, "refresh", &next);
        response
    }

    fn read_cancel(&self, exchange: &Exchange<'_>) -> Result<Option<LinkToken>, Problem> {
        let mut fields = Fields::read_form(exchange.incoming)?;
        // Programs that look into mails post to what they find there, without our form's field.
        let pressed = fields.required("cancel");
        let token = LinkToken::parse(exchange.incoming.path_token()).ok();
        fields.finish_lenient(pressed.map(|_| token))
    }

    fn cancelled(&self, exchange: &Exchange<'_>) -> Response<Body> {
        show(200, &CancelledPage::new(exchange))
    }

    /// Whatever a person can mend, or may try again, leaves the form as it was, less the passwords.
    fn problem(&self, exchange: &Exchange<'_>, problem: &Problem) -> Response<Body> {
        let status = problem.status();
        let incoming = exchange.incoming;
        let posted = incoming.method == "POST" && is_mendable(problem);
        let errors = FormErrors::new(problem, &exchange.texts);
        // What is shown as the address is what was sent, and is trusted for nothing.
        let email = submitted(incoming, "email");
        match (exchange.operation, problem) {
            (Some(Operation::Request), _) if posted => {
                show(status, &RequestPage::new(exchange, &email, errors))
            }
            (
                Some(Operation::CancelPage | Operation::Cancel),
                Problem::InvalidToken | Problem::DeadLink { .. },
            ) => show(status, &ProblemPage::nothing_to_cancel(exchange)),
            (_, Problem::DeadLink { reason, .. }) => match reason {
                DeadLink::Used => show(status, &UsedPage::new(exchange)),
                DeadLink::Expired { email } => {
                    show(status, &RequestPage::after_expiry(exchange, email))
                }
            },
            (Some(Operation::Cancel), _) if posted => {
                show(status, &CancelPage::again(exchange, errors))
            }
            (Some(Operation::Verify), _) if posted => {
                show(status, &CodePage::new(exchange, &email, errors))
            }
            (_, Problem::InvalidToken) => show(status, &ProblemPage::dead_link(exchange)),
            (Some(Operation::Confirm), _) if posted => {
                let code = submitted(incoming, "code");
                let form = ResetForm {
                    email: &email,
                    code: incoming.path_token.is_none().then_some(code.as_str()),
                    errors,
                };
                show(status, &ResetPage::new(exchange, form))
            }
            _ => show(status, &ProblemPage::new(exchange, problem)),
        }
    }
}

/// Whether the same form, mended or not, may be sent again.
const fn is_mendable(problem: &Problem) -> bool {
    !matches!(
        problem,
        Problem::UnknownApp
            | Problem::ResetDisabled
            | Problem::ForeignForm
            | Problem::UnsupportedMediaType
    )
}

fn read_code(fields: &mut Fields) -> Option<(EmailAddress, String)> {
    let email = read_email(fields);
    let code = fields.required("code");
    email.zip(code)
}

/// A field as it was sent, cut to what a form shows.
fn submitted(incoming: &Incoming, field: &str) -> String {
    form_urlencoded::parse(&incoming.body)
        .find(|(name, _)| name == field)
        .map(|(_, value)| value.chars().take(MAX_SHOWN_CHARS).collect())
        .unwrap_or_default()
}
