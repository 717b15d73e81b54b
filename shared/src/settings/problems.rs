use std::fmt::Display;

use crate::adapters::dynamodb::AttributePath;

/// Everything that is wrong with the settings, each with the path where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct SettingsError(pub(super) Vec<String>);

impl SettingsError {
    /// The problems, each a fragment such as `apps.shop.sender: not a mail address`.
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

/// Collects what is wrong with one object of the file, so that its owner sees everything at once.
pub(super) struct SettingPath<'a> {
    path: String,
    problems: &'a mut Vec<String>,
}

impl<'a> SettingPath<'a> {
    /// The object at this path.
    pub(super) const fn new(path: String, problems: &'a mut Vec<String>) -> Self {
        Self { path, problems }
    }

    /// Notes a problem of a field; an empty name is the object itself.
    pub(super) fn problem(&mut self, field: &str, problem: impl Display) {
        let dot = if self.path.is_empty() || field.is_empty() {
            ""
        } else {
            "."
        };
        let path = &self.path;
        self.problems.push(format!("{path}{dot}{field}: {problem}"));
    }

    /// The value; without one, that is a problem.
    pub(super) fn need<T>(&mut self, field: &str, value: Option<T>, problem: &str) -> Option<T> {
        self.require(value.is_some(), field, problem);
        value
    }

    /// The attribute that a field names.
    pub(super) fn attribute(&mut self, field: &str, text: &str) -> Option<AttributePath> {
        let path = AttributePath::parse(text);
        self.need(field, path, "must be names with dots between them")
    }

    /// Notes a problem unless all is good.
    pub(super) fn require(&mut self, good: bool, field: &str, problem: impl Display) {
        if !good {
            self.problem(field, problem);
        }
    }
}

/// What was built, if nothing is wrong.
pub(super) fn finish<T>(built: Option<T>, problems: Vec<String>) -> Result<T, SettingsError> {
    match built {
        Some(built) if problems.is_empty() => Ok(built),
        _ => Err(SettingsError(problems)),
    }
}
