use std::future::{Future, ready};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{EventBus, InputTemplate};
use crate::REGION;
use crate::clock::Clock;
use crate::invoke::{Invoke, InvokeError};
use crate::template::{ACCOUNT_ID, Pipe};

/// A pipe's target: makes an event of each record and puts it on a bus.
pub struct Publisher {
    pipe: Pipe,
    template: InputTemplate,
    bus: EventBus,
    clock: Arc<dyn Clock>,
    observer: Box<dyn Fn(&str) + Send + Sync>,
}

impl Publisher {
    /// The target of `pipe`, which puts events on `bus` and tells `observer` a line about each.
    pub fn new(
        pipe: Pipe,
        bus: EventBus,
        clock: Arc<dyn Clock>,
        observer: impl Fn(&str) + Send + Sync + 'static,
    ) -> Result<Self> {
        Ok(Self {
            template: InputTemplate::compile(&pipe.input_template).context("InputTemplate")?,
            pipe,
            bus,
            clock,
            observer: Box::new(observer),
        })
    }

    fn publish(&self, records: &[Value]) -> Result<Value> {
        let details = records.iter().map(|record| self.template.render(record));
        // All or none: a batch that fails is split and comes again.
        let details = details.collect::<Result<Vec<_>>>()?;
        for (record, detail) in records.iter().zip(details) {
            let event = self.event(record, &detail);
            (self.observer)(&format!("{}: {event}", self.pipe.bus));
            self.bus.put(event);
        }
        Ok(Value::Null)
    }

    /// An event as `EventBridge` brings it to the targets of rules.
    fn event(&self, record: &Value, detail: &Value) -> Value {
        let at = i64::try_from(self.clock.now_unix_secs()).unwrap_or_default();
        let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        json!({
            "version": "0",
            "id": record["eventID"],
            "detail-type": self.pipe.detail_type,
            "source": self.pipe.source,
            "account": ACCOUNT_ID,
            "time": at.format(&Rfc3339).unwrap_or_default(),
            "region": REGION,
            "resources": [],
            "detail": detail,
        })
    }
}

impl Invoke for Publisher {
    fn invoke(
        &self,
        _: &str,
        event: Value,
    ) -> impl Future<Output = Result<Value, InvokeError>> + Send {
        let records = event["Records"].as_array().map_or(&[][..], Vec::as_slice);
        let published = self.publish(records);
        ready(published.map_err(|error| InvokeError::function("InputTemplate", error.to_string())))
    }
}
