use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the functions' lines go; clones write to the same place.
#[derive(Debug, Clone)]
pub struct Output(Arc<Mutex<Target>>);

#[derive(Debug)]
enum Target {
    Terminal,
    File(File),
}

impl Output {
    /// To standard error.
    pub fn terminal() -> Self {
        Self(Arc::new(Mutex::new(Target::Terminal)))
    }

    /// To the end of the file `path`.
    pub fn file(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self(Arc::new(Mutex::new(Target::File(file)))))
    }

    /// Writes bytes that end with a line. What cannot be written is lost, never an error.
    pub(super) fn write(&self, line: &[u8]) {
        let mut target = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = match &mut *target {
            Target::Terminal => io::stderr().lock().write_all(line),
            Target::File(file) => file.write_all(line),
        };
    }
}
