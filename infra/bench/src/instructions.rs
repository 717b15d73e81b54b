//! Instructions, counted by valgrind: the same number whatever else the machine does.

use std::path::Path;

use serde_json::{Value, json};

use crate::Failure;
use crate::subjects::{Aws, Subject, Subjects, event};
use crate::world::World;

/// Requests in the longer of two runs; the shorter one has one.
const REQUESTS: usize = 21;

/// Instructions of a start with one request, and of each further request.
pub(crate) fn measure(world: &mut World, subjects: &Subjects) -> Result<Value, Failure> {
    let behind_routes = [
        Subject::Hello,
        Subject::Request,
        Subject::Verify,
        Subject::Confirm,
    ];
    let mut measured = serde_json::Map::new();
    for subject in behind_routes {
        let one = count(subject, 1, world, subjects)?;
        let all = count(subject, REQUESTS, world, subjects)?;
        let further = u64::try_from(REQUESTS - 1)?;
        measured.insert(
            subject.name().to_owned(),
            json!({ "start": one, "request": all.saturating_sub(one) / further }),
        );
    }
    Ok(Value::Object(measured))
}

fn count(
    subject: Subject,
    requests: usize,
    world: &mut World,
    subjects: &Subjects,
) -> Result<u64, Failure> {
    let secrets = subjects.mailed(requests, world)?;
    let file = std::env::temp_dir().join(format!("bench-callgrind-{}", std::process::id()));
    let out = format!("--callgrind-out-file={}", file.display());
    let path = subjects.path(subject.binary());
    let command = [
        Path::new("valgrind"),
        Path::new("--tool=callgrind"),
        Path::new("--quiet"),
        Path::new(&out),
        path.as_path(),
    ];
    let (mut process, _) = Subjects::start_as(&command, subject, world, Aws::Embedded)?;
    for secrets in &secrets {
        let event = event(subject, world, secrets)?;
        process.invoke(&event)?;
    }
    process.end();
    let counted = std::fs::read_to_string(&file)?;
    std::fs::remove_file(&file)?;
    let total = counted
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("totals: "));
    Ok(total
        .ok_or("valgrind has counted nothing")?
        .trim()
        .parse()?)
}
