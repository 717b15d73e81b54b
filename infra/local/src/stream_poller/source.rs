//! The reading end of a table's stream.

use anyhow::{Result, anyhow};
use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use serde_json::Value;

use crate::REGION;
use crate::template::StreamMapping;

pub(super) struct Source {
    database: Database,
    /// The emulator has one shard for each stream, and iterators that never expire.
    iterator: String,
    arn: String,
}

impl Source {
    /// Opens the stream at its oldest record.
    pub(super) fn open(database: Database, mapping: &StreamMapping) -> Result<Self> {
        let missing = || anyhow!("table {} has no stream", mapping.table);
        let streams = database.list_streams(ListStreamsRequest {
            table_name: Some(mapping.table.clone()),
            ..ListStreamsRequest::default()
        })?;
        let stream = streams.streams.into_iter().next().ok_or_else(missing)?;
        let description = database.describe_stream(DescribeStreamRequest {
            stream_arn: stream.stream_arn.clone(),
            ..DescribeStreamRequest::default()
        })?;
        let shard = description
            .stream_description
            .shards
            .into_iter()
            .next()
            .ok_or_else(missing)?;
        let position = database.get_shard_iterator(GetShardIteratorRequest {
            stream_arn: stream.stream_arn,
            shard_id: shard.shard_id,
            shard_iterator_type: "TRIM_HORIZON".to_owned(),
            sequence_number: None,
        })?;
        Ok(Self {
            database,
            iterator: position.shard_iterator.ok_or_else(missing)?,
            arn: mapping.stream_arn.clone(),
        })
    }

    /// The records since the last call, as a function gets them.
    pub(super) fn read(&mut self) -> Result<Vec<Value>> {
        let mut records = Vec::new();
        loop {
            let page = self.database.get_records(GetRecordsRequest {
                shard_iterator: self.iterator.clone(),
                limit: None,
            })?;
            if let Some(next) = page.next_shard_iterator {
                self.iterator = next;
            }
            if page.records.is_empty() {
                return Ok(records);
            }
            for record in page.records {
                let mut record = serde_json::to_value(record)?;
                record["awsRegion"] = Value::from(REGION);
                record["eventSourceARN"] = Value::from(self.arn.as_str());
                records.push(record);
            }
        }
    }
}

pub(super) fn sequence_number(record: &Value) -> Option<&str> {
    record.pointer("/dynamodb/SequenceNumber")?.as_str()
}

/// When the change happened, in seconds since the epoch.
pub(super) fn created_at(record: &Value) -> f64 {
    record
        .pointer("/dynamodb/ApproximateCreationDateTime")
        .and_then(Value::as_f64)
        .unwrap_or_default()
}
