use anyhow::Result;
use serde_json::{Map, Value, json};

use super::section::Section;

/// A table of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name in the template, and for requests.
    pub name: String,
    /// The `CreateTable` request, in the JSON of the API.
    pub request: Value,
    /// The attribute that holds the expiry in seconds since the epoch.
    pub ttl_attribute: Option<String>,
}

/// Properties that mean the same to `CreateTable` as to the template.
const PLAIN: [&str; 3] = [
    "KeySchema",
    "AttributeDefinitions",
    "GlobalSecondaryIndexes",
];

impl Table {
    pub(super) fn read(name: &str, resource: &Section<'_>) -> Result<Self> {
        let properties = resource.require("Properties")?;
        if let Some(other) = properties.get("TableName")? {
            return Err(other.error("a table is called by its logical id here"));
        }
        let mut request = Map::from_iter([("TableName".to_owned(), json!(name))]);
        for key in PLAIN {
            if let Some(value) = resolved(&properties, key)? {
                request.insert(key.to_owned(), value);
            }
        }
        if let Some(mode) = properties.get("BillingMode")? {
            request.insert("BillingMode".to_owned(), json!(mode.text()?));
        }
        if let Some(stream) = properties.get("StreamSpecification")? {
            let view = stream.require("StreamViewType")?.text()?;
            let specification = json!({"StreamEnabled": true, "StreamViewType": view});
            request.insert("StreamSpecification".to_owned(), specification);
        }
        Ok(Self {
            name: name.to_owned(),
            request: Value::Object(request),
            ttl_attribute: read_ttl(&properties)?,
        })
    }

    /// Whether changes of the table go to a stream.
    pub fn has_stream(&self) -> bool {
        self.request.get("StreamSpecification").is_some()
    }
}

fn resolved(properties: &Section<'_>, key: &str) -> Result<Option<Value>> {
    match properties.get(key)? {
        None => Ok(None),
        Some(section) => section.resolved(),
    }
}

fn read_ttl(properties: &Section<'_>) -> Result<Option<String>> {
    let Some(ttl) = properties.get("TimeToLiveSpecification")? else {
        return Ok(None);
    };
    if !ttl.require("Enabled")?.flag()? {
        return Ok(None);
    }
    ttl.require("AttributeName")?.text().map(Some)
}
