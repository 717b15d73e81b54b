//! Metrics, as lines of `CloudWatch`'s embedded metric format between those of the log.
//!
//! They are made of the very events that the audit log is made of, so that the two cannot disagree,
//! and hold names and numbers alone: no field of an event is copied into one.

use std::io::Write as _;

use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;

use super::OUR_CRATES;
use crate::ports::Clock;

/// Target of events that are numbers and no lines of the log.
pub const MEASURED: &str = "measured";

/// Where metrics are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsSettings {
    /// The namespace in `CloudWatch`.
    pub namespace: String,
    /// Which deployment this is, as a property of each line.
    pub release: Option<String>,
}

/// The events that metrics are made of, however little is logged.
#[must_use]
pub fn targets() -> Targets {
    Targets::new()
        .with_targets(OUR_CRATES.map(|name| (name, LevelFilter::INFO)))
        .with_target(MEASURED, LevelFilter::INFO)
}

/// Writes a line for each event that counts or measures something; `function` is the one dimension
/// that all metrics have.
pub fn layer<S, W, C>(
    writer: W,
    clock: C,
    settings: MetricsSettings,
    function: &'static str,
) -> impl Layer<S>
where
    S: Subscriber,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    C: Clock + 'static,
{
    Metrics {
        writer,
        clock,
        settings,
        function,
    }
}

struct Metrics<W, C> {
    writer: W,
    clock: C,
    settings: MetricsSettings,
    function: &'static str,
}

/// One number of a line.
struct Metric {
    name: &'static str,
    unit: &'static str,
    value: f64,
}

impl Metric {
    const fn count(name: &'static str) -> Self {
        Self {
            name,
            unit: "Count",
            value: 1.0,
        }
    }
}

impl<S, W, C> Layer<S> for Metrics<W, C>
where
    S: Subscriber,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    C: Clock + 'static,
{
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut seen = Seen::default();
        event.record(&mut seen);
        let (metrics, reason) = match (seen.event.as_deref(), seen.outcome.as_deref()) {
            (Some(event), outcome) => counted(event, outcome.or(seen.reason.as_deref())),
            (None, _) => (seen.measured, None),
        };
        if metrics.is_empty() {
            return;
        }
        let mut line = self.line(&metrics, reason).to_string();
        line.push('\n');
        // There is nobody to tell when standard output is gone.
        let _ = self.writer.make_writer().write_all(line.as_bytes());
    }
}

impl<W, C: Clock> Metrics<W, C> {
    fn line(&self, metrics: &[Metric], reason: Option<&'static str>) -> Value {
        let names: Vec<_> = metrics
            .iter()
            .map(|metric| json!({ "Name": metric.name, "Unit": metric.unit }))
            .collect();
        // With a reason, the sum over all reasons is counted beside each.
        let dimensions = match reason {
            Some(_) => json!([["Function"], ["Function", "Reason"]]),
            None => json!([["Function"]]),
        };
        let mut line = Map::new();
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": self.clock.now().unix_seconds().saturating_mul(1000),
                "CloudWatchMetrics": [{
                    "Namespace": self.settings.namespace,
                    "Dimensions": dimensions,
                    "Metrics": names,
                }],
            }),
        );
        line.insert("Function".to_owned(), json!(self.function));
        if let Some(reason) = reason {
            line.insert("Reason".to_owned(), json!(reason));
        }
        if let Some(release) = &self.settings.release {
            line.insert("Release".to_owned(), json!(release));
        }
        for metric in metrics {
            line.insert(metric.name.to_owned(), json!(metric.value));
        }
        Value::Object(line)
    }
}

/// What an event of the audit log counts as, by its outcome or reason, and the reason that a refusal
/// is counted by. The kinds are those of `infra/schemas/audit-log.schema.json`.
fn counted(event: &str, outcome: Option<&str>) -> (Vec<Metric>, Option<&'static str>) {
    let one = |name| (vec![Metric::count(name)], None);
    match (event, outcome.unwrap_or_default()) {
        ("reset-requested", "accepted") => (
            vec![Metric::count("Requested"), Metric::count("Accepted")],
            None,
        ),
        ("reset-requested", _) => (
            vec![Metric::count("Requested"), Metric::count("Throttled")],
            None,
        ),
        ("token-verified", "alive") => one("Verified"),
        ("reset-confirmed", "password-changed") => one("Confirmed"),
        ("reset-cancelled", "cancelled") => one("Cancelled"),
        ("token-verified" | "reset-confirmed" | "reset-cancelled" | "request-refused", reason) => {
            (vec![Metric::count("Refused")], refusal(reason))
        }
        ("mail-sent", _) => one("MailsSent"),
        // An alarm rings by it: somebody has to look into the users table, or at the record.
        ("mail-skipped", "ambiguous-address") => (
            vec![
                Metric::count("MailsSkipped"),
                Metric::count("MailsNeedAttention"),
            ],
            None,
        ),
        // An alarm rings by it, as by those that wait.
        ("mail-skipped", "repeat-over-cap") => (
            vec![Metric::count("MailsSkipped"), Metric::count("MailsHeld")],
            None,
        ),
        ("mail-parked", _) => (
            vec![
                Metric::count("MailsFailed"),
                Metric::count("MailsNeedAttention"),
            ],
            None,
        ),
        ("mail-skipped", _) => one("MailsSkipped"),
        ("mail-rejected", _) => one("MailsFailed"),
        ("mail-deferred", _) => one("MailsDeferred"),
        ("mail-held", _) => one("MailsHeld"),
        ("mail-reported", "delivered") => one("MailsDelivered"),
        ("mail-reported", "delayed") => one("MailsDelayed"),
        ("mail-reported", "bounced") => one("MailsBounced"),
        ("mail-reported", "complained") => one("MailsComplained"),
        ("mail-reported", "rejected") => one("MailsRejected"),
        _ => (Vec::new(), None),
    }
}

/// A reason as a dimension: one of a few, because each is a metric that costs.
fn refusal(reason: &str) -> Option<&'static str> {
    [
        "invalid-token",
        "replayed",
        "source-limited",
        "password-rejected",
        "invalid-request",
        "unknown-app",
        "reset-disabled",
        "payload-too-large",
        "unsupported-media-type",
    ]
    .into_iter()
    .find(|known| *known == reason)
}

/// What an event says, as far as metrics are made of it.
#[derive(Default)]
struct Seen {
    event: Option<String>,
    outcome: Option<String>,
    reason: Option<String>,
    measured: Vec<Metric>,
}

impl Seen {
    fn measure(&mut self, field: &Field, value: f64) {
        let (name, unit) = match field.name() {
            "cold_starts" => ("ColdStarts", "Count"),
            "server_errors" => ("ServerErrors", "Count"),
            "argon2_milliseconds" => ("Argon2Milliseconds", "Milliseconds"),
            "mail_age_seconds" => ("MailAgeSeconds", "Seconds"),
            _ => return,
        };
        self.measured.push(Metric { name, unit, value });
    }
}

impl Visit for Seen {
    fn record_str(&mut self, field: &Field, value: &str) {
        let place = match field.name() {
            "event" => &mut self.event,
            "outcome" => &mut self.outcome,
            "reason" => &mut self.reason,
            _ => return,
        };
        *place = Some(value.to_owned());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.measure(field, value);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::adapters::SystemClock;
    use crate::telemetry;

    #[derive(Clone, Default)]
    struct Text(Arc<Mutex<Vec<u8>>>);

    impl Text {
        fn read(&self) -> String {
            let bytes = self.0.lock().expect("nobody panicked").clone();
            String::from_utf8(bytes).expect("text")
        }
    }

    impl io::Write for Text {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panicked").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_alarms_ring_by_is_counted_however_little_is_logged() {
        let (logged, counted) = (Text::default(), Text::default());
        let settings = MetricsSettings {
            namespace: "stack".to_owned(),
            release: None,
        };
        let level = crate::telemetry::LogLevel::Error;
        let (lines, numbers) = (logged.clone(), counted.clone());
        let measures = layer(
            move || numbers.clone(),
            SystemClock,
            settings,
            "mail-worker",
        );
        let subscriber = tracing_subscriber::registry()
            .with(measures.with_filter(targets()))
            .with(telemetry::layer(move || lines.clone()).with_filter(telemetry::targets(level)));
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(target: "request_reset", event = "mail-held");
            tracing::warn!(
                target: "request_reset",
                event = "mail-skipped",
                reason = "ambiguous-address"
            );
            tracing::info!(target: "request_reset", event = "mail-skipped", reason = "disabled");
            tracing::warn!(target: "request_reset", event = "mail-deferred", reason = "throttled");
            tracing::error!(target: "request_reset", event = "mail-parked", reason = "panicked");
        });
        let logged = logged.read();
        assert_eq!(logged.lines().count(), 1, "{logged}");
        let counted = counted.read();
        for (name, times) in [
            ("MailsHeld", 1),
            ("MailsSkipped", 2),
            ("MailsNeedAttention", 2),
            ("MailsDeferred", 1),
            ("MailsFailed", 1),
        ] {
            let found = counted.matches(&format!("\"{name}\":1.0")).count();
            assert_eq!(found, times, "{name} in {counted}");
        }
    }
}
