//! The way to a function, however it runs.

use std::future::Future;

use serde_json::Value;

/// Runs a function with an event.
///
/// Any `Fn(String, Value) -> impl Future` will do; the first argument is the function's logical id in
/// the template.
pub trait Invoke: Sync {
    /// Runs `function` with `event` and gives back what it returned.
    fn invoke(
        &self,
        function: &str,
        event: Value,
    ) -> impl Future<Output = Result<Value, InvokeError>> + Send;
}

impl<F, R> Invoke for F
where
    F: Fn(String, Value) -> R + Sync,
    R: Future<Output = Result<Value, InvokeError>> + Send,
{
    fn invoke(
        &self,
        function: &str,
        event: Value,
    ) -> impl Future<Output = Result<Value, InvokeError>> + Send {
        self(function.to_owned(), event)
    }
}

/// A function that did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// The function ran and failed.
    #[error("the function failed: {kind}: {message}")]
    Function {
        /// The `errorType` that it reported.
        kind: String,
        /// The `errorMessage` that it reported.
        message: String,
    },
    /// The function could not be run at all.
    #[error("the function cannot be reached: {0}")]
    Unreachable(String),
}

impl InvokeError {
    /// A failure of the function itself.
    pub fn function(kind: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Function {
            kind: kind.into(),
            message: message.into(),
        }
    }
}
