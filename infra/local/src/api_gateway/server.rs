use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use tokio::net::TcpListener;

use super::gateway::ApiGateway;
use super::request::ApiRequest;
use super::request::{MAX_BODY, SOURCE_IP_HEADER};
use super::response::ApiResponse;
use crate::invoke::Invoke;
use crate::server::Server;

/// The HTTP API on a port.
#[derive(Debug)]
pub struct ApiGatewayServer(Server);

struct Shared<I> {
    gateway: ApiGateway,
    invoker: I,
}

impl ApiGatewayServer {
    /// Serves `gateway` on `listener`, with functions run by `invoker`.
    pub fn start<I>(listener: TcpListener, gateway: ApiGateway, invoker: I) -> io::Result<Self>
    where
        I: Invoke + Send + 'static,
    {
        let shared = Arc::new(Shared { gateway, invoker });
        let router = Router::new().fallback(handle::<I>).with_state(shared);
        Server::start(listener, router).map(Self)
    }

    /// The API's URL, without a slash at the end.
    pub fn url(&self) -> &str {
        self.0.url()
    }
}

async fn handle<I: Invoke + Send + 'static>(
    State(shared): State<Arc<Shared<I>>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response<Body> {
    let request = read(request, peer).await;
    to_http(shared.gateway.handle(&request, &shared.invoker).await)
}

async fn read(request: Request, peer: SocketAddr) -> ApiRequest {
    let (parts, body) = request.into_parts();
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let mut read = ApiRequest::new(parts.method.as_str(), target);
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        read.headers
            .push((name.as_str().to_owned(), value.into_owned()));
    }
    let given = read.values(SOURCE_IP_HEADER).next();
    let given = given.and_then(|text| text.parse().ok());
    read.source_ip = given.unwrap_or(peer.ip()).to_string();
    // One byte more than is allowed is enough to tell.
    read.body = match to_bytes(body, MAX_BODY).await {
        Ok(body) => body.to_vec(),
        Err(_) => vec![0; MAX_BODY + 1],
    };
    read
}

fn to_http(response: ApiResponse) -> Response<Body> {
    let mut http = Response::new(Body::from(response.body));
    *http.status_mut() =
        StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        // The server counts the bytes itself.
        if name == "content-length" {
            continue;
        }
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            http.headers_mut().append(name, value);
        }
    }
    http
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::invoke::InvokeError;
    use crate::template::{HttpApi, Route};

    async fn start() -> ApiGatewayServer {
        let api = HttpApi {
            routes: vec![Route {
                method: Some("POST".to_owned()),
                path: "/echo".to_owned(),
                function: "Echo".to_owned(),
            }],
            cors: None,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = ApiGateway::new(&api);
        ApiGatewayServer::start(listener, gateway, echo).expect("starts")
    }

    async fn echo(function: String, event: Value) -> Result<Value, InvokeError> {
        let body = json!({"function": function, "event": event}).to_string();
        Ok(
            json!({"statusCode": 201, "headers": {"content-type": "application/json"}, "body": body}),
        )
    }

    #[tokio::test]
    async fn a_request_reaches_the_function_and_its_answer_the_client() {
        let server = start().await;
        let answer = reqwest::Client::new()
            .post(format!("{}/echo?a=b", server.url()))
            .header(SOURCE_IP_HEADER, "203.0.113.9")
            .json(&json!({"x": 1}))
            .send()
            .await
            .expect("answers");
        assert_eq!(answer.status(), 201);
        assert!(answer.headers().contains_key("apigw-requestid"));
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["function"], "Echo");
        assert_eq!(
            body["event"]["requestContext"]["http"]["sourceIp"],
            "203.0.113.9"
        );
        assert_eq!(body["event"]["body"], r#"{"x":1}"#);
        assert_eq!(body["event"]["headers"].get(SOURCE_IP_HEADER), None);
    }

    #[tokio::test]
    async fn what_is_too_large_or_routed_nowhere_is_refused() {
        let server = start().await;
        let client = reqwest::Client::new();
        let url = format!("{}/echo", server.url());
        let large = client.post(&url).body(vec![b'x'; MAX_BODY + 1]);
        for (request, status, message) in [
            (large, 413, "Request Entity Too Large"),
            (client.get(&url), 404, "Not Found"),
        ] {
            let answer = request.send().await.expect("answers");
            assert_eq!(answer.status(), status);
            let said: Value = answer.json().await.expect("JSON");
            assert_eq!(said, json!({"message": message}));
        }
    }
}
