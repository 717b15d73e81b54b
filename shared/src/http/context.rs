use lambda_http::{Body, Response};

use super::http_request::HttpRequest;
use super::operation::Operation;
use super::problem::Problem;
use super::response::set_header;
use crate::domain::{App, PasswordPolicy};
use crate::i18n::{Catalogue, Language, Translator};

/// A request, and what the words and the look of its answer depend on.
#[derive(Clone, Copy)]
pub(super) struct RequestContext<'a> {
    pub(super) request: &'a HttpRequest,
    /// What the route is for; `None` when no route has this method.
    pub(super) operation: Option<Operation>,
    /// The app that is spoken for: the one that the caller names, or the default one.
    pub(super) app: &'a App,
    /// Whether there is the app that the caller names.
    known_app: bool,
    pub(super) texts: Translator<'a>,
    catalogue: &'a Catalogue,
    /// What a password must be like.
    pub(super) policy: PasswordPolicy,
}

impl<'a> RequestContext<'a> {
    pub(super) fn new(
        request: &'a HttpRequest,
        operation: Option<Operation>,
        (app, known_app): (&'a App, bool),
        catalogue: &'a Catalogue,
        policy: PasswordPolicy,
    ) -> Self {
        Self {
            request,
            operation,
            app,
            known_app,
            texts: texts(catalogue, app, request),
            catalogue,
            policy,
        }
    }

    /// The same context, spoken for another app: a token's own, which need not be the one that the
    /// caller named.
    pub(super) fn speaking_for(self, app: Option<&'a App>) -> Self {
        let app = app.unwrap_or(self.app);
        Self {
            app,
            texts: texts(self.catalogue, app, self.request),
            ..self
        }
    }

    pub(super) const fn require_app(&self) -> Result<&'a App, Problem> {
        if self.known_app {
            Ok(self.app)
        } else {
            Err(Problem::UnknownApp)
        }
    }

    /// Names the language of an answer that has words in it.
    pub(super) fn with_content_language(&self, mut response: Response<Body>) -> Response<Body> {
        let language = self.texts.language().tag();
        set_header(&mut response, "content-language", language);
        response
    }
}

/// The language that the caller accepts, else the app's.
fn texts<'a>(catalogue: &'a Catalogue, app: &'a App, request: &HttpRequest) -> Translator<'a> {
    let language = request
        .language()
        .or_else(|| Language::of_tag(&app.locale))
        .unwrap_or(Language::ENGLISH);
    catalogue.texts(Some(app), language)
}
