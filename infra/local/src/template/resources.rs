//! What stands on one machine for the identifiers that a deployment would hand out.

use anyhow::{Result, anyhow, bail};
use serde_json::Value;

use super::intrinsics::{ACCOUNT_ID, Resolver};
use crate::REGION;

impl Resolver {
    /// The value of `Ref` to a resource, whose name here is that in the template.
    pub(super) fn resource_name(&self, id: &str, place: &str) -> Result<Value> {
        self.present(id, place)?;
        Ok(Value::from(id))
    }

    /// The value of `Fn::GetAtt`.
    pub(super) fn attribute(&self, id: &str, attribute: &str, place: &str) -> Result<Value> {
        let resource = self.present(id, place)?;
        let value = match (resource_type(resource), attribute) {
            ("AWS::Serverless::HttpApi", "ApiEndpoint") => self.api_url().to_owned(),
            ("AWS::DynamoDB::Table", "StreamArn") => stream_arn(id),
            (kind, _) => bail!("{place}: {id}.{attribute} of {kind} has no stand-in here"),
        };
        Ok(Value::String(value))
    }

    fn present(&self, id: &str, place: &str) -> Result<&Value> {
        let resource = self
            .resource(id)
            .ok_or_else(|| anyhow!("{place}: {id} is neither a parameter nor a resource"))?;
        if self.exists(id)? {
            return Ok(resource);
        }
        Err(anyhow!("{place}: {id} is left out by its own condition"))
    }
}

/// The ARN under which a table's stream is known.
pub(super) fn stream_arn(table: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{table}/stream/local")
}

pub(super) fn resource_type(resource: &Value) -> &str {
    resource
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or("a resource without Type")
}
