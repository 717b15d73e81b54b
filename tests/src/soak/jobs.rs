//! What went into the outbox: the table's stream, read from its beginning, past the poller.

use dynoxide::Database;
use local_stack::stream_poller::stream_records;
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
    let records = stream_records(database.clone(), "TokensTable");
    let records = records.expect("a stream");
    records.iter().filter_map(job_in).collect()
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
