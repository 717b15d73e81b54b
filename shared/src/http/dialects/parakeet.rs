mod pages;

use lambda_http::{Body, Response};
use url::form_urlencoded;

use super::fields::{read_email, read_password_twice};
use super::{AcceptedView, ConfirmForm, ConfirmedView, Dialect, RequestForm, VerifiedView};
use crate::domain::App;
use crate::http::body::Fields;
use crate::http::incoming::Incoming;
use crate::http::problem::Problem;
use crate::http::response::set_header;
use crate::use_cases::Proof;
use pages::{DonePage, ProblemPage, RequestPage, ResetPage, SentPage, html};

/// Where a reset is asked for.
const REQUEST_PATH: &str = "/auth/forgot-password";

/// Parakeet: pages that are served here, and plain form posts.
pub(in crate::http) struct Parakeet;

/// The one there is.
pub(in crate::http) const PARAKEET: Parakeet = Parakeet;

impl Dialect for Parakeet {
    /// A link to a page can carry no header.
    fn app_name<'a>(&self, incoming: &'a Incoming) -> Option<&'a str> {
        incoming.app_query.as_deref()
    }

    fn request_page(&self, _: &Incoming, app: &App) -> Response<Body> {
        html(200, &RequestPage::new(app))
    }

    fn read_request(&self, incoming: &Incoming) -> Result<RequestForm, Problem> {
        let mut fields = Fields::read_form(incoming)?;
        let email = read_email(&mut fields);
        fields.finish_lenient(email.map(RequestForm::plain))
    }

    fn accepted(&self, incoming: &Incoming, view: &AcceptedView<'_>) -> Response<Body> {
        html(200, &SentPage::new(view, &request_link(incoming)))
    }

    fn read_verify(&self, incoming: &Incoming) -> Result<Proof, Problem> {
        Ok(Proof::link(incoming.path_token()))
    }

    fn verified(&self, _: &Incoming, view: &VerifiedView<'_>) -> Response<Body> {
        html(
            200,
            &ResetPage::new(Some(view.app), &view.verified.email, Vec::new()),
        )
    }

    fn read_confirm(&self, incoming: &Incoming) -> Result<ConfirmForm, Problem> {
        let mut fields = Fields::read_form(incoming)?;
        let password = read_password_twice(&mut fields, "confirm");
        fields.finish_lenient(password.map(|password| ConfirmForm {
            proof: Proof::link(incoming.path_token()),
            password,
        }))
    }

    /// The login page is the app's own, never one that the request names.
    fn confirmed(&self, _: &Incoming, view: &ConfirmedView<'_>) -> Response<Body> {
        let mut response = html(200, &DonePage::new(view.app));
        set_header(
            &mut response,
            "refresh",
            &format!("5; url={}", view.app.login_url),
        );
        response
    }

    fn problem(&self, incoming: &Incoming, problem: &Problem) -> Response<Body> {
        let on_form = incoming.method == "POST" && incoming.path != REQUEST_PATH;
        match problem {
            Problem::InvalidRequest(_) | Problem::PasswordRejected { .. } if on_form => {
                // The form comes back as it was, less the passwords; what it shows as the address
                // is what it was sent with, and is trusted for nothing.
                let email = submitted_email(incoming);
                let page = ResetPage::new(None, &email, problem.sentences());
                html(problem.status(), &page)
            }
            _ => {
                let again = matches!(problem, Problem::InvalidToken | Problem::InvalidRequest(_));
                let again = again.then(|| request_link(incoming));
                html(
                    problem.status(),
                    &ProblemPage::new(problem.sentences(), again),
                )
            }
        }
    }
}

/// The link to the page on which a reset is asked for, for the same app.
fn request_link(incoming: &Incoming) -> String {
    match incoming.app_query.as_deref() {
        None | Some("") => REQUEST_PATH.to_owned(),
        Some(app) => {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("app", app)
                .finish();
            format!("{REQUEST_PATH}?{query}")
        }
    }
}

fn submitted_email(incoming: &Incoming) -> String {
    form_urlencoded::parse(&incoming.body)
        .find(|(name, _)| name == "email")
        .map(|(_, value)| value.chars().take(254).collect())
        .unwrap_or_default()
}
