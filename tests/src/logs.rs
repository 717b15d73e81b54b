//! Captures what the process logs.

use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use shared::telemetry::{LogLevel, targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Log lines of one test, collected in memory.
#[derive(Debug, Clone, Default)]
pub struct CapturedLogs(Arc<Mutex<Vec<u8>>>);

impl CapturedLogs {
    /// Captures what this process logs from now on, at TRACE; once for all of its tests.
    #[must_use]
    pub fn of_this_process() -> Self {
        static ALL: OnceLock<CapturedLogs> = OnceLock::new();
        ALL.get_or_init(|| {
            let logs = Self::default();
            let layer = tracing_subscriber::fmt::layer()
                .json()
                .with_writer(logs.clone());
            tracing_subscriber::registry()
                .with(layer)
                .with(targets(LogLevel::Trace))
                .init();
            logs
        })
        .clone()
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
