use std::collections::BTreeMap;

use serde_json::Value;

use super::TemplateError;
use super::section::Section;

/// A function that the template deploys, with what it needs to run here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The name in the template.
    pub logical_id: String,
    /// The cargo binary that it runs.
    pub binary: String,
    /// The environment variables, resolved.
    pub environment: BTreeMap<String, String>,
}

/// SAM's own default where a section of the template may stand under Globals too.
pub(super) fn globals<'a>(
    root: &Section<'a>,
    kind: &str,
) -> Result<Option<Section<'a>>, TemplateError> {
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
    ) -> Result<Self, TemplateError> {
        let properties = resource.require("Properties")?;
        let mut environment = BTreeMap::new();
        for owner in globals.into_iter().chain([&properties]) {
            environment.extend(read_environment(owner)?);
        }
        Ok(Self {
            logical_id: logical_id.to_owned(),
            binary: read_binary(resource, &properties)?,
            environment,
        })
    }
}

fn read_environment(owner: &Section<'_>) -> Result<BTreeMap<String, String>, TemplateError> {
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

/// SAM builds the binary that the metadata names, else the one that is called like the folder.
fn read_binary(resource: &Section<'_>, properties: &Section<'_>) -> Result<String, TemplateError> {
    if let Some(Value::String(name)) = resource.value().pointer("/Metadata/BuildProperties/Binary")
    {
        return Ok(name.clone());
    }
    let code = properties.require("CodeUri")?;
    let path = code.text()?;
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty() && *name != ".")
        .map(str::to_owned)
        .ok_or_else(|| code.error("names no binary; say it in Metadata.BuildProperties.Binary"))
}
