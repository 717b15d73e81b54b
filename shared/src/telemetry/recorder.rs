use std::io::Write as _;

use serde::Serialize;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};

use super::logs::LogLevel;
use super::metrics::{Metrics, MetricsSettings};
use crate::domain::{AuditEvent, SkipReason};
use crate::ports::{Clock, Measurement, Recorder};

/// Writes a line of the log for each event, and a line of metrics for what is counted.
#[derive(Debug)]
pub struct EventRecorder<W, C> {
    writer: W,
    level: LevelFilter,
    metrics: Option<Metrics<C>>,
}

impl<W, C> EventRecorder<W, C> {
    /// A recorder that logs events of this level, and counts all of them as `function`, where there
    /// is a place for metrics.
    pub fn new(
        writer: W,
        level: LogLevel,
        metrics: Option<MetricsSettings>,
        function: &'static str,
        clock: C,
    ) -> Self {
        Self {
            writer,
            level: level.into(),
            metrics: metrics.map(|settings| Metrics {
                settings,
                function,
                clock,
            }),
        }
    }
}

impl<W, C> Recorder for EventRecorder<W, C>
where
    W: for<'w> MakeWriter<'w> + Send + Sync,
    C: Clock,
{
    fn record(&self, event: &AuditEvent<'_>) {
        let level = level(event);
        if level <= self.level {
            self.write(&Line {
                timestamp: timestamp(),
                level: level.as_str(),
                target: "audit",
                event,
            });
        }
        if let Some(line) = self.metrics.as_ref().and_then(|it| it.of_event(event)) {
            self.write(&line);
        }
    }

    fn measure(&self, measurement: Measurement) {
        if let Some(metrics) = &self.metrics {
            self.write(&metrics.of_measurement(measurement));
        }
    }
}

impl<W: for<'w> MakeWriter<'w>, C> EventRecorder<W, C> {
    fn write(&self, line: &impl Serialize) {
        let Ok(mut text) = serde_json::to_vec(line) else {
            return;
        };
        text.push(b'\n');
        // There is nobody to tell when standard output is gone.
        let _ = self.writer.make_writer().write_all(&text);
    }
}

/// An event as `infra/schemas/audit-log.schema.json` describes it.
#[derive(Serialize)]
struct Line<'a> {
    timestamp: String,
    level: &'static str,
    target: &'static str,
    #[serde(flatten)]
    event: &'a AuditEvent<'a>,
}

/// The time in the form of all other lines.
fn timestamp() -> String {
    let mut text = String::new();
    // It cannot fail: a text takes whatever is written.
    let _ = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}

const fn level(event: &AuditEvent<'_>) -> Level {
    match event {
        AuditEvent::MailParked { .. } | AuditEvent::SessionsGivenUp { .. } => Level::ERROR,
        // Somebody has to look into the users table, or whether it is an attack or a busy hour.
        AuditEvent::MailSkipped {
            reason: SkipReason::AmbiguousAddress | SkipReason::RepeatOverCap,
            ..
        }
        | AuditEvent::MailHeld { .. }
        | AuditEvent::MailRejected { .. }
        | AuditEvent::MailDeferred { .. } => Level::WARN,
        AuditEvent::ResetRequested { .. }
        | AuditEvent::TokenVerified { .. }
        | AuditEvent::ResetConfirmed { .. }
        | AuditEvent::ResetCancelled { .. }
        | AuditEvent::RequestRefused { .. }
        | AuditEvent::MailSent { .. }
        | AuditEvent::MailSkipped {
            reason:
                SkipReason::UnknownAddress
                | SkipReason::AccountDisabled
                | SkipReason::InvalidAddress
                | SkipReason::TooManyAddresses,
            ..
        }
        | AuditEvent::MailDuplicate { .. }
        | AuditEvent::SessionsEnded { .. }
        | AuditEvent::MailReported { .. } => Level::INFO,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::adapters::SystemClock;
    use crate::domain::{AuditedJob, MailKind};

    #[test]
    fn what_alarms_fire_by_is_counted_however_little_is_logged() {
        let settings = MetricsSettings {
            namespace: "stack".to_owned(),
            release: None,
        };
        let recorder = EventRecorder::new(
            Mutex::new(Vec::new()),
            LogLevel::Error,
            Some(settings),
            "mail-worker",
            SystemClock,
        );
        let job = || AuditedJob {
            mail: MailKind::Reset,
            account: None,
            job: "r1",
        };
        let skipped = |reason| AuditEvent::MailSkipped { job: job(), reason };
        for event in [
            AuditEvent::MailHeld {
                job: job(),
                until: "2027-01-15T08:00:00Z".to_owned(),
            },
            skipped(SkipReason::AmbiguousAddress),
            skipped(SkipReason::AccountDisabled),
            AuditEvent::MailDeferred {
                job: job(),
                reason: "throttled",
            },
            AuditEvent::MailParked {
                job: job(),
                reason: "panicked",
            },
            AuditEvent::SessionsGivenUp {
                job: job(),
                reason: "throttled",
            },
        ] {
            recorder.record(&event);
        }
        let written = recorder.writer.into_inner().expect("nobody panicked");
        let written = String::from_utf8(written).expect("text");
        let logged = written.lines().filter(|line| line.contains("\"event\""));
        assert_eq!(logged.count(), 2, "{written}");
        for (name, times) in [
            ("MailsHeld", 1),
            ("MailsSkipped", 2),
            ("MailsNeedAttention", 3),
            ("MailsDeferred", 1),
            ("MailsFailed", 1),
        ] {
            let found = written.matches(&format!("\"{name}\":1.0")).count();
            assert_eq!(found, times, "{name} in {written}");
        }
    }
}
