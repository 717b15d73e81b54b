use std::time::Duration;

use super::cors;
use super::event::build_event;
use super::request::{ApiRequest, MAX_BODY};
use super::response::{ApiResponse, translate};
use super::routes::Routes;
use crate::invoke::{Invoke, InvokeError};
use crate::template::{Cors, HttpApi};

/// The largest event that Lambda takes, in bytes of JSON.
const MAX_EVENT: usize = 6 * 1024 * 1024;

/// The longest wait for a function. API Gateway gives it 30 s, in which a machine that is busy with other
/// tests may not have come to it.
const TIMEOUT: Duration = Duration::from_mins(10);

/// The HTTP API without its listener.
#[derive(Debug, Clone)]
pub struct ApiGateway {
    routes: Routes,
    cors: Option<Cors>,
}

impl ApiGateway {
    /// The gateway for the template's API.
    pub fn new(api: &HttpApi) -> Self {
        Self {
            routes: Routes::new(api),
            cors: api.cors.clone(),
        }
    }

    /// The routes, for [`build_event`].
    pub fn routes(&self) -> &Routes {
        &self.routes
    }

    /// Answers `request` by the function that its route names.
    pub async fn handle(&self, request: &ApiRequest, invoker: &impl Invoke) -> ApiResponse {
        let preflight = self
            .cors
            .as_ref()
            .and_then(|cors| cors::preflight(cors, request));
        let mut response = if let Some(response) = preflight {
            response
        } else {
            let mut response = self.answer(request, invoker).await;
            if let Some(cors) = &self.cors {
                cors::decorate(cors, request, &mut response);
            }
            response
        };
        let id = ("apigw-requestid".to_owned(), request.request_id.clone());
        response.headers.push(id);
        response
    }

    async fn answer(&self, request: &ApiRequest, invoker: &impl Invoke) -> ApiResponse {
        if request.body.len() > MAX_BODY {
            return too_large();
        }
        if !request.values("host").all(is_host) {
            return ApiResponse::of_gateway(403, "Forbidden");
        }
        let Some(invocation) = build_event(&self.routes, request) else {
            return ApiResponse::of_gateway(404, "Not Found");
        };
        // Base64 and escapes make an event larger than its body, but never so much larger.
        if request.body.len() > MAX_EVENT / 8 && invocation.event.to_string().len() > MAX_EVENT {
            return too_large();
        }
        let answer = invoker.invoke(&invocation.function, invocation.event);
        match tokio::time::timeout(TIMEOUT, answer).await {
            Ok(Ok(answer)) => translate(&answer)
                .unwrap_or_else(|| ApiResponse::of_gateway(500, "Internal Server Error")),
            Ok(Err(InvokeError::Function { .. })) => {
                ApiResponse::of_gateway(500, "Internal Server Error")
            }
            Ok(Err(InvokeError::Unreachable(_))) | Err(_) => {
                ApiResponse::of_gateway(503, "Service Unavailable")
            }
        }
    }
}

fn too_large() -> ApiResponse {
    ApiResponse::of_gateway(413, "Request Entity Too Large")
}

/// API Gateway answers to its own names only, so no function ever sees a host that is none.
fn is_host(text: &str) -> bool {
    url::Url::parse(&format!("https://{text}/")).is_ok_and(|url| url.path() == "/")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::template::Route;

    fn gateway() -> ApiGateway {
        let route = Route {
            method: None,
            path: String::new(),
            function: "Function".to_owned(),
        };
        ApiGateway::new(&HttpApi {
            routes: vec![route],
            cors: None,
        })
    }

    async fn teapot(_: String, _: Value) -> Result<Value, InvokeError> {
        Ok(json!({"statusCode": 418}))
    }

    async fn status(request: &ApiRequest) -> u16 {
        gateway().handle(request, &teapot).await.status
    }

    #[tokio::test]
    async fn a_request_is_too_large_for_the_gateway_or_for_the_function() {
        let request = |size| ApiRequest::new("POST", "/").body(vec![b'x'; size]);
        assert_eq!(status(&request(1024 * 1024)).await, 418);
        // Without a content type it travels as base64, which is a third longer.
        assert_eq!(status(&request(MAX_EVENT - 1024 * 1024)).await, 413);
        assert_eq!(status(&request(MAX_BODY + 1)).await, 413);
    }

    #[tokio::test]
    async fn a_host_that_is_none_never_reaches_a_function() {
        for (host, expected) in [
            ("localhost:9000", 418),
            ("evil.example", 418),
            ("a b", 403),
            ("example.com:99999", 403),
            ("example.com/x", 403),
        ] {
            let request = ApiRequest::new("GET", "/").header("host", host);
            assert_eq!(status(&request).await, expected, "{host}");
        }
    }

    #[tokio::test]
    async fn failures_look_like_those_of_api_gateway() {
        for (error, status, message) in [
            (
                InvokeError::function("Panic", "secret"),
                500,
                "Internal Server Error",
            ),
            (
                InvokeError::Unreachable("secret".to_owned()),
                503,
                "Service Unavailable",
            ),
        ] {
            let fails = |_: String, _: Value| std::future::ready(Err(error.clone()));
            let request = ApiRequest::new("GET", "/");
            let answer = gateway().handle(&request, &fails).await;
            assert_eq!(answer.status, status);
            let said = answer.json().expect("JSON");
            assert_eq!(said, json!({"message": message}));
        }
    }
}
