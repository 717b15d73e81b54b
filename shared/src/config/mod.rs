//! The configuration of a function: the variables of its template, and the settings file, read once
//! at cold start from an injectable lookup, all problems at once.

mod common;
mod confirm_reset;
mod environment;
mod error;
mod http;
mod reader;
mod request_reset;
mod verify_token;

pub use common::CommonConfig;
pub use confirm_reset::ConfirmConfig;
pub use environment::{Env, environment};
pub use error::ConfigError;
pub use http::HttpConfig;
pub use request_reset::{RequestResetConfig, WorkerConfig};
pub use verify_token::VerifyConfig;

#[cfg(test)]
mod tests;
