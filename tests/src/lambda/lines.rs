use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

/// The lines that the processes wrote to standard output; clones share them.
#[derive(Debug, Clone, Default)]
pub struct LogLines(Arc<Mutex<Vec<String>>>);

impl LogLines {
    pub(super) fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line);
    }

    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.clone()
    }

    /// All lines so far that are JSON objects with an `event`.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        let lines = self.all().into_iter();
        let lines = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
        lines.filter(|line| line["event"].is_string()).collect()
    }
}
