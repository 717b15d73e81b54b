//! What a line saw, and what is to be thought of it.

use std::fmt::Write as _;

use local_stack::api_gateway::ApiResponse;

use super::target::granted;
use super::{Line, Reach};

/// How an attack ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The service held.
    Repelled,
    /// The service has a weakness.
    Succeeded,
    /// It could not be tried here.
    NotTried,
}

/// Why a line could not be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    reason: String,
    out_of_reach: bool,
}

impl NotRun {
    /// Something that the line needs did not come about.
    pub fn because(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            out_of_reach: false,
        }
    }

    pub(super) fn out_of_reach() -> Self {
        Self {
            reason: "cannot be seen over HTTP; `make test` runs it in one process".to_owned(),
            out_of_reach: true,
        }
    }
}

/// What came of a line.
pub type TrialResult = Result<Trial, NotRun>;

/// A line while it runs: what it sent and what it saw.
#[derive(Debug, Clone)]
pub struct Trial {
    sent: String,
    saw: String,
    findings: Vec<String>,
}

impl Trial {
    /// A trial that sends this.
    pub(super) fn of(sent: impl Into<String>) -> Self {
        Self {
            sent: sent.into(),
            saw: String::new(),
            findings: Vec::new(),
        }
    }

    /// Notes what must be so if the service holds, and what was seen if it is not.
    pub(super) fn require<T: Into<String>>(&mut self, holds: bool, otherwise: impl FnOnce() -> T) {
        if !holds {
            self.findings.push(otherwise().into());
        }
    }

    /// Notes that something is to be granted.
    pub(super) fn require_granted(&mut self, what: &str, answer: &ApiResponse) {
        self.require(granted(answer), || format!("{what} gets {}", answer.status));
    }

    /// Notes the status that something is to get.
    pub(super) fn require_status(&mut self, status: u16, what: &str, answer: &ApiResponse) {
        self.require(answer.status == status, || {
            format!("{what} gets {}", answer.status)
        });
    }

    /// Ends the trial with what is seen when the service holds.
    pub(super) fn finish(mut self, saw: impl Into<String>) -> Self {
        self.saw = saw.into();
        self
    }
}

/// A line of the table.
#[derive(Debug, Clone)]
pub struct Report {
    pub number: u8,
    pub title: &'static str,
    pub reach: Reach,
    pub sent: String,
    pub saw: String,
    pub verdict: Verdict,
    out_of_reach: bool,
}

impl Report {
    pub(super) fn of(line: &Line, tried: TrialResult) -> Self {
        let (sent, saw, verdict, out_of_reach) = match tried {
            Ok(trial) if trial.findings.is_empty() => {
                (trial.sent, trial.saw, Verdict::Repelled, false)
            }
            Ok(trial) => (
                trial.sent,
                shortened(&trial.findings),
                Verdict::Succeeded,
                false,
            ),
            Err(not_run) => (
                String::new(),
                not_run.reason,
                Verdict::NotTried,
                not_run.out_of_reach,
            ),
        };
        Self {
            number: line.number,
            title: line.title,
            reach: line.reach,
            sent,
            saw,
            verdict,
            out_of_reach,
        }
    }

    /// Whether the line says that all is well, as far as it can be seen from where it ran.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.verdict == Verdict::Repelled || self.out_of_reach
    }
}

/// The first few of what may be many findings.
fn shortened(findings: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut text = findings[..findings.len().min(SHOWN)].join("; ");
    if findings.len() > SHOWN {
        let _ = write!(text, "; and {} more", findings.len() - SHOWN);
    }
    text
}

/// The reports as a table, a line each.
#[must_use]
pub fn table(reports: &[Report]) -> String {
    let mut text = String::from("| # | attack | runs | verdict | sent | saw |\n");
    text.push_str("|---|---|---|---|---|---|\n");
    for report in reports {
        let runs = match report.reach {
            Reach::Http => "over HTTP",
            Reach::InProcess => "in one process",
        };
        let verdict = match report.verdict {
            Verdict::Repelled => "repelled",
            Verdict::Succeeded => "SUCCEEDED",
            Verdict::NotTried => "not tried",
        };
        let _ = writeln!(
            text,
            "| {} | {} | {runs} | {verdict} | {} | {} |",
            report.number, report.title, report.sent, report.saw
        );
    }
    text
}
