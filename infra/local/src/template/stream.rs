use std::ops::RangeInclusive;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::Table;
use super::resources::stream_arn;
use super::section::Section;

/// An event source mapping from a table's stream to a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamMapping {
    /// Where it stands in the template.
    pub place: String,
    /// The logical id of the function.
    pub function: String,
    /// The name of the table.
    pub table: String,
    /// The ARN that records carry as `eventSourceARN`.
    pub stream_arn: String,
    /// The filter's patterns; a record passes when any of them matches.
    pub filters: Vec<Value>,
    /// The most records of one invocation.
    pub batch_size: usize,
    /// The longest wait for more records of a batch that is not full.
    pub window: Duration,
    /// How many batches of a shard are worked on at once.
    pub lanes: usize,
    /// The age at which a record is given up.
    pub max_age: Duration,
}

/// What a mapping has to say, because it is so that batches are worked on here: one that fails is split in
/// two, the function says which records failed, and they are tried again until they are too old.
const FIXED: [(&str, &str); 4] = [
    ("BisectBatchOnFunctionError", "true"),
    ("FunctionResponseTypes", "ReportBatchItemFailures"),
    ("MaximumRetryAttempts", "-1"),
    ("StartingPosition", "TRIM_HORIZON"),
];
/// What else is read, and what changes nothing on one machine.
const KNOWN: [&str; 10] = [
    "BatchSize",
    "DestinationConfig",
    "EventSourceArn",
    "FilterCriteria",
    "FunctionName",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MetricsConfig",
    "ParallelizationFactor",
    "Stream",
];

/// A mapping names its table by the stream's ARN, so the tables are read first.
pub(super) struct Tables<'a>(pub(super) &'a [Table]);

impl Tables<'_> {
    pub(super) fn by_stream(&self, arn: &Section<'_>) -> Result<(String, String)> {
        let text = arn.text()?;
        let found = self
            .0
            .iter()
            .find(|table| stream_arn(&table.name) == text)
            .ok_or_else(|| {
                arn.error(format!(
                    "{text} is not the stream of a table in this template"
                ))
            })?;
        if !found.has_stream() {
            return Err(arn.error(format!("{} has no StreamSpecification", found.name)));
        }
        Ok((found.name.clone(), text))
    }
}

impl StreamMapping {
    /// Reads a function's event of type `DynamoDB`.
    pub(super) fn of_event(
        function: &str,
        properties: &Section<'_>,
        tables: &Tables<'_>,
    ) -> Result<Self> {
        Self::read(function, &properties.require("Stream")?, properties, tables)
    }

    /// Reads an `AWS::Lambda::EventSourceMapping`.
    pub(super) fn of_resource(resource: &Section<'_>, tables: &Tables<'_>) -> Result<Self> {
        let properties = resource.require("Properties")?;
        let source = properties.require("EventSourceArn")?;
        // What stands behind the function's name is an alias of it.
        let name = properties.require("FunctionName")?.text()?;
        let function = name.split(':').next().unwrap_or(&name);
        Self::read(function, &source, &properties, tables)
    }

    fn read(
        function: &str,
        source: &Section<'_>,
        properties: &Section<'_>,
        tables: &Tables<'_>,
    ) -> Result<Self> {
        check_keys(properties, &FIXED, &KNOWN)?;
        properties
            .require("DestinationConfig")?
            .require("OnFailure")?;
        let source = tables.by_stream(source)?;
        Self::read_alike(function, source, properties, properties)
    }

    /// What a pipe reads too: the filters in `owner`, and in `stream` its sizes and bounds.
    pub(super) fn read_alike(
        function: &str,
        (table, stream_arn): (String, String),
        owner: &Section<'_>,
        stream: &Section<'_>,
    ) -> Result<Self> {
        let window = stream.get("MaximumBatchingWindowInSeconds")?;
        let lanes = stream.get("ParallelizationFactor")?;
        let max_age = stream.require("MaximumRecordAgeInSeconds")?;
        Ok(Self {
            place: owner.place().to_owned(),
            function: function.to_owned(),
            table,
            stream_arn,
            filters: read_filters(owner)?,
            batch_size: number(&stream.require("BatchSize")?, 1..=10_000)?,
            window: window.map_or(Ok(Duration::ZERO), |it| seconds(&it, 0..=300))?,
            lanes: lanes.map_or(Ok(1), |it| number(&it, 1..=10))?,
            max_age: seconds(&max_age, 60..=604_800)?,
        })
    }
}

/// Refuses a map that lacks one of the fixed values, or has other keys than these.
pub(super) fn check_keys(
    properties: &Section<'_>,
    fixed: &[(&str, &str)],
    known: &[&str],
) -> Result<()> {
    for (key, value) in fixed {
        let section = properties.require(key)?;
        if section.texts()? != [*value] {
            return Err(section.error(format!("only {value} is supported here")));
        }
    }
    for (key, section) in properties.entries()? {
        if !known.contains(&key) && !fixed.iter().any(|(fixed, _)| *fixed == key) {
            return Err(section.error("is not supported here"));
        }
    }
    Ok(())
}

fn read_filters(properties: &Section<'_>) -> Result<Vec<Value>> {
    let criteria = properties.require("FilterCriteria")?;
    let mut patterns = Vec::new();
    for filter in criteria.require("Filters")?.items()? {
        let pattern = filter.require("Pattern")?;
        let parsed = serde_json::from_str(&pattern.text()?)
            .map_err(|error| pattern.error(format!("not JSON: {error}")))?;
        patterns.push(parsed);
    }
    Ok(patterns)
}

fn seconds(section: &Section<'_>, range: RangeInclusive<usize>) -> Result<Duration> {
    number(section, range).map(|seconds| Duration::from_secs(seconds as u64))
}

fn number(section: &Section<'_>, range: RangeInclusive<usize>) -> Result<usize> {
    usize::try_from(section.integer()?)
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| section.error(format!("must be from {} to {}", range.start(), range.end())))
}
