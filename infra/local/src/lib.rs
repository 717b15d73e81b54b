//! What stands in for AWS on one machine.
//!
//! Each piece can be had alone, on a port of its own choice, and leaves nothing behind when dropped:
//!
//! - [`template`] reads the SAM template, from which all else is set up;
//! - [`dynamodb`] is the database with the template's tables;
//! - [`ses`] takes mail and shows it;
//! - [`stream_poller`] brings the table's stream to a function;
//! - [`events`] makes events of it, and keeps them;
//! - [`api_gateway`] is the HTTP API;
//! - [`aws_proxy`] counts calls of the database and of mail, changes them, and makes them fail;
//! - [`lambda`] runs the functions themselves;
//! - [`stack`] is all of it together.

#![expect(
    clippy::missing_errors_doc,
    reason = "an error here is a sentence that ends in front of a person"
)]

use std::io::Write;

pub mod api_gateway;
pub mod aws_proxy;
pub mod clock;
pub mod demo;
pub mod dynamodb;
pub mod events;
pub mod invoke;
pub mod lambda;
pub mod server;
pub mod ses;
pub mod stack;
pub mod stream_poller;
pub mod template;

/// The region that the stand-ins name in ARNs and that the functions are told.
pub const REGION: &str = "us-east-1";

/// Says a line on standard error.
pub fn log(line: &str) {
    // Nobody may be reading; that is no reason to stop.
    let _ = writeln!(std::io::stderr(), "local-stack: {line}");
}
