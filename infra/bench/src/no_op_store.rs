//! The functions' code over a store that does nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::Failure;
use crate::subjects::{Aws, Subject, Subjects, event};
use crate::warm;
use crate::world::World;

const PROBE: &str = "no-op-store";
/// Requests of each, of what is quick and of what hashes.
const STEPS: [(&str, Subject, &str); 3] = [
    ("request", Subject::Request, "20000"),
    ("verify", Subject::Verify, "20000"),
    ("confirm", Subject::Confirm, "100"),
];
/// What is measured with the Runtime API around it too.
const SERVED: [(&str, &str, Subject); 2] = [
    ("request, HTTP path", "request", Subject::Request),
    ("verify by link, HTTP path", "verify", Subject::Verify),
];

/// Milliseconds of one request of each.
pub(crate) fn measure(world: &World, subjects: &Subjects) -> Result<Value, Failure> {
    let mut measured = serde_json::Map::new();
    for (step, subject, count) in STEPS {
        let ran = Command::new(subjects.path(PROBE))
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

/// Warm requests of what Lambda would run, with everything but a store.
pub(crate) fn measure_served(world: &mut World, subjects: &Subjects) -> Result<Value, Failure> {
    let secrets = subjects.mailed(1, world, Aws::Embedded)?;
    let secrets = secrets.first().ok_or("no mail came")?;
    let mut measured = serde_json::Map::new();
    for (name, step, subject) in SERVED {
        let probe = subjects.path(PROBE);
        let command = [probe.as_path(), Path::new(step), Path::new(&secrets.token)];
        let (mut process, _) = Subjects::start_as(&command, subject, world, Aws::Embedded)?;
        let events = vec![event(subject, world, secrets)?; warm::MANY];
        let warm = warm::give(&mut process, subject, &events)?;
        measured.insert(name.to_owned(), warm);
    }
    Ok(Value::Object(measured))
}
