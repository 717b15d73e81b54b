use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::section::Section;

/// Lambda's own timeout where a template names none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(3);

/// A function that the template deploys, with what it needs to run here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The name in the template.
    pub logical_id: String,
    /// The cargo binary that it runs.
    pub binary: String,
    /// The environment variables, resolved.
    pub environment: BTreeMap<String, String>,
    /// How long one invocation may take.
    pub timeout: Duration,
}

/// SAM's own default where a section of the template may stand under Globals too.
pub(super) fn globals<'a>(root: &Section<'a>, kind: &str) -> Result<Option<Section<'a>>> {
    match root.get("Globals")? {
        None => Ok(None),
        Some(globals) => globals.get(kind),
    }
}

impl Function {
    pub(super) fn read(
        logical_id: &str,
        resource: &Section<'_>,
        globals: Option<&Section<'_>>,
    ) -> Result<Self> {
        let properties = resource.require("Properties")?;
        let mut environment = BTreeMap::new();
        let mut timeout = DEFAULT_TIMEOUT;
        for owner in globals.into_iter().chain([&properties]) {
            environment.extend(read_environment(owner)?);
            timeout = read_timeout(owner)?.unwrap_or(timeout);
        }
        Ok(Self {
            logical_id: logical_id.to_owned(),
            binary: read_binary(resource)?,
            environment,
            timeout,
        })
    }
}

fn read_timeout(owner: &Section<'_>) -> Result<Option<Duration>> {
    let Some(timeout) = owner.get("Timeout")? else {
        return Ok(None);
    };
    let seconds = u64::try_from(timeout.integer()?).ok();
    let seconds = seconds.filter(|seconds| (1..=900).contains(seconds));
    let seconds = seconds.ok_or_else(|| timeout.error("must be from 1 to 900 seconds"))?;
    Ok(Some(Duration::from_secs(seconds)))
}

fn read_environment(owner: &Section<'_>) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    let Some(environment) = owner.get("Environment")? else {
        return Ok(variables);
    };
    let Some(section) = environment.get("Variables")? else {
        return Ok(variables);
    };
    for (name, value) in section.entries()? {
        variables.insert(name.to_owned(), value.text()?);
    }
    Ok(variables)
}

/// The binary that SAM builds.
fn read_binary(resource: &Section<'_>) -> Result<String> {
    let binary = resource.value().pointer("/Metadata/BuildProperties/Binary");
    let binary = binary.and_then(Value::as_str).map(str::to_owned);
    binary.ok_or_else(|| resource.error("Metadata.BuildProperties.Binary is missing"))
}
