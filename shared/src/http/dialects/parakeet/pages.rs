use askama::Template;
use lambda_http::{Body, Response};

use super::AcceptedView;
use crate::domain::App;
use crate::http::problem::Problem;
use crate::http::response;

/// The page on which a reset is asked for.
#[derive(Template)]
#[template(path = "pages/request.html")]
pub(super) struct RequestPage<'a> {
    title: &'static str,
    app_name: Option<&'a str>,
}

impl<'a> RequestPage<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        Self {
            title: "Reset your password",
            app_name: Some(&app.display_name),
        }
    }
}

/// What it turns into, whether or not there is an account.
#[derive(Template)]
#[template(path = "pages/sent.html")]
pub(super) struct SentPage<'a> {
    title: &'static str,
    app_name: Option<&'a str>,
    email: &'a str,
    resend_after: u64,
    again: &'a str,
}

impl<'a> SentPage<'a> {
    pub(super) fn new(view: &AcceptedView<'a>, again: &'a str) -> Self {
        Self {
            title: "Check your inbox",
            app_name: Some(&view.app.display_name),
            email: view.email.typed(),
            resend_after: view.resend_after,
            again,
        }
    }
}

/// The page that a mailed link leads to.
#[derive(Template)]
#[template(path = "pages/reset.html")]
pub(super) struct ResetPage<'a> {
    title: &'static str,
    app_name: Option<&'a str>,
    email: &'a str,
    errors: Vec<String>,
}

impl<'a> ResetPage<'a> {
    pub(super) fn new(app: Option<&'a App>, email: &'a str, errors: Vec<String>) -> Self {
        Self {
            title: "Choose a new password",
            app_name: app.map(|app| app.display_name.as_str()),
            email,
            errors,
        }
    }
}

/// What it turns into.
#[derive(Template)]
#[template(path = "pages/done.html")]
pub(super) struct DonePage<'a> {
    title: &'static str,
    app_name: Option<&'a str>,
    login_url: &'a str,
}

impl<'a> DonePage<'a> {
    pub(super) fn new(app: &'a App) -> Self {
        Self {
            title: "Done",
            app_name: Some(&app.display_name),
            login_url: &app.login_url,
        }
    }
}

/// The page for whatever went wrong.
#[derive(Template)]
#[template(path = "pages/problem.html")]
pub(super) struct ProblemPage {
    title: &'static str,
    app_name: Option<&'static str>,
    errors: Vec<String>,
    again: Option<String>,
}

impl ProblemPage {
    pub(super) const fn new(errors: Vec<String>, again: Option<String>) -> Self {
        Self {
            title: "This did not work",
            app_name: None,
            errors,
            again,
        }
    }
}

/// A page as an answer.
pub(super) fn html(status: u16, page: &impl Template) -> Response<Body> {
    match page.render() {
        Ok(page) => response::html(status, page),
        Err(error) => {
            tracing::error!(%error, "failed to render a page");
            response::problem(&Problem::Internal)
        }
    }
}
