//! The Lambda binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    shared::functions::verify_token::main()
}
