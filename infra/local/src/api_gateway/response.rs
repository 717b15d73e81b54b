use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

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

/// The response that API Gateway makes of what a function returned in payload format 2.0.
///
/// `None` when it is malformed; API Gateway then answers 500. One without a status, of which it would make
/// a success, counts as malformed here: no function means that.
pub fn translate(answer: &Value) -> Option<ApiResponse> {
    let object = answer.as_object()?;
    let status = object
        .get("statusCode")
        .and_then(|status| status.as_u64().or_else(|| status.as_str()?.parse().ok()))
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (100..=599).contains(status))?;
    let mut response = ApiResponse {
        status,
        headers: headers(object)?,
        body: body(object)?,
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

fn headers(object: &Map<String, Value>) -> Option<Vec<(String, String)>> {
    let mut headers = Vec::new();
    for (name, value) in map(object, "headers")? {
        let value = plain(value)?;
        headers.push((name.to_ascii_lowercase(), value));
    }
    let single: Vec<_> = headers.iter().map(|(name, _)| name.clone()).collect();
    for (name, values) in map(object, "multiValueHeaders")? {
        let name = name.to_ascii_lowercase();
        if single.contains(&name) {
            continue;
        }
        for value in list(values)? {
            headers.push((name.clone(), value));
        }
    }
    if let Some(cookies) = object.get("cookies").filter(|cookies| !cookies.is_null()) {
        for cookie in list(cookies)? {
            headers.push(("set-cookie".to_owned(), cookie));
        }
    }
    Some(headers)
}

fn map<'a>(
    object: &'a Map<String, Value>,
    key: &str,
) -> Option<impl Iterator<Item = (&'a String, &'a Value)>> {
    let entries = match object.get(key) {
        None | Some(Value::Null) => None,
        Some(Value::Object(entries)) => Some(entries),
        Some(_) => return None,
    };
    Some(entries.into_iter().flatten())
}

fn list(values: &Value) -> Option<Vec<String>> {
    values
        .as_array()
        .and_then(|values| values.iter().map(plain).collect())
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn body(object: &Map<String, Value>) -> Option<Vec<u8>> {
    let text = match object.get("body") {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(Value::String(text)) => text,
        Some(_) => return None,
    };
    if object.get("isBase64Encoded") != Some(&Value::Bool(true)) {
        return Some(text.clone().into_bytes());
    }
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_response_is_translated_whole() {
        let response = translate(&json!({
            "statusCode": 202,
            "headers": {"Content-Type": "application/json", "X-A": 1},
            "multiValueHeaders": {"content-type": ["ignored"], "x-b": ["1", "2"]},
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
                "x-b: 1",
                "x-b: 2",
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
