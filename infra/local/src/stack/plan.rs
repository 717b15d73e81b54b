use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::ports::Ports;
use super::{Config, Endpoints};
use crate::api_gateway::{ApiGateway, ApiRequest, build_event};
use crate::lambda::{
    FunctionGroup, Groups, Output, WatchOptions, find_cargo_lambda, sdk_environment,
};
use crate::template::{Options, Template};

/// Variables that say where something is that a deployment has in a layer, and where it is here.
const LAYERS: [(&str, &str); 2] = [
    ("SETTINGS_FILE", "infra/settings/settings.json"),
    (
        "KNOWN_PASSWORDS_FILE",
        "target/known-passwords/layer/known-passwords",
    ),
];

/// What is known before anything runs.
pub(super) struct Plan {
    pub(super) template: Template,
    pub(super) gateway: ApiGateway,
    pub(super) groups: Groups,
    pub(super) api_url: String,
    program: PathBuf,
    root: PathBuf,
    concurrency: u16,
    output: Output,
}

impl Plan {
    pub(super) fn new(
        config: &Config,
        ports: &Ports,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self> {
        let api_url = format!("http://{}", ports.api.local_addr()?);
        let options = Options {
            parameters: environment.clone(),
            api_url: api_url.clone(),
        };
        let template = Template::load(&config.template(), options).context("template.yaml")?;
        let given = |name: &str| {
            let layered = || LAYERS.iter().find(|(layered, _)| *layered == name);
            let here = || Some(config.root.join(layered()?.1).display().to_string());
            environment.get(name).cloned().or_else(here)
        };
        Ok(Self {
            gateway: ApiGateway::new(&template.api),
            groups: Groups::of(&template, given)?,
            template,
            api_url,
            program: find_cargo_lambda(
                &config.root,
                config.cargo_lambda.clone(),
                config.path.clone(),
            )?,
            root: config.root.clone(),
            concurrency: config.concurrency,
            output: match &config.log_file {
                Some(path) => Output::file(path)?,
                None => Output::terminal(),
            },
        })
    }

    pub(super) fn watch_options(
        &self,
        group: &FunctionGroup,
        port: u16,
        endpoints: &Endpoints,
    ) -> WatchOptions {
        let mut environment = sdk_environment(&endpoints.dynamodb, &endpoints.ses);
        environment.extend(group.environment.clone());
        // A function with a route cannot name its API in the template. On AWS it needs no name, because
        // the API is reached over https; here browsers say http.
        if let Some(origins) = environment.get_mut("FORM_ORIGINS") {
            origins.push(',');
            origins.push_str(&self.api_url);
        }
        WatchOptions {
            program: self.program.clone(),
            root: self.root.clone(),
            port,
            concurrency: self.concurrency,
            environment,
            output: self.output.clone(),
        }
    }

    /// An event that the function `id` answers without changing anything: no records, or a path that
    /// is routed nowhere.
    pub(super) fn harmless_event(&self, id: &str) -> Value {
        if self
            .template
            .streams
            .iter()
            .any(|mapping| mapping.function == id)
        {
            return json!({"Records": []});
        }
        let request = ApiRequest::new("GET", "/-/warm-up").header("user-agent", "local-stack");
        build_event(self.gateway.routes(), &request)
            .map_or(Value::Null, |invocation| invocation.event)
    }
}
