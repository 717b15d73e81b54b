//! Logs: one JSON object a line, on standard output, and metrics between them.

mod logs;
mod metrics;
mod recorder;

pub use logs::{LogLevel, exit_code, init, layer, targets};
pub use metrics::{Metric, MetricsSettings};
pub use recorder::EventRecorder;
