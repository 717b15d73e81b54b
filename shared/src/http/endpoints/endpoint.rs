use aws_lambda_events::event::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_http::{Body, Request, Response};
use url::form_urlencoded;

use super::settings::HttpSettings;
use crate::http::context::RequestContext;
use crate::http::dialects::{Dialect, Route};
use crate::http::event;
use crate::http::http_request::HttpRequest;
use crate::http::operation::FunctionName;
use crate::http::problem::Problem;
use crate::http::response::{problem, see_other, set_header, with_security_headers};
use crate::http::routes::{Matched, allowed_methods, find};
use crate::i18n::Language;
use crate::ports::{Measurement, measure};

/// What one function answers on its routes.
pub(super) trait Endpoint: Sync {
    const FUNCTION: FunctionName;

    fn settings(&self) -> &HttpSettings;

    fn answer(
        &self,
        context: RequestContext<'_>,
        route: &'static Route,
    ) -> impl Future<Output = Result<Response<Body>, Problem>> + Send;
}

/// Answers one event of the HTTP API.
pub(super) async fn serve<E: Endpoint>(
    endpoint: &E,
    event: ApiGatewayV2httpRequest,
) -> ApiGatewayV2httpResponse {
    // Boxed, so that the many layers below count as one for the code that awaits this.
    event::response(Box::pin(respond(endpoint, event::request(event))).await)
}

/// Finds the route of a request, lets the endpoint answer it, and finishes the answer.
async fn respond<E: Endpoint>(endpoint: &E, request: Request) -> Response<Body> {
    let settings = endpoint.settings();
    let Some(mut http_request) = HttpRequest::read(request, &settings.edge, &settings.form_origins)
    else {
        let texts = settings.catalogue.texts(None, Language::ENGLISH);
        return with_security_headers(problem(&Problem::NotFound, &texts));
    };
    let mut response = match find(E::FUNCTION, &http_request.method, &http_request.path) {
        Matched::Route(route) => {
            let token = route.path_token(&http_request.path);
            http_request.path_token = token.map(str::to_owned);
            let context = settings.context(&http_request, Some(route.operation), route.dialect);
            let shown = settings.require_enabled().is_ok() && context.require_app().is_ok();
            let carried = shown.then(|| route.dialect.carried(&context)).flatten();
            let answer = match carried {
                Some(form) => Ok(form),
                None => endpoint.answer(context, route).await,
            };
            answer.unwrap_or_else(|problem| {
                settings.log_refusal(&http_request, route, &problem);
                let app = problem.app().and_then(|app| settings.apps.get(app));
                refuse(route.dialect, &context.speaking_for(app), &problem)
            })
        }
        Matched::OtherMethod(route) => {
            let context = settings.context(&http_request, None, route.dialect);
            let allowed = allowed_methods(&http_request.path);
            let problem = Problem::MethodNotAllowed { allowed };
            refuse(route.dialect, &context, &problem)
        }
        Matched::BrokenLink(route) => {
            let context = settings.context(&http_request, Some(route.operation), route.dialect);
            let problem = settings.broken_link(&context, route.operation);
            refuse(route.dialect, &context, &problem)
        }
        Matched::Page(path) => see_other(&with_app(&path, http_request.app_query.as_deref())),
        Matched::Nothing(dialect) => {
            let context = settings.context(&http_request, None, dialect);
            refuse(dialect, &context, &Problem::NotFound)
        }
    };
    if response.status().is_server_error() {
        measure(Measurement::ServerError);
    }
    if http_request.method == "HEAD" {
        *response.body_mut() = Body::Empty;
    }
    with_security_headers(response)
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
fn refuse(
    dialect: &dyn Dialect,
    context: &RequestContext<'_>,
    problem: &Problem,
) -> Response<Body> {
    let mut response = dialect.problem(context, problem);
    for (name, value) in problem.headers() {
        set_header(&mut response, name, &value);
    }
    context.with_content_language(response)
}
