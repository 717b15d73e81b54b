//! CORS as API Gateway does it: from the configuration alone, whatever the functions say.

use super::request::ApiRequest;
use super::response::ApiResponse;
use crate::template::Cors;

const PREFIX: &str = "access-control-";

/// The answer to a preflight; `None` when `request` is none.
pub(super) fn preflight(cors: &Cors, request: &ApiRequest) -> Option<ApiResponse> {
    let asks = request
        .values("access-control-request-method")
        .next()
        .is_some();
    let origin = request.values("origin").next()?;
    if request.method != "OPTIONS" || !asks {
        return None;
    }
    let mut response = ApiResponse {
        status: 204,
        headers: Vec::new(),
        body: Vec::new(),
    };
    if let Some(allowed) = allowed_origin(cors, origin) {
        add(&mut response, "allow-origin", allowed);
        add_list(&mut response, "allow-methods", &cors.allow_methods);
        add_list(&mut response, "allow-headers", &cors.allow_headers);
        if let Some(age) = cors.max_age {
            add(&mut response, "max-age", age.to_string());
        }
        add_credentials(&mut response, cors);
    }
    Some(response)
}

/// Puts the configured headers in the place of the function's own.
pub(super) fn decorate(cors: &Cors, request: &ApiRequest, response: &mut ApiResponse) {
    response
        .headers
        .retain(|(name, _)| !name.starts_with(PREFIX));
    let Some(origin) = request.values("origin").next() else {
        return;
    };
    if let Some(allowed) = allowed_origin(cors, origin) {
        add(response, "allow-origin", allowed);
        add_list(response, "expose-headers", &cors.expose_headers);
        add_credentials(response, cors);
    }
}

fn allowed_origin(cors: &Cors, origin: &str) -> Option<String> {
    let mut allowed = cors.allow_origins.iter();
    let is_allowed = allowed.any(|allowed| allowed.eq_ignore_ascii_case(origin));
    is_allowed.then(|| origin.to_owned())
}

fn add(response: &mut ApiResponse, name: &str, value: String) {
    response.headers.push((format!("{PREFIX}{name}"), value));
}

fn add_list(response: &mut ApiResponse, name: &str, values: &[String]) {
    if !values.is_empty() {
        add(response, name, values.join(","));
    }
}

fn add_credentials(response: &mut ApiResponse, cors: &Cors) {
    if cors.allow_credentials {
        add(response, "allow-credentials", "true".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cors() -> Cors {
        Cors {
            allow_origins: vec!["https://a.example".to_owned()],
            allow_methods: vec!["GET".to_owned(), "POST".to_owned()],
            allow_headers: vec!["content-type".to_owned()],
            expose_headers: vec!["retry-after".to_owned()],
            max_age: Some(600),
            allow_credentials: false,
        }
    }

    fn ask(origin: &str) -> ApiRequest {
        ApiRequest::new("OPTIONS", "/")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
    }

    #[test]
    fn a_preflight_is_answered_from_the_configuration() {
        let response = preflight(&cors(), &ask("https://a.example")).expect("a preflight");
        assert_eq!(response.status, 204);
        let headers: Vec<_> = response.header_lines().collect();
        assert_eq!(
            headers,
            [
                "access-control-allow-origin: https://a.example",
                "access-control-allow-methods: GET,POST",
                "access-control-allow-headers: content-type",
                "access-control-max-age: 600",
            ]
        );
    }

    #[test]
    fn a_foreign_origin_gets_no_headers() {
        for origin in ["https://b.example", "https://a.example.evil", "null", "*"] {
            let response = preflight(&cors(), &ask(origin)).expect("a preflight");
            assert_eq!((response.status, response.headers), (204, Vec::new()));
        }
    }

    #[test]
    fn an_options_request_without_a_question_is_no_preflight() {
        let request = ApiRequest::new("OPTIONS", "/").header("Origin", "https://a.example");
        assert_eq!(preflight(&cors(), &request), None);
    }

    #[test]
    fn the_functions_own_headers_are_replaced() {
        let own = ("access-control-allow-origin".to_owned(), "*".to_owned());
        let plain = ApiRequest::new("GET", "/");
        let allowed = plain.clone().header("origin", "https://a.example");
        for (request, origin, exposed) in [
            (plain, None, None),
            (allowed, Some("https://a.example"), Some("retry-after")),
        ] {
            let mut response = ApiResponse::of_gateway(200, "x");
            response.headers.push(own.clone());
            decorate(&cors(), &request, &mut response);
            let header = |name| response.header(name);
            assert_eq!(header("access-control-allow-origin"), origin);
            assert_eq!(header("access-control-expose-headers"), exposed);
        }
    }
}
