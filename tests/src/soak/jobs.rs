//! What went into the outbox: the table's stream, read from its beginning, past the poller.

use dynoxide::Database;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use serde_json::Value;

use super::{CHANGED, RESET};

/// Something that the worker is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    /// The name that its log lines have.
    pub(super) name: String,
    /// Whose address it is about.
    pub(super) email: String,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// An accepted request for a reset.
    Request,
    /// A password that was changed.
    Notice,
}

impl Kind {
    /// In the subject of the mails that such jobs ask for.
    pub(super) const fn subject(self) -> &'static str {
        match self {
            Self::Request => RESET,
            Self::Notice => CHANGED,
        }
    }
}

/// Every job that was ever written.
pub(super) fn all(database: &Database) -> Vec<Job> {
    records(database).iter().filter_map(job_in).collect()
}

/// The job in a record of the stream; none in records of other items.
pub(super) fn job_in(record: &Value) -> Option<Job> {
    let image = record.pointer("/dynamodb/NewImage")?;
    let text = |name: &str| Some(image[name]["S"].as_str()?.to_owned());
    let key = text("pk")?;
    let event = record["eventName"].as_str()?;
    let (kind, name) = match key.split_once('#')? {
        ("request", _) if event != "REMOVE" => (Kind::Request, text("request_id")?),
        // A change of a notice tells what became of its mail.
        ("notice", id) if event == "INSERT" => (Kind::Notice, id.to_owned()),
        _ => return None,
    };
    Some(Job {
        name,
        email: text("email")?,
        kind,
    })
}

fn records(database: &Database) -> Vec<Value> {
    let streams = database.list_streams(ListStreamsRequest {
        table_name: Some("TokensTable".to_owned()),
        ..ListStreamsRequest::default()
    });
    let arn = streams.expect("streams").streams.swap_remove(0).stream_arn;
    let described = database.describe_stream(DescribeStreamRequest {
        stream_arn: arn.clone(),
        ..DescribeStreamRequest::default()
    });
    let shards = described.expect("a stream").stream_description.shards;
    let [shard] = shards.as_slice() else {
        panic!("the emulator has one shard");
    };
    let iterator = database.get_shard_iterator(GetShardIteratorRequest {
        stream_arn: arn,
        shard_id: shard.shard_id.clone(),
        shard_iterator_type: "TRIM_HORIZON".to_owned(),
        sequence_number: None,
    });
    let mut iterator = iterator.expect("an iterator").shard_iterator;
    let mut all = Vec::new();
    while let Some(position) = iterator.take() {
        let page = database.get_records(GetRecordsRequest {
            shard_iterator: position,
            limit: None,
        });
        let page = page.expect("a page");
        if page.records.is_empty() {
            break;
        }
        iterator = page.next_shard_iterator;
        let records = page.records.into_iter();
        all.extend(records.map(|record| serde_json::to_value(record).expect("JSON")));
    }
    all
}
