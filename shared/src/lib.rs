//! A forgot-password service for teams whose users are in DynamoDB.
//!
//! Dependencies point inward: [`domain`] knows nothing of the rest; [`ports`] is the outward
//! contract; [`use_cases`] and the [`worker`] are written against those two alone; [`adapters`],
//! [`http`] and [`mail`] know AWS, HTTP and mail, and [`i18n`] has the words for the latter two.
//! [`functions`] puts them together.

pub mod adapters;
pub mod config;
pub mod domain;
pub mod functions;
pub mod http;
pub mod i18n;
mod json;
pub mod mail;
#[warn(missing_docs)]
pub mod ports;
#[warn(missing_docs)]
pub mod settings;
pub mod telemetry;
pub mod use_cases;
pub mod worker;
