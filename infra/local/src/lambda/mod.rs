//! The functions themselves, run by `cargo lambda watch`.

mod groups;
mod invoker;
mod locate;
mod output;
mod process;
mod sdk;
mod watch;

pub use groups::{FunctionGroup, Groups};
pub use invoker::CargoLambda;
pub use locate::find_cargo_lambda;
pub use output::Output;
pub use sdk::sdk_environment;
pub use watch::{Watch, WatchOptions};
