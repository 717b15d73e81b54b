//! The functions themselves, run by `cargo lambda watch`.

mod groups;
mod invoker;
mod locate;
mod output;
mod process;
mod sdk;
mod watch;

pub use groups::{Group, GroupError, Groups};
pub use invoker::CargoLambda;
pub use locate::{NotFound, find_cargo_lambda};
pub use output::Output;
pub use sdk::sdk_environment;
pub use watch::{Watch, WatchError, WatchOptions};
