use std::sync::OnceLock;
use std::time::Duration;

use crate::domain::AuditEvent;

/// Logs and counts what happens.
///
/// The process has one, as it has one logger, so that nothing needs to be handed it. What is recorded
/// before there is one is lost.
pub trait Recorder: Send + Sync {
    /// Logs an event and counts it.
    fn record(&self, event: &AuditEvent<'_>);

    /// Counts what is no event.
    fn measure(&self, measurement: Measurement);
}

/// What is counted and not logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measurement {
    /// A function has started.
    ColdStart,
    /// An answer says that the service failed.
    ServerError,
    /// How long one argon2 took.
    Argon2(Duration),
    /// How long somebody has waited for a mail so far, in seconds.
    MailAge(u32),
}

static RECORDER: OnceLock<Box<dyn Recorder>> = OnceLock::new();

/// Makes this the process's recorder, and says whether it is: a second one is not.
pub fn set_recorder(recorder: impl Recorder + 'static) -> bool {
    RECORDER.set(Box::new(recorder)).is_ok()
}

/// Logs an event and counts it.
pub fn record(event: &AuditEvent<'_>) {
    if let Some(recorder) = RECORDER.get() {
        recorder.record(event);
    }
}

/// Counts what is no event.
pub fn measure(measurement: Measurement) {
    if let Some(recorder) = RECORDER.get() {
        recorder.measure(measurement);
    }
}
