use std::collections::BTreeMap;

use reqwest::StatusCode;
use serde_json::Value;

use super::groups::FunctionGroup;
use crate::invoke::{Invoke, InvokeError};

/// Reaches functions by the invocation endpoints of `cargo lambda watch`.
#[derive(Debug, Clone)]
pub struct CargoLambda {
    client: reqwest::Client,
    /// The endpoint of each function, by logical id.
    urls: BTreeMap<String, String>,
}

impl CargoLambda {
    /// An invoker that knows no function yet.
    pub fn new() -> reqwest::Result<Self> {
        // A proxy between two processes of one machine would be a mistake.
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self {
            client,
            urls: BTreeMap::new(),
        })
    }

    /// Adds the functions of `group`, whose process listens on `port`.
    pub fn add(&mut self, group: &FunctionGroup, port: u16) {
        for (id, binary) in &group.binaries {
            let url = format!("http://127.0.0.1:{port}/2015-03-31/functions/{binary}/invocations");
            self.urls.insert(id.clone(), url);
        }
    }

    async fn post(&self, url: &str, event: Value) -> reqwest::Result<(StatusCode, Vec<u8>)> {
        let answer = self.client.post(url).json(&event).send().await?;
        let status = answer.status();
        Ok((status, answer.bytes().await?.to_vec()))
    }
}

impl Invoke for CargoLambda {
    async fn invoke(&self, function: &str, event: Value) -> Result<Value, InvokeError> {
        let url = self
            .urls
            .get(function)
            .ok_or_else(|| InvokeError::Unreachable(format!("{function} does not run here")))?;
        match self.post(url, event).await {
            Ok((status, body)) => read(status, &body),
            Err(error) => Err(InvokeError::Unreachable(error.to_string())),
        }
    }
}

fn read(status: StatusCode, body: &[u8]) -> Result<Value, InvokeError> {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    if status.is_success() {
        return Ok(value);
    }
    match (value["errorType"].as_str(), value["errorMessage"].as_str()) {
        (Some(kind), message) => Err(InvokeError::function(kind, message.unwrap_or_default())),
        (None, _) => Err(InvokeError::Unreachable(format!(
            "status {status}: {}",
            String::from_utf8_lossy(body)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_told_apart() {
        assert_eq!(read(StatusCode::OK, b"{\"a\":1}"), Ok(json!({"a": 1})));
        assert_eq!(read(StatusCode::OK, b""), Ok(Value::Null));
        let failed = br#"{"errorType":"E","errorMessage":"m"}"#;
        assert_eq!(
            read(StatusCode::INTERNAL_SERVER_ERROR, failed),
            Err(InvokeError::function("E", "m"))
        );
        let missing = br#"{"title":"Missing function"}"#;
        assert!(matches!(
            read(StatusCode::NOT_FOUND, missing),
            Err(InvokeError::Unreachable(_))
        ));
    }
}
