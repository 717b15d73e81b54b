//! The functions' code over a store that does nothing.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::Failure;
use crate::subjects::{Aws, Subject, Subjects};
use crate::world::World;

/// Requests of each, of what is quick and of what hashes.
const STEPS: [(&str, Subject, &str); 3] = [
    ("request", Subject::Request, "20000"),
    ("verify", Subject::Verify, "20000"),
    ("confirm", Subject::Confirm, "100"),
];

/// Milliseconds of one request of each.
pub(crate) fn measure(world: &World, subjects: &Subjects) -> Result<Value, Failure> {
    let mut measured = serde_json::Map::new();
    for (step, subject, count) in STEPS {
        let ran = Command::new(subjects.path("no-op-store"))
            .args([step, count])
            .env_clear()
            .envs(Subjects::variables(subject, world, Aws::Embedded))
            .stdout(Stdio::null())
            .output()?;
        let said = String::from_utf8_lossy(&ran.stderr);
        let nanoseconds: f64 = said.trim().parse().map_err(|_| format!("{step}: {said}"))?;
        let milliseconds = nanoseconds / 1e6;
        let per_second = 1000.0 / milliseconds;
        let each = json!({ "cpu": milliseconds, "per_second_of_cpu": per_second });
        measured.insert(step.to_owned(), each);
    }
    Ok(Value::Object(measured))
}
