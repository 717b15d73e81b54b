use askama::Template;
use lambda_http::{Body, Response};

use super::assets;
use crate::domain::App;
use crate::http::context::RequestContext;
use crate::http::problem::Problem;
use crate::http::response;
use crate::i18n::{Around, Translator};

pub(in crate::http) struct Layout<'a> {
    pub(super) texts: Translator<'a>,
    pub(super) app: &'a App,
    /// What kind of page it is, for the script, the style and tests.
    pub(super) kind: &'static str,
    pub(super) title: String,
    /// What is said above everything else.
    pub(super) alerts: Vec<String>,
    /// What stands around the way to get help, and where that leads.
    pub(super) support: Around,
    pub(super) support_url: Option<String>,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
}

impl<'a> Layout<'a> {
    /// The layout of a page whose title is the message `title`.
    pub(super) fn new(context: &RequestContext<'a>, kind: &'static str, title: &str) -> Self {
        Self {
            texts: context.texts,
            app: context.app,
            kind,
            title: context.texts.text(title),
            alerts: Vec::new(),
            support: context.texts.around("page-support", "support"),
            support_url: context.app.support_url(),
            style: assets::STYLE,
            script: assets::SCRIPT,
        }
    }

    pub(super) fn with(self, alerts: Vec<String>) -> Self {
        Self { alerts, ..self }
    }

    pub(super) fn text(&self, id: &str) -> String {
        self.texts.text(id)
    }

    pub(super) fn language(&self) -> &'static str {
        self.texts.language().tag()
    }

    pub(super) fn direction(&self) -> &'static str {
        self.texts.language().direction()
    }

    /// What browsers show beside the title: an empty one where there is none, so that they do not ask
    /// for it. The policy of a page without any picture keeps them from asking.
    pub(super) fn favicon(&self) -> Option<String> {
        let branding = &self.app.branding;
        let favicon = branding.favicon.as_ref().map(ToString::to_string);
        favicon.or_else(|| branding.has_images().then(|| "data:,".to_owned()))
    }

    /// The style of the app: a colour that the configuration has checked, and nothing else.
    pub(super) fn accent(&self) -> String {
        format!(":root{{--accent:{}}}", self.app.accent)
    }
}

pub(in crate::http) trait Page: Template {
    /// What it has in common with the others.
    fn layout(&self) -> &Layout<'_>;
}

pub(in crate::http) fn show(status: u16, page: &impl Page) -> Response<Body> {
    let layout = page.layout();
    match page.render() {
        Ok(text) => {
            let mut shown = response::html(
                status,
                text,
                &assets::policy(&layout.accent(), layout.app.branding.has_images()),
            );
            response::set_header(&mut shown, "content-language", layout.language());
            shown
        }
        Err(error) => {
            tracing::error!(%error, "failed to render a page");
            response::problem(&Problem::Internal, &layout.texts)
        }
    }
}
