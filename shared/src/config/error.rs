use std::fmt;

/// Everything that is wrong with the variables and the settings, in one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub(super) problems: Vec<String>,
}

impl ConfigError {
    /// The problems, each beginning with the name of a variable or the path of a setting.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the configuration is wrong: {}",
            self.problems.join("; ")
        )
    }
}

impl std::error::Error for ConfigError {}
