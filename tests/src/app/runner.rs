use std::collections::BTreeMap;

use local_stack::invoke::InvokeError;
use local_stack::lambda::sdk_environment;
use local_stack::template::Template;
use serde_json::Value;

use super::functions::Functions;
use super::variables;
use crate::lambda::Lambda;

/// What runs the functions.
pub(super) enum Runner {
    /// Their handlers, in this process.
    Here(Box<Functions>),
    /// Their binaries, in processes of their own.
    Processes(Lambda),
}

impl Runner {
    /// Up to `concurrency` processes of each function, whose AWS is at `aws`.
    pub(super) fn processes(
        template: &Template,
        overrides: &BTreeMap<String, String>,
        concurrency: usize,
        aws: &str,
    ) -> Self {
        Self::Processes(Lambda::new(template, concurrency, |function| {
            let mut variables = variables(template, function, overrides);
            variables.extend(sdk_environment(aws, aws));
            variables
        }))
    }

    /// Runs a function as Lambda would.
    pub(super) async fn call(&self, function: String, event: Value) -> Result<Value, InvokeError> {
        match self {
            Self::Here(functions) => functions.call(function, event).await,
            Self::Processes(lambda) => lambda.invoke(&function, event).await,
        }
    }
}
