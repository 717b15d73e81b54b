//! Logs: one JSON object a line, on standard output, and metrics between them.

pub mod metrics;

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

use crate::adapters::SystemClock;
pub use metrics::{MEASURED, MetricsSettings};

/// The crates whose level can be chosen. Everything else stays at WARN: below that the SDK, hyper
/// and the Lambda runtime print payloads.
const OUR_CRATES: [&str; 4] = ["shared", "request_reset", "verify_token", "confirm_reset"];

/// How much our own crates log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names of tracing's levels")]
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
#[must_use]
pub fn targets(level: LogLevel) -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(OUR_CRATES.map(|name| (name, LevelFilter::from(level))))
}

/// Writes each event as one line of JSON, which `infra/schemas/audit-log.schema.json` describes.
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
pub fn init(level: LogLevel, metrics: Option<MetricsSettings>, function: &'static str) {
    let measures = metrics.map(|settings| {
        metrics::layer(io::stdout, SystemClock, settings, function).with_filter(metrics::targets())
    });
    let started = tracing_subscriber::registry()
        .with(measures)
        .with(layer(io::stdout).with_filter(targets(level)))
        .try_init();
    // It fails only when a logger is there already.
    if started.is_ok() {
        tracing::info!(target: MEASURED, cold_starts = 1.0);
    }
}

/// How a function ends: with its one error in the log, if it has one.
#[must_use]
pub fn exit_code<E: fmt::Display>(ended: Result<(), E>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // It may be the very configuration that is wrong, so logging may not have started.
            init(LogLevel::default(), None, "");
            tracing::error!(%error, "the function cannot run");
            ExitCode::FAILURE
        }
    }
}
