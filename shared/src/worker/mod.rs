//! The mail worker: what is behind the outbox.
//!
//! A batch has five steps, each for all of its jobs together, and none whose time depends on whom
//! a job is for: see [`Worker::work`].

mod audit;
mod batch;
mod delivery_log;
mod failures;
mod mail_cap;
mod notice;
mod outcome;
mod reset;
mod schedule;
mod send;
mod sessions;

pub use batch::{Worker, WorkerPorts};
pub use outcome::{JobError, JobOutcome};
pub use schedule::RecentSends;

#[cfg(test)]
mod tests;
