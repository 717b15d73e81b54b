//! What stands on one machine for the identifiers that a deployment would hand out.

use anyhow::{Result, anyhow, bail};
use serde_json::Value;

use super::intrinsics::{ACCOUNT_ID, API_ID, Resolver};

impl Resolver {
    /// The value of `Ref` to a resource.
    pub(super) fn resource_name(&self, id: &str, place: &str) -> Result<Value> {
        let resource = self.present(id, place)?;
        let name = match resource_type(resource) {
            "AWS::Serverless::HttpApi" => API_ID.to_owned(),
            "AWS::DynamoDB::Table" => self.table_name(id, resource)?,
            _ => id.to_owned(),
        };
        Ok(Value::String(name))
    }

    /// The value of `Fn::GetAtt`.
    pub(super) fn attribute(&self, id: &str, attribute: &str, place: &str) -> Result<Value> {
        let resource = self.present(id, place)?;
        let value = match (resource_type(resource), attribute) {
            ("AWS::Serverless::HttpApi", "ApiEndpoint") => self.api_url().to_owned(),
            ("AWS::DynamoDB::Table", "Arn") => {
                let name = self.table_name(id, resource)?;
                self.arn("dynamodb", &format!("table/{name}"))
            }
            ("AWS::DynamoDB::Table", "StreamArn") => {
                self.stream_arn(&self.table_name(id, resource)?)
            }
            ("AWS::Serverless::Function", "Arn") => self.arn("lambda", &format!("function:{id}")),
            ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{id}"),
            ("AWS::SQS::Queue", "Arn") => self.arn("sqs", id),
            (kind, _) => {
                let problem = format!("{id}.{attribute} of {kind} has no stand-in here");
                bail!("{place}: {problem}");
            }
        };
        Ok(Value::String(value))
    }

    /// The ARN under which a table's stream is known.
    pub(super) fn stream_arn(&self, table: &str) -> String {
        self.arn("dynamodb", &format!("table/{table}/stream/local"))
    }

    fn arn(&self, service: &str, name: &str) -> String {
        format!("arn:aws:{service}:{}:{ACCOUNT_ID}:{name}", self.region())
    }

    fn present(&self, id: &str, place: &str) -> Result<&Value> {
        let resource = self
            .resource(id)
            .ok_or_else(|| anyhow!("{place}: {id} is neither a parameter nor a resource"))?;
        if self.exists(id)? {
            return Ok(resource);
        }
        let problem = format!("{id} is left out by its own condition");
        Err(anyhow!("{place}: {problem}"))
    }

    pub(super) fn table_name(&self, id: &str, resource: &Value) -> Result<String> {
        let place = format!("Resources.{id}.Properties.TableName");
        let Some(given) = resource.pointer("/Properties/TableName") else {
            return Ok(id.to_owned());
        };
        match self.resolve(given, &place)? {
            None => Ok(id.to_owned()),
            Some(Value::String(name)) => Ok(name),
            Some(_) => Err(anyhow!("{place}: must be a string")),
        }
    }
}

pub(super) fn resource_type(resource: &Value) -> &str {
    resource
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or("a resource without Type")
}
