use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Where everything answers: what the ready file holds, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// The API and its pages.
    pub api: String,
    pub dynamodb: String,
    /// SES and the inbox.
    pub ses: String,
    /// The port for invocations of the functions behind routes.
    pub invoke_port: u16,
    /// The port for invocations of the function behind the stream.
    pub worker_port: u16,
}

impl Endpoints {
    /// Writes the file `path` in one step, so that a waiting process never reads half of it.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let mut name = path.as_os_str().to_owned();
        name.push(".tmp");
        std::fs::write(&name, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(&name, path)
    }
}
