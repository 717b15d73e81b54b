//! Metrics, as lines of `CloudWatch`'s embedded metric format between those of the log.
//!
//! They are made of the very events that are logged, so that the two cannot disagree, and hold names
//! and numbers alone: no field of an event is copied into one.

use serde_json::{Map, Value, json};
use strum::IntoStaticStr;

use crate::domain::{
    AuditEvent, CancelledOutcome, ConfirmedOutcome, ReportedState, RequestedOutcome, SkipReason,
    VerifiedOutcome,
};
use crate::ports::{Clock, Measurement};

/// Where metrics are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricsSettings {
    pub namespace: String,
    /// Which deployment this is, as a property of each line.
    pub release: Option<String>,
}

/// A number that `CloudWatch` shows, by the name of its function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Metric {
    /// Requests for a reset.
    Requested,
    /// Those among them that were written down.
    Accepted,
    /// Those among them that were over a limit.
    Throttled,
    /// Links and codes that were looked at and are alive.
    Verified,
    /// Passwords that were changed.
    Confirmed,
    /// Resets that were cancelled.
    Cancelled,
    /// Requests that were refused, also by reason: the outcome of the event.
    Refused,
    /// Mails that SES took.
    MailsSent,
    /// Jobs whose mail nobody is to get.
    MailsSkipped,
    /// Mails that SES refused for good, and jobs that were given up.
    MailsFailed,
    /// Tries of a mail that failed; each is followed by another.
    MailsDeferred,
    /// Tries of a mail for which the cap had no room. An alarm fires.
    MailsHeld,
    /// Ambiguous addresses and jobs that were given up. An alarm fires.
    MailsNeedAttention,
    /// Mails that the recipient's server took.
    MailsDelivered,
    /// Mails that the recipient's server is slow to take.
    MailsDelayed,
    /// Mails that came back.
    MailsBounced,
    /// Mails that the recipient called spam.
    MailsComplained,
    /// Mails in which SES found a virus.
    MailsRejected,
    /// How long somebody has waited for a mail, in seconds, at each of its tries.
    MailAgeSeconds,
    /// Starts of a function.
    ColdStarts,
    /// Answers that say that the service failed. An alarm fires.
    ServerErrors,
    /// How long one argon2 took, in milliseconds.
    Argon2Milliseconds,
}

impl Metric {
    const fn unit(self) -> &'static str {
        match self {
            Self::MailAgeSeconds => "Seconds",
            Self::Argon2Milliseconds => "Milliseconds",
            _ => "Count",
        }
    }
}

/// Makes the lines of one function, whose name is the one dimension that all metrics have.
#[derive(Debug)]
pub(super) struct Metrics<C> {
    pub(super) settings: MetricsSettings,
    pub(super) function: &'static str,
    pub(super) clock: C,
}

impl<C: Clock> Metrics<C> {
    pub(super) fn of_event(&self, event: &AuditEvent<'_>) -> Option<Value> {
        let (metrics, reason) = counted(event);
        (!metrics.is_empty()).then(|| self.line(metrics, 1.0, reason))
    }

    pub(super) fn of_measurement(&self, measurement: Measurement) -> Value {
        let (metric, value) = match measurement {
            Measurement::ColdStart => (Metric::ColdStarts, 1.0),
            Measurement::ServerError => (Metric::ServerErrors, 1.0),
            Measurement::Argon2(took) => (Metric::Argon2Milliseconds, took.as_secs_f64() * 1000.0),
            Measurement::MailAge(seconds) => (Metric::MailAgeSeconds, f64::from(seconds)),
        };
        self.line(&[metric], value, None)
    }

    fn line(&self, metrics: &[Metric], value: f64, reason: Option<&'static str>) -> Value {
        let names: Vec<_> = metrics
            .iter()
            .map(|metric| json!({ "Name": <&str>::from(metric), "Unit": metric.unit() }))
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
            line.insert(<&str>::from(metric).to_owned(), json!(value));
        }
        Value::Object(line)
    }
}

/// What an event counts as, and the reason that a refusal is counted by.
fn counted(event: &AuditEvent<'_>) -> (&'static [Metric], Option<&'static str>) {
    let metrics: &[Metric] = match event {
        AuditEvent::ResetRequested { outcome, .. } => match outcome {
            RequestedOutcome::Accepted => &[Metric::Requested, Metric::Accepted],
            RequestedOutcome::AddressThrottled | RequestedOutcome::SourceLimited => {
                &[Metric::Requested, Metric::Throttled]
            }
        },
        AuditEvent::TokenVerified { outcome, .. } => match outcome {
            VerifiedOutcome::Alive => &[Metric::Verified],
            refused => return (&[Metric::Refused], Some(refused.into())),
        },
        AuditEvent::ResetConfirmed { outcome, .. } => match outcome {
            ConfirmedOutcome::PasswordChanged => &[Metric::Confirmed],
            // It was counted when it was made.
            ConfirmedOutcome::Repeated => &[],
            refused => return (&[Metric::Refused], Some(refused.into())),
        },
        AuditEvent::ResetCancelled { outcome, .. } => match outcome {
            CancelledOutcome::Cancelled => &[Metric::Cancelled],
            refused @ CancelledOutcome::InvalidToken => {
                return (&[Metric::Refused], Some(refused.into()));
            }
        },
        AuditEvent::RequestRefused { outcome, .. } => {
            return (&[Metric::Refused], Some(outcome.into()));
        }
        AuditEvent::MailSent { .. } => &[Metric::MailsSent],
        AuditEvent::MailSkipped { reason, .. } => match reason {
            SkipReason::AmbiguousAddress => &[Metric::MailsSkipped, Metric::MailsNeedAttention],
            SkipReason::RepeatOverCap => &[Metric::MailsSkipped, Metric::MailsHeld],
            SkipReason::UnknownAddress
            | SkipReason::AccountDisabled
            | SkipReason::InvalidAddress
            | SkipReason::TooManyAddresses => &[Metric::MailsSkipped],
        },
        AuditEvent::MailDuplicate { .. } | AuditEvent::SessionsEnded { .. } => &[],
        AuditEvent::MailRejected { .. } => &[Metric::MailsFailed],
        AuditEvent::MailDeferred { .. } => &[Metric::MailsDeferred],
        AuditEvent::MailHeld { .. } => &[Metric::MailsHeld],
        AuditEvent::MailParked { .. } => &[Metric::MailsFailed, Metric::MailsNeedAttention],
        AuditEvent::SessionsGivenUp { .. } => &[Metric::MailsNeedAttention],
        AuditEvent::MailReported { outcome, .. } => match outcome {
            ReportedState::Delivered => &[Metric::MailsDelivered],
            ReportedState::Delayed => &[Metric::MailsDelayed],
            ReportedState::Bounced => &[Metric::MailsBounced],
            ReportedState::Complained => &[Metric::MailsComplained],
            ReportedState::Rejected => &[Metric::MailsRejected],
        },
    };
    (metrics, None)
}
