//! Counts what calls of AWS cost: it has DynamoDB say what each call consumed.

use std::sync::Mutex;

use local_stack::aws_proxy::Edit;
use serde_json::{Value, json};

use crate::UNPOISONED;

#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Such as `UpdateItem` or `SendEmail`.
    pub(crate) operation: String,
    /// Units of DynamoDB that were read with.
    pub(crate) read_units: f64,
    /// Units of DynamoDB that were written with.
    pub(crate) write_units: f64,
}

/// The calls since somebody looked last.
#[derive(Default)]
pub(crate) struct Meter(Mutex<Vec<Call>>);

impl Meter {
    /// The calls since the last time.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.0.lock().expect(UNPOISONED))
    }
}

impl Edit for Meter {
    fn call(&self, operation: &str, call: &mut Value) {
        if operation != "SendEmail" {
            call["ReturnConsumedCapacity"] = json!("INDEXES");
        }
    }

    fn reply(&self, operation: &str, _: &Value, reply: &mut Value) {
        let call = read_call(operation, reply);
        self.0.lock().expect(UNPOISONED).push(call);
    }
}

fn read_call(operation: &str, reply: &Value) -> Call {
    let consumed = match &reply["ConsumedCapacity"] {
        Value::Array(tables) => tables.clone(),
        Value::Null => Vec::new(),
        table => vec![table.clone()],
    };
    let sum = |name: &str| {
        consumed
            .iter()
            .filter_map(|it| it[name].as_f64())
            .sum::<f64>()
    };
    let (mut read_units, mut write_units) = (sum("ReadCapacityUnits"), sum("WriteCapacityUnits"));
    if read_units + write_units == 0.0 {
        let reads = matches!(operation, "GetItem" | "Query" | "Scan" | "BatchGetItem");
        let all = sum("CapacityUnits");
        *(if reads {
            &mut read_units
        } else {
            &mut write_units
        }) = all;
    }
    Call {
        operation: operation.to_owned(),
        read_units,
        write_units,
    }
}
