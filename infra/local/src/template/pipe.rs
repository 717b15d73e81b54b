use anyhow::Result;

use super::StreamMapping;
use super::section::Section;
use super::stream::{Tables, check_keys};

/// A pipe from a table's stream to an event bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipe {
    /// How it reads the stream. What stands for a function is its own logical id.
    pub mapping: StreamMapping,
    /// The name of the event bus.
    pub bus: String,
    /// The events' `source`.
    pub source: String,
    /// The events' `detail-type`.
    pub detail_type: String,
    /// What the events' details are made by.
    pub input_template: String,
}

/// The properties that are read, and those that change nothing on one machine.
const KNOWN: [&str; 6] = [
    "Description",
    "RoleArn",
    "Source",
    "SourceParameters",
    "Target",
    "TargetParameters",
];
const STREAM_FIXED: [(&str, &str); 3] = [
    ("MaximumRetryAttempts", "-1"),
    ("OnPartialBatchItemFailure", "AUTOMATIC_BISECT"),
    ("StartingPosition", "TRIM_HORIZON"),
];
const STREAM_KNOWN: [&str; 3] = ["BatchSize", "DeadLetterConfig", "MaximumRecordAgeInSeconds"];

impl Pipe {
    /// Reads an `AWS::Pipes::Pipe`.
    pub(super) fn read(id: &str, resource: &Section<'_>, tables: &Tables<'_>) -> Result<Self> {
        let properties = resource.require("Properties")?;
        check_keys(&properties, &[], &KNOWN)?;
        let target = properties.require("Target")?;
        let arn = target.text()?;
        let bus = arn.rsplit_once(":event-bus/").map(|(_, name)| name);
        let bus = bus.ok_or_else(|| target.error("only an event bus has a stand-in"))?;
        let parameters = properties.require("TargetParameters")?;
        let event = parameters.require("EventBridgeEventBusParameters")?;
        Ok(Self {
            mapping: read_mapping(id, &properties, tables)?,
            bus: bus.to_owned(),
            source: event.require("Source")?.text()?,
            detail_type: event.require("DetailType")?.text()?,
            input_template: parameters.require("InputTemplate")?.text()?,
        })
    }
}

fn read_mapping(id: &str, properties: &Section<'_>, tables: &Tables<'_>) -> Result<StreamMapping> {
    let parameters = properties.require("SourceParameters")?;
    let stream = parameters.require("DynamoDBStreamParameters")?;
    check_keys(&stream, &STREAM_FIXED, &STREAM_KNOWN)?;
    stream.require("DeadLetterConfig")?;
    let source = tables.by_stream(&properties.require("Source")?)?;
    StreamMapping::read_alike(id, source, &parameters, &stream)
}
