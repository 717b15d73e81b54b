/// Everything that is wrong with the variables and the settings, in one message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the configuration is wrong: {}", .problems.join("; "))]
pub struct ConfigError {
    pub(super) problems: Vec<String>,
}

impl ConfigError {
    /// The problems, each beginning with the name of a variable or the path of a setting.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}
