//! Captures what the process logs.

use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value;
use shared::adapters::SystemClock;
use shared::ports::set_recorder;
use shared::telemetry::{EventRecorder, LogLevel, MetricsSettings, layer, targets};
use tracing_subscriber::Layer as _;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Log lines of one test, collected in memory.
#[derive(Debug, Clone, Default)]
pub struct CapturedLogs(Arc<Mutex<Vec<u8>>>);

impl CapturedLogs {
    /// Captures what this process logs and counts from now on, at TRACE; once for all of its tests.
    #[must_use]
    pub fn of_this_process() -> Self {
        static ALL: OnceLock<CapturedLogs> = OnceLock::new();
        ALL.get_or_init(|| {
            let logs = Self::default();
            let level = LogLevel::Trace;
            tracing_subscriber::registry()
                .with(layer(logs.clone()).with_filter(targets(level)))
                .init();
            let metrics = MetricsSettings {
                namespace: "stack".to_owned(),
                release: Some("r1".to_owned()),
            };
            let recorder =
                EventRecorder::new(logs.clone(), level, Some(metrics), "test", SystemClock);
            assert!(set_recorder(recorder), "there is a recorder already");
            logs
        })
        .clone()
    }

    /// The lines of the log so far, without those of metrics.
    #[must_use]
    pub fn lines(&self) -> Vec<Value> {
        self.parsed(|line| line.get("_aws").is_none())
    }

    /// The lines of metrics so far.
    #[must_use]
    pub fn metrics(&self) -> Vec<Value> {
        self.parsed(|line| line.get("_aws").is_some())
    }

    fn parsed(&self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines().map(serde_json::from_str::<Value>);
        let lines = lines.map(|line| line.expect("each line is JSON"));
        lines.filter(wanted).collect()
    }

    /// All that was logged so far.
    #[must_use]
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for CapturedLogs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for CapturedLogs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
