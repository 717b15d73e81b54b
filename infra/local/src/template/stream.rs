use std::ops::RangeInclusive;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::Table;
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
    /// The filter's patterns; a record passes when any of them matches, or when there is none.
    pub filters: Vec<Value>,
    /// The most records of one invocation.
    pub batch_size: usize,
    /// The longest wait for more records of a batch that is not full.
    pub window: Duration,
    /// How many batches of a shard are worked on at once.
    pub lanes: usize,
    /// Whether a batch that fails is split in two.
    pub bisect: bool,
    /// The most retries; `None` is as long as the record lives.
    pub max_retries: Option<u32>,
    /// The age at which a record is given up; `None` is as long as the stream keeps it.
    pub max_age: Option<Duration>,
    /// Whether records that are given up go to a destination.
    pub has_failure_destination: bool,
    /// Whether the function reports which records failed.
    pub reports_item_failures: bool,
}

/// The properties that are read, and those that change nothing on one machine.
const KNOWN: [&str; 15] = [
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "Enabled",
    "EventSourceArn",
    "FilterCriteria",
    "FunctionName",
    "FunctionResponseTypes",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "StartingPosition",
    "Stream",
    // No metrics are counted here.
    "MetricsConfig",
    "ParallelizationFactor",
];

/// A mapping names its table by the stream's ARN, so the tables are read first.
pub(super) struct Tables<'a>(pub(super) &'a [Table]);

impl Tables<'_> {
    pub(super) fn by_stream(&self, arn: &Section<'_>) -> Result<(String, String)> {
        let text = arn.text()?;
        let found = self
            .0
            .iter()
            .find(|table| arn.resolver().stream_arn(&table.name) == text)
            .ok_or_else(|| {
                arn.error(format!(
                    "{text} is not the stream of a table in this template"
                ))
            })?;
        if !found.has_stream() {
            return Err(arn.error(format!("{} has no StreamSpecification", found.logical_id)));
        }
        Ok((found.name.clone(), text))
    }
}

impl StreamMapping {
    /// Reads a function's event of type `DynamoDB`; `None` when it is switched off.
    pub(super) fn of_event(
        function: &str,
        properties: &Section<'_>,
        tables: &Tables<'_>,
    ) -> Result<Option<Self>> {
        Self::read(function, &properties.require("Stream")?, properties, tables)
    }

    /// Reads an `AWS::Lambda::EventSourceMapping`; `None` when it is switched off or reads no table.
    pub(super) fn of_resource(resource: &Section<'_>, tables: &Tables<'_>) -> Result<Option<Self>> {
        let properties = resource.require("Properties")?;
        let source = properties.require("EventSourceArn")?;
        if !source.text()?.contains(":dynamodb:") {
            return Ok(None);
        }
        // What stands behind the function's name is an alias of it.
        let name = properties.require("FunctionName")?.text()?;
        let function = name
            .rsplit_once(":function:")
            .map_or(name.as_str(), |(_, it)| it);
        let function = function.split(':').next().unwrap_or(function);
        Self::read(function, &source, &properties, tables)
    }

    fn read(
        function: &str,
        source: &Section<'_>,
        properties: &Section<'_>,
        tables: &Tables<'_>,
    ) -> Result<Option<Self>> {
        if let Some(enabled) = properties.get("Enabled")?
            && !enabled.flag()?
        {
            return Ok(None);
        }
        refuse_unknown(properties, &KNOWN)?;
        Ok(Some(Self {
            bisect: match properties.get("BisectBatchOnFunctionError")? {
                Some(flag) => flag.flag()?,
                None => false,
            },
            has_failure_destination: match properties.get("DestinationConfig")? {
                Some(destination) => destination.get("OnFailure")?.is_some(),
                None => false,
            },
            reports_item_failures: reports_item_failures(properties)?,
            // Lambda's default for streams is a hundred.
            ..Self::read_alike(
                function,
                tables.by_stream(source)?,
                properties,
                properties,
                100,
            )?
        }))
    }

    /// What a pipe reads too: the filters in `owner`, and in `stream` its sizes and bounds.
    pub(super) fn read_alike(
        function: &str,
        (table, stream_arn): (String, String),
        owner: &Section<'_>,
        stream: &Section<'_>,
        batch_size: usize,
    ) -> Result<Self> {
        if let Some(position) = stream.get("StartingPosition")?
            && position.text()? != "TRIM_HORIZON"
        {
            return Err(position.error("only TRIM_HORIZON is supported here"));
        }
        let seconds = |seconds: usize| Duration::from_secs(seconds as u64);
        let window = read_number(stream, "MaximumBatchingWindowInSeconds", 0..=300)?;
        let max_age = read_bound(stream, "MaximumRecordAgeInSeconds")?;
        Ok(Self {
            place: owner.place().to_owned(),
            function: function.to_owned(),
            table,
            stream_arn,
            filters: read_filters(owner)?,
            batch_size: read_number(stream, "BatchSize", 1..=10_000)?.unwrap_or(batch_size),
            window: window.map_or(Duration::ZERO, seconds),
            lanes: read_number(stream, "ParallelizationFactor", 1..=10)?.unwrap_or(1),
            bisect: false,
            max_retries: read_bound(stream, "MaximumRetryAttempts")?,
            max_age: max_age.map(|age| Duration::from_secs(age.into())),
            has_failure_destination: false,
            reports_item_failures: false,
        })
    }
}

/// Refuses a map that has other keys than these.
pub(super) fn refuse_unknown(properties: &Section<'_>, known: &[&str]) -> Result<()> {
    for (key, section) in properties.entries()? {
        if !known.contains(&key) {
            return Err(section.error("is not supported here"));
        }
    }
    Ok(())
}

fn read_filters(properties: &Section<'_>) -> Result<Vec<Value>> {
    let Some(criteria) = properties.get("FilterCriteria")? else {
        return Ok(Vec::new());
    };
    let mut patterns = Vec::new();
    for filter in criteria.require("Filters")?.items()? {
        let pattern = filter.require("Pattern")?;
        let parsed = serde_json::from_str(&pattern.text()?)
            .map_err(|error| pattern.error(format!("not JSON: {error}")))?;
        patterns.push(parsed);
    }
    Ok(patterns)
}

fn read_number(
    properties: &Section<'_>,
    key: &str,
    range: RangeInclusive<usize>,
) -> Result<Option<usize>> {
    let Some(number) = properties.get(key)? else {
        return Ok(None);
    };
    usize::try_from(number.integer()?)
        .ok()
        .filter(|number| range.contains(number))
        .map(Some)
        .ok_or_else(|| number.error(format!("must be from {} to {}", range.start(), range.end())))
}

/// A bound, where -1 and absence mean none.
fn read_bound(properties: &Section<'_>, key: &str) -> Result<Option<u32>> {
    let Some(section) = properties.get(key)? else {
        return Ok(None);
    };
    match section.integer()? {
        -1 => Ok(None),
        bound => u32::try_from(bound)
            .map(Some)
            .map_err(|_| section.error("must be -1 or a number that is not negative")),
    }
}

fn reports_item_failures(properties: &Section<'_>) -> Result<bool> {
    let Some(types) = properties.get("FunctionResponseTypes")? else {
        return Ok(false);
    };
    Ok(types
        .texts()?
        .iter()
        .any(|kind| kind == "ReportBatchItemFailures"))
}
