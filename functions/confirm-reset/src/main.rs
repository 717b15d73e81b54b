//! The Lambda binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::functions::confirm_reset::main()
}
