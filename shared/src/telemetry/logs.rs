use std::process::ExitCode;
use std::{fmt, io};

use serde::Deserialize;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::metrics::MetricsSettings;
use super::recorder::EventRecorder;
use crate::ports::{Clock, Measurement, measure, set_recorder};

/// The crates whose level can be chosen. Everything else stays at WARN: below that the SDK, hyper
/// and the Lambda runtime print payloads.
const OUR_CRATES: [&str; 4] = ["shared", "request_reset", "verify_token", "confirm_reset"];

/// How much our own crates log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

impl From<LogLevel> for LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

/// What is logged at this level.
pub fn targets(level: LogLevel) -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(OUR_CRATES.map(|name| (name, LevelFilter::from(level))))
}

/// Writes each failure as one line of JSON, which `infra/schemas/audit-log.schema.json` describes.
pub fn layer<S, W>(writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer)
}

/// Starts logging, and counting where there is a place for it, as `function`. A second call changes
/// nothing.
pub fn init(
    level: LogLevel,
    metrics: Option<MetricsSettings>,
    function: &'static str,
    clock: impl Clock + 'static,
) {
    start_logger(level);
    if set_recorder(EventRecorder::new(
        io::stdout,
        level,
        metrics,
        function,
        clock,
    )) {
        measure(Measurement::ColdStart);
    }
}

fn start_logger(level: LogLevel) {
    let layer = layer(io::stdout).with_filter(targets(level));
    // It fails only when a logger is there already.
    let _ = tracing_subscriber::registry().with(layer).try_init();
}

/// How a function ends: with its one error in the log, if it has one.
pub fn exit_code<E: fmt::Display>(ended: Result<(), E>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // It may be the very configuration that is wrong, so logging may not have started.
            start_logger(LogLevel::default());
            tracing::error!(%error, "the function cannot run");
            ExitCode::FAILURE
        }
    }
}
