//! Runs the functions' release binaries as Lambda would, and measures them.
//!
//! `bench ROOT BINARIES` prints one JSON document: times in milliseconds, memory in KiB. ROOT is the
//! project, BINARIES the folder of the built functions and of the probes that they are compared with.
//! `bench ROOT BINARIES PART` measures one part of it alone; `instructions`, which are counted by
//! valgrind, are only there as a part.

mod calls;
mod cold;
mod http_path;
mod instructions;
mod meter;
mod outbox;
mod process;
mod statistics;
mod subjects;
mod usage;
mod warm;
mod world;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};

use subjects::Subjects;
use world::World;

/// Why a lock is there.
const UNPOISONED: &str = "nothing panics while it works";

/// Why nothing was measured.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let (line, code) = match measure() {
        Ok(measured) => (measured.to_string(), ExitCode::SUCCESS),
        Err(failure) => (
            json!({ "failure": failure.to_string() }).to_string(),
            ExitCode::FAILURE,
        ),
    };
    // A caller that does not read the answer does not need it.
    let _ = writeln!(std::io::stdout(), "{line}");
    code
}

fn measure() -> Result<Value, Failure> {
    let mut arguments = std::env::args().skip(1);
    let (Some(root), Some(binaries)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bench ROOT BINARIES [PART]".into());
    };
    let root = PathBuf::from(root);
    let mut world = World::new(&root)?;
    let subjects = Subjects::new(PathBuf::from(binaries));
    let mut measure = |part: &str| match part {
        "cold" => cold::measure(&mut world, &subjects),
        "warm" => warm::measure(&mut world, &subjects),
        "http_path" => http_path::measure(&mut world, &subjects),
        "calls" => calls::measure(&mut world, &subjects),
        "outbox" => outbox::measure(&root, &subjects),
        "instructions" => instructions::measure(&mut world, &subjects),
        other => Err(format!("what is {other}?").into()),
    };
    if let Some(part) = arguments.next() {
        return measure(&part);
    }
    let parts = ["cold", "warm", "http_path", "calls", "outbox"].into_iter();
    let measured = parts.map(|part| Ok((part.to_owned(), measure(part)?)));
    measured.collect()
}
