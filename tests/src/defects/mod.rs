//! Defects that tests give the service from outside, one at a time.
//!
//! The attack suite says that the service repels an attack. That is worth something only if the
//! suite would notice an attack that succeeds, so each line of it is also run against a service
//! that behaves as if it had just the defect in question. The service knows nothing of this: edited
//! is what passes on the two wires that the harness holds, between API Gateway and the functions
//! (`http`), and between the functions and AWS (`aws`).

mod aws;
mod defect;
mod http;

pub use defect::{ActiveDefect, Defect};
