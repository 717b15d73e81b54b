use std::path::PathBuf;

/// A template that cannot be read or stood in for.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The text is not YAML.
    #[error("the template is not YAML: {0}")]
    Yaml(#[from] serde_norway::Error),
    /// Something at one place of the template is wrong or not supported here.
    #[error("{place}: {problem}")]
    Invalid {
        /// The path inside the template, dots between the keys.
        place: String,
        /// What is wrong there.
        problem: String,
    },
}

impl TemplateError {
    pub(super) fn invalid(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid {
            place: place.into(),
            problem: problem.into(),
        }
    }
}
