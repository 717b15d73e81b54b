//! Everything together: what `make dev` runs.

mod config;
mod greeting;
mod plan;
mod ports;
mod ready;
mod run;

pub use config::{Config, find_root};
pub use greeting::greeting;
pub use ready::Endpoints;
pub use run::Stack;
