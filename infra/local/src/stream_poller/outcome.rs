//! What a function's answer says about each record.

use serde_json::Value;

use super::source::sequence_number;
use crate::invoke::InvokeError;

/// What became of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// How many records, from the first on, are dealt with.
    pub(super) done: usize,
    /// Whether the function itself told where to resume.
    pub(super) checkpoint: bool,
    pub(super) failure: Option<String>,
}

impl Outcome {
    pub(super) fn read(answer: &Result<Value, InvokeError>, records: &[Value]) -> Self {
        match answer {
            Err(error) => Self::failed(error.to_string()),
            Ok(answer) => Self::read_report(answer, records),
        }
    }

    fn read_report(answer: &Value, records: &[Value]) -> Self {
        let items = match answer.get("batchItemFailures") {
            None | Some(Value::Null) => return Self::succeeded(records),
            Some(Value::Array(items)) if items.is_empty() => return Self::succeeded(records),
            Some(Value::Array(items)) => items,
            Some(_) => return Self::failed("batchItemFailures is not a list".to_owned()),
        };
        let mut first = records.len();
        for item in items {
            let identifier = item.get("itemIdentifier").and_then(Value::as_str);
            let position = records
                .iter()
                .position(|record| identifier.is_some() && sequence_number(record) == identifier);
            match position {
                // The lowest number counts, whatever the order of the report.
                Some(position) => first = first.min(position),
                // Lambda takes the whole batch for failed when it cannot place an identifier.
                None => return Self::failed(format!("batchItemFailures names no record: {item}")),
            }
        }
        Self {
            done: first,
            checkpoint: true,
            failure: Some(format!(
                "{} of {} records are to be retried",
                records.len() - first,
                records.len()
            )),
        }
    }

    fn succeeded(records: &[Value]) -> Self {
        Self {
            done: records.len(),
            checkpoint: false,
            failure: None,
        }
    }

    fn failed(failure: String) -> Self {
        Self {
            done: 0,
            checkpoint: false,
            failure: Some(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn records() -> Vec<Value> {
        ["10", "11", "12"]
            .map(|number| json!({"dynamodb": {"SequenceNumber": number}}))
            .to_vec()
    }

    fn done(answer: &Value) -> (usize, bool) {
        let outcome = Outcome::read(&Ok(answer.clone()), &records());
        (outcome.done, outcome.failure.is_some())
    }

    #[test]
    fn an_empty_report_is_success() {
        for answer in [
            json!(null),
            json!({}),
            json!({"batchItemFailures": null}),
            json!({"batchItemFailures": []}),
        ] {
            assert_eq!(done(&answer), (3, false), "{answer}");
        }
    }

    #[test]
    fn the_lowest_failed_number_is_where_to_resume() {
        let answer =
            json!({"batchItemFailures": [{"itemIdentifier": "12"}, {"itemIdentifier": "11"}]});
        assert_eq!(done(&answer), (1, true));
    }

    #[test]
    fn a_report_that_names_no_record_fails_the_batch() {
        for item in [
            json!({"itemIdentifier": ""}),
            json!({"itemIdentifier": null}),
            json!({"id": "11"}),
            json!({"itemIdentifier": "99"}),
        ] {
            let answer = json!({"batchItemFailures": [item]});
            assert_eq!(done(&answer), (0, true), "{answer}");
        }
    }
}
