//! One place of a template, with readers that name it when something is wrong there.

use std::fmt::Display;

use anyhow::{Error, Result, anyhow};
use serde_json::Value;

use super::intrinsics::{Resolver, scalar};
use super::yaml::step;

/// An unresolved value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Section<'a> {
    resolver: &'a Resolver,
    value: &'a Value,
    place: String,
}

impl<'a> Section<'a> {
    pub(super) fn root(resolver: &'a Resolver) -> Self {
        Self {
            resolver,
            value: resolver.template(),
            place: String::new(),
        }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn resolver(&self) -> &'a Resolver {
        self.resolver
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn error(&self, problem: impl Display) -> Error {
        anyhow!("{}: {problem}", self.place)
    }

    /// The section under `key`, unless it is absent or `AWS::NoValue`.
    pub(super) fn get(&self, key: &str) -> Result<Option<Self>> {
        match self.value.get(key) {
            None => Ok(None),
            Some(value) => self.child(key, value),
        }
    }

    pub(super) fn require(&self, key: &str) -> Result<Self> {
        self.get(key)?
            .ok_or_else(|| self.error(format!("{key} is missing")))
    }

    /// The keys of a map and what they hold.
    pub(super) fn entries(&self) -> Result<Vec<(&'a str, Self)>> {
        let object = self
            .value
            .as_object()
            .ok_or_else(|| self.error("must be a map"))?;
        let mut entries = Vec::new();
        for (key, value) in object {
            if let Some(section) = self.child(key, value)? {
                entries.push((key.as_str(), section));
            }
        }
        Ok(entries)
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Result<Vec<Self>> {
        let items = self
            .value
            .as_array()
            .ok_or_else(|| self.error("must be a list"))?;
        let mut sections = Vec::new();
        for (index, value) in items.iter().enumerate() {
            sections.extend(self.child(&index.to_string(), value)?);
        }
        Ok(sections)
    }

    fn child(&self, key: &str, value: &'a Value) -> Result<Option<Self>> {
        let place = step(&self.place, key);
        let chosen = self.resolver.choose(value, &place)?;
        Ok(chosen.map(|value| Self {
            resolver: self.resolver,
            value,
            place,
        }))
    }

    pub(super) fn resolved(&self) -> Result<Option<Value>> {
        self.resolver.resolve(self.value, &self.place)
    }

    pub(super) fn text(&self) -> Result<String> {
        self.resolver.text(self.value, &self.place)
    }

    pub(super) fn flag(&self) -> Result<bool> {
        match self.text()?.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.error("must be true or false")),
        }
    }

    pub(super) fn integer(&self) -> Result<i64> {
        self.text()?
            .parse()
            .map_err(|_| self.error("must be a whole number"))
    }

    /// A list of plain values; one plain value is a list of one.
    pub(super) fn texts(&self) -> Result<Vec<String>> {
        let texts = match self.resolved()? {
            Some(Value::Array(items)) => items.iter().map(scalar).collect(),
            Some(value) => scalar(&value).map(|text| vec![text]),
            None => Some(Vec::new()),
        };
        texts.ok_or_else(|| self.error("must be a list of plain values"))
    }
}
