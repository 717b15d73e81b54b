//! The Lambda binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::functions::request_reset::main()
}
