use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::function::globals;
use super::intrinsics::Resolver;
use super::resources::resource_type;
use super::section::Section;
use super::stream::Tables;
use super::{Cors, Function, HttpApi, Pipe, Route, StreamMapping, Table, yaml};

const PIPE: &str = "AWS::Pipes::Pipe";

/// What the caller of a deployment would say.
#[derive(Debug, Clone)]
pub struct Options {
    /// Values for parameters, instead of their defaults. Other names may be among them.
    pub parameters: BTreeMap<String, String>,
    /// The URL under which the HTTP API answers, without a slash at the end.
    pub api_url: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            parameters: BTreeMap::new(),
            api_url: "http://127.0.0.1:9000".to_owned(),
        }
    }
}

/// A template, read and resolved.
#[derive(Debug, Clone, Default)]
pub struct Template {
    /// The functions, by logical id.
    pub functions: BTreeMap<String, Function>,
    /// The tables that the conditions let exist.
    pub tables: Vec<Table>,
    pub api: HttpApi,
    /// The mappings from streams to functions.
    pub streams: Vec<StreamMapping>,
    /// The pipes from streams to event buses, of nested stacks too.
    pub pipes: Vec<Pipe>,
}

impl Template {
    /// Reads the template in the file `path`, and the pipes of its nested stacks.
    pub fn load(path: &Path, options: Options) -> Result<Self> {
        let resolver = Resolver::new(yaml::parse(&read(path)?)?, options);
        let mut template = Self::resolve(&resolver)?;
        for (_, resource) in existing_resources(&Section::root(&resolver))? {
            if resource_type(resource.value()) == "AWS::CloudFormation::Stack" {
                template.read_nested(&resource, path.parent().unwrap_or(path))?;
            }
        }
        Ok(template)
    }

    /// Reads a template from its text, without nested stacks.
    pub fn parse(text: &str, options: Options) -> Result<Self> {
        Self::resolve(&Resolver::new(yaml::parse(text)?, options))
    }

    fn resolve(resolver: &Resolver) -> Result<Self> {
        let root = Section::root(resolver);
        let mut template = Self::default();
        let resources = existing_resources(&root)?;
        for (id, resource) in &resources {
            if resource_type(resource.value()) == "AWS::DynamoDB::Table" {
                template.tables.push(Table::read(id, resource)?);
            }
        }
        for (id, resource) in &resources {
            template.read_resource(&root, id, resource)?;
        }
        template.check_functions()?;
        Ok(template)
    }

    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    fn read_resource(
        &mut self,
        root: &Section<'_>,
        id: &str,
        resource: &Section<'_>,
    ) -> Result<()> {
        match resource_type(resource.value()) {
            "AWS::Serverless::Function" => self.read_function(root, id, resource),
            "AWS::Serverless::HttpApi" => {
                self.api.cors = Cors::read(&resource.require("Properties")?)?;
                Ok(())
            }
            "AWS::Lambda::EventSourceMapping" => {
                let mapping = StreamMapping::of_resource(resource, &Tables(&self.tables))?;
                self.streams.push(mapping);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn read_function(
        &mut self,
        root: &Section<'_>,
        id: &str,
        resource: &Section<'_>,
    ) -> Result<()> {
        let globals = globals(root, "Function")?;
        let function = Function::read(id, resource, globals.as_ref())?;
        self.functions.insert(id.to_owned(), function);
        let Some(events) = resource.require("Properties")?.get("Events")? else {
            return Ok(());
        };
        for (_, event) in events.entries()? {
            match event.require("Type")?.text()?.as_str() {
                "HttpApi" => self.api.routes.push(Route::of_event(id, &event)?),
                "DynamoDB" => {
                    let properties = event.require("Properties")?;
                    let mapping = StreamMapping::of_event(id, &properties, &Tables(&self.tables))?;
                    self.streams.push(mapping);
                }
                // Schedules and the like simply never fire here.
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads the pipes of a nested stack, whose template's place is relative to `folder`. One without a
    /// pipe is left alone: it may be handed what has no stand-in.
    fn read_nested(&mut self, resource: &Section<'_>, folder: &Path) -> Result<()> {
        let properties = resource.require("Properties")?;
        let file = folder.join(properties.require("TemplateURL")?.text()?);
        let nested = yaml::parse(&read(&file)?)?;
        let mut resources = nested["Resources"].as_object().into_iter().flatten();
        if !resources.any(|(_, it)| resource_type(it) == PIPE) {
            return Ok(());
        }
        let mut options = resource.resolver().options().clone();
        options.parameters = BTreeMap::new();
        for (name, handed) in properties.require("Parameters")?.entries()? {
            options.parameters.insert(name.to_owned(), handed.text()?);
        }
        let resolver = Resolver::new(nested, options);
        for (id, resource) in existing_resources(&Section::root(&resolver))? {
            if resource_type(resource.value()) == PIPE {
                let pipe = Pipe::read(id, &resource, &Tables(&self.tables))?;
                self.pipes.push(pipe);
            }
        }
        Ok(())
    }

    fn check_functions(&self) -> Result<()> {
        for mapping in &self.streams {
            if !self.functions.contains_key(&mapping.function) {
                let problem = format!("{} is not a function of this template", mapping.function);
                bail!("{}: {problem}", mapping.place);
            }
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn existing_resources<'a>(root: &Section<'a>) -> Result<Vec<(&'a str, Section<'a>)>> {
    let mut existing = Vec::new();
    for (id, resource) in root.require("Resources")?.entries()? {
        if root.resolver().exists(id)? {
            existing.push((id, resource));
        }
    }
    Ok(existing)
}

#[cfg(test)]
mod tests;
