use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

/// What the HTTP API answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResponse {
    pub status: u16,
    /// The headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl ApiResponse {
    /// One of API Gateway's own answers.
    pub(super) fn of_gateway(status: u16, message: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: format!(r#"{{"message":"{message}"}}"#).into_bytes(),
        }
    }

    /// The value of the first header called `name`, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The headers as lines, in order.
    pub fn header_lines(&self) -> impl Iterator<Item = String> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| format!("{name}: {value}"))
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Result<Value> {
        serde_json::from_slice(&self.body)
    }
}

/// What a function returns in payload format 2.0.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    headers: Option<BTreeMap<String, String>>,
    cookies: Option<Vec<String>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

/// The response that API Gateway makes of what a function returned.
///
/// `None` when it is malformed; API Gateway then answers 500. One without a status, of which it would make
/// a success, counts as malformed here: no function means that.
pub fn translate(answer: &Value) -> Option<ApiResponse> {
    let answer = Answer::deserialize(answer).ok()?;
    let headers = answer.headers.into_iter().flatten();
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value));
    let cookies = answer.cookies.into_iter().flatten();
    let cookies = cookies.map(|cookie| ("set-cookie".to_owned(), cookie));
    let body = answer.body.unwrap_or_default();
    let mut response = ApiResponse {
        status: Some(answer.status_code).filter(|status| (100..=599).contains(status))?,
        headers: headers.chain(cookies).collect(),
        body: match answer.is_base64_encoded {
            Some(true) => STANDARD.decode(body).ok()?,
            _ => body.into_bytes(),
        },
    };
    if response.header("content-type").is_none() && !response.body.is_empty() {
        let text = (
            "content-type".to_owned(),
            "text/plain;charset=UTF-8".to_owned(),
        );
        response.headers.push(text);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_response_is_translated_whole() {
        let response = translate(&json!({
            "statusCode": 202,
            "headers": {"Content-Type": "application/json", "X-A": "1"},
            "multiValueHeaders": {"x-b": ["of another format"]},
            "cookies": ["a=1", "b=2"],
            "body": "e30=",
            "isBase64Encoded": true,
        }))
        .expect("a response");
        let headers: Vec<_> = response.header_lines().collect();
        assert_eq!(
            headers,
            [
                "content-type: application/json",
                "x-a: 1",
                "set-cookie: a=1",
                "set-cookie: b=2"
            ]
        );
        assert_eq!(
            (response.status, response.body.as_slice()),
            (202, &b"{}"[..])
        );
    }

    #[test]
    fn malformed_answers_are_refused() {
        for answer in [
            json!({"a": 1}),
            json!({"statusCode": "x"}),
            json!({"statusCode": 99}),
            json!({"statusCode": 200, "headers": []}),
            json!({"statusCode": 200, "headers": {"a": {}}}),
            json!({"statusCode": 200, "cookies": "a"}),
            json!({"statusCode": 200, "body": {}}),
            json!({"statusCode": 200, "body": "*", "isBase64Encoded": true}),
        ] {
            assert_eq!(translate(&answer), None, "{answer}");
        }
    }
}
