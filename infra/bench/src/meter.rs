//! Counts what calls of AWS cost: it stands between the functions and the embedded services, and asks
//! DynamoDB to say what each call consumed.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::UNPOISONED;

#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Such as `UpdateItem` or `SendEmail`.
    pub(crate) operation: String,
    /// Units of DynamoDB that were read with.
    pub(crate) read_units: f64,
    /// Units of DynamoDB that were written with.
    pub(crate) write_units: f64,
}

pub(crate) struct Meter {
    url: String,
    shared: Arc<Shared>,
}

struct Shared {
    dynamodb: String,
    ses: String,
    client: reqwest::Client,
    calls: Mutex<Vec<Call>>,
}

impl Meter {
    /// Listens, in front of these two.
    pub(crate) fn start(listener: TcpListener, dynamodb: &str, ses: &str) -> Self {
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared {
            dynamodb: dynamodb.to_owned(),
            ses: ses.to_owned(),
            client: reqwest::Client::new(),
            calls: Mutex::default(),
        });
        let router = Router::new()
            .fallback(pass_on)
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url: format!("http://{address}"),
            shared,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The calls since the last time.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.shared.calls.lock().expect(UNPOISONED))
    }
}

async fn pass_on(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = headers.get("x-amz-target").and_then(|it| it.to_str().ok());
    let operation = target.and_then(|target| target.rsplit('.').next());
    let operation = operation.map(str::to_owned);
    let (base, body) = match operation {
        Some(_) => (&shared.dynamodb, asking_for_units(&body)),
        None => (&shared.ses, body),
    };
    headers.remove("host");
    headers.remove("content-length");
    let request = shared.client.request(method, format!("{base}{uri}"));
    let answer = request.headers(headers).body(body).send().await;
    let Ok(answer) = answer else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.bytes().await.unwrap_or_default();
    let operation = operation.unwrap_or_else(|| "SendEmail".to_owned());
    let call = read_call(operation, &body);
    shared.calls.lock().expect(UNPOISONED).push(call);
    (status, headers, body).into_response()
}

fn asking_for_units(body: &[u8]) -> Bytes {
    let mut request: Value = serde_json::from_slice(body).unwrap_or_default();
    request["ReturnConsumedCapacity"] = json!("INDEXES");
    request.to_string().into()
}

fn read_call(operation: String, body: &[u8]) -> Call {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let consumed = match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.clone(),
        Value::Null => Vec::new(),
        table => vec![table.clone()],
    };
    let sum = |name: &str| {
        consumed
            .iter()
            .filter_map(|it| it[name].as_f64())
            .sum::<f64>()
    };
    let (mut read_units, mut write_units) = (sum("ReadCapacityUnits"), sum("WriteCapacityUnits"));
    if read_units + write_units == 0.0 {
        let reads = matches!(
            operation.as_str(),
            "GetItem" | "Query" | "Scan" | "BatchGetItem"
        );
        let all = sum("CapacityUnits");
        *(if reads {
            &mut read_units
        } else {
            &mut write_units
        }) = all;
    }
    Call {
        operation,
        read_units,
        write_units,
    }
}
