//! What the table's stream brings to the mail worker.

use serde_json::{Value, json};

/// The key of a `request#` item that stands for any.
#[must_use]
pub fn image_key() -> Value {
    json!({ "S": "request#AAAAAAAAAAAAAAAAAAAAAA" })
}

/// A `request#` item, as the stream shows it.
#[must_use]
pub fn request_image(id: &str, email: &str) -> Value {
    json!({
        "pk": image_key(),
        "v": { "N": "1" },
        "app": { "S": "main" },
        "email_typed": { "S": email },
        "email": { "S": email },
        "client_ip": { "S": "192.0.2.1" },
        "user_agent": { "S": "Browser" },
        "request_id": { "S": id },
        "requested_at": { "N": "1800000000" },
        "a1": { "N": "1800000000" },
        "ttl": { "N": "1800001800" }
    })
}

/// The event that brings one new item to the worker.
#[must_use]
pub fn stream_event(image: &Value) -> Value {
    json!({ "Records": [{
        "eventID": image["v"].to_string(),
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "eventVersion": "1.1",
        "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/TokensTable/stream/x",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_800_000_000,
            "Keys": { "pk": image["pk"] },
            "NewImage": image,
            "SequenceNumber": "111",
            "SizeBytes": 100,
            "StreamViewType": "NEW_IMAGE"
        }
    }] })
}
