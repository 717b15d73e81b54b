use lambda_http::{Body, Request, Response};
use url::form_urlencoded;

use super::settings::HttpSettings;
use crate::http::dialects::Dialect;
use crate::http::exchange::Exchange;
use crate::http::incoming::Incoming;
use crate::http::operation::FunctionName;
use crate::http::problem::Problem;
use crate::http::response::{problem, secure, see_other, set_header};
use crate::http::routes::{Matched, Route, allowed_methods, find, path_token};
use crate::i18n::Language;
use crate::ports::{Measurement, measure};

/// What one function answers on its routes.
pub(super) trait Endpoint: Sync {
    const FUNCTION: FunctionName;

    fn settings(&self) -> &HttpSettings;

    fn answer(
        &self,
        exchange: Exchange<'_>,
        route: &'static Route,
    ) -> impl Future<Output = Result<Response<Body>, Problem>> + Send;
}

/// Finds the route of a request, lets the endpoint answer it, and finishes the answer.
pub(super) async fn serve<E: Endpoint>(endpoint: &E, request: Request) -> Response<Body> {
    let settings = endpoint.settings();
    let Some(mut incoming) = Incoming::read(request, &settings.edge, &settings.form_origins) else {
        let texts = settings.catalogue.texts(None, Language::ENGLISH);
        return secure(problem(&Problem::NotFound, &texts));
    };
    let mut response = match find(E::FUNCTION, &incoming.method, &incoming.path) {
        Matched::Route(route) => {
            let token = path_token(route.path, &incoming.path);
            incoming.path_token = token.map(str::to_owned);
            let exchange = settings.exchange(&incoming, Some(route.operation), route.dialect);
            let answer = endpoint.answer(exchange, route).await;
            answer.unwrap_or_else(|problem| {
                settings.log_refusal(&incoming, route, &problem);
                let app = problem.app().and_then(|app| settings.apps.get(app));
                refuse(route.dialect, &exchange.speaking_for(app), &problem)
            })
        }
        Matched::OtherMethod(route) => {
            let exchange = settings.exchange(&incoming, None, route.dialect);
            let allowed = allowed_methods(&incoming.path);
            let problem = Problem::MethodNotAllowed { allowed };
            refuse(route.dialect, &exchange, &problem)
        }
        Matched::BrokenLink(route) => {
            let exchange = settings.exchange(&incoming, Some(route.operation), route.dialect);
            let problem = settings.broken_link(&exchange, route.operation);
            refuse(route.dialect, &exchange, &problem)
        }
        Matched::Page(path) => see_other(&with_app(&path, incoming.app_query.as_deref())),
        Matched::Nothing(dialect) => {
            let exchange = settings.exchange(&incoming, None, dialect);
            refuse(dialect, &exchange, &Problem::NotFound)
        }
    };
    if response.status().is_server_error() {
        measure(Measurement::ServerError);
    }
    if incoming.method == "HEAD" {
        *response.body_mut() = Body::Empty;
    }
    secure(response)
}

/// A page's path, for the app that the caller names.
fn with_app(path: &str, app: Option<&str>) -> String {
    match app {
        Some(app) => {
            let app: String = form_urlencoded::byte_serialize(app.as_bytes()).collect();
            format!("{path}?app={app}")
        }
        None => path.to_owned(),
    }
}

/// A problem in the words of a dialect, with the headers that every dialect has.
fn refuse(dialect: &dyn Dialect, exchange: &Exchange<'_>, problem: &Problem) -> Response<Body> {
    let mut response = dialect.problem(exchange, problem);
    for (name, value) in problem.headers() {
        set_header(&mut response, name, &value);
    }
    exchange.in_its_language(response)
}
