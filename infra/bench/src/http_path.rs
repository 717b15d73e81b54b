//! The functions over a store that does nothing: warm requests of what Lambda would run, with everything but a
//! store.

use std::path::Path;

use serde_json::Value;

use crate::Failure;
use crate::subjects::{Aws, Subject, Subjects, event};
use crate::warm;
use crate::world::World;

/// What each is called, and what the probe calls it.
const STEPS: [(&str, &str, Subject); 2] = [
    ("request, HTTP path", "request", Subject::Request),
    ("verify by link, HTTP path", "verify", Subject::Verify),
];

pub(crate) fn measure(world: &mut World, subjects: &Subjects) -> Result<Value, Failure> {
    let secrets = subjects.mailed(1, world)?;
    let secrets = secrets.first().ok_or("no mail came")?;
    let probe = subjects.path("no-op-store");
    let mut measured = serde_json::Map::new();
    for (name, step, subject) in STEPS {
        let command = [probe.as_path(), Path::new(step), Path::new(&secrets.token)];
        let (mut process, _) = Subjects::start_as(&command, subject, world, Aws::Embedded)?;
        let events = vec![event(subject, world, secrets)?; warm::MANY];
        let warm = warm::give(&mut process, subject, &events)?;
        measured.insert(name.to_owned(), warm);
    }
    Ok(Value::Object(measured))
}
