use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Texts by name.
pub(super) type Table = BTreeMap<String, String>;

/// Reads the fields of a JSON object and collects what is wrong with them, so that whoever wrote
/// the file is told everything at once.
pub(super) struct Fields<'a> {
    at: String,
    object: Map<String, Value>,
    problems: &'a mut Vec<String>,
}

impl<'a> Fields<'a> {
    /// The fields of `value`, which stands at `at`: `apps[0].`, or nothing for the file itself.
    pub(super) fn of(value: Value, at: String, problems: &'a mut Vec<String>) -> Option<Self> {
        let Value::Object(object) = value else {
            let at = if at.is_empty() {
                "the file"
            } else {
                at.trim_end_matches('.')
            };
            problems.push(format!("{at}: must be an object"));
            return None;
        };
        Some(Self {
            at,
            object,
            problems,
        })
    }

    pub(super) fn required(&mut self, name: &str) -> Option<String> {
        if self.object.get(name).is_none_or(Value::is_null) {
            self.problem(name, "must be there");
        }
        self.text(name)
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.object.remove(name) {
            Some(Value::String(text)) => Some(text),
            None | Some(Value::Null) => None,
            Some(_) => {
                self.problem(name, "must be text");
                None
            }
        }
    }

    /// A flag, which is down when it is absent.
    pub(super) fn flag(&mut self, name: &str) -> bool {
        match self.object.remove(name) {
            Some(Value::Bool(flag)) => flag,
            None | Some(Value::Null) => false,
            Some(_) => {
                self.problem(name, "must be true or false");
                false
            }
        }
    }

    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        let list = self.list(name).unwrap_or_default();
        let texts: Option<Vec<_>> = list.into_iter().map(into_text).collect();
        texts.unwrap_or_else(|| {
            self.problem(name, "must be a list of texts");
            Vec::new()
        })
    }

    pub(super) fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.object.remove(name) {
            Some(Value::Array(list)) => Some(list),
            None | Some(Value::Null) => None,
            Some(_) => {
                self.problem(name, "must be a list");
                None
            }
        }
    }

    pub(super) fn table(&mut self, name: &str) -> Option<Table> {
        let value = self.object.remove(name).filter(|value| !value.is_null())?;
        let table = into_table(value);
        if table.is_none() {
            self.problem(name, "must be an object of texts");
        }
        table
    }

    pub(super) fn tables(&mut self, name: &str) -> BTreeMap<String, Table> {
        let object = match self.object.remove(name) {
            Some(Value::Object(object)) => object,
            None | Some(Value::Null) => return BTreeMap::new(),
            Some(_) => {
                self.problem(name, "must be an object");
                return BTreeMap::new();
            }
        };
        let mut tables = BTreeMap::new();
        for (key, value) in object {
            match into_table(value) {
                Some(table) => {
                    tables.insert(key, table);
                }
                None => self.problem(&format!("{name}.{key}"), "must be an object of texts"),
            }
        }
        tables
    }

    pub(super) fn require(&mut self, good: bool, name: &str, problem: &str) {
        if !good {
            self.problem(name, problem);
        }
    }

    pub(super) fn problem(&mut self, name: &str, problem: &str) {
        self.problems.push(format!("{}{name}: {problem}", self.at));
    }

    /// Reports the fields that nobody asked for.
    pub(super) fn finish(mut self) {
        for name in std::mem::take(&mut self.object).keys() {
            self.problem(name, "no such field");
        }
    }
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn into_table(value: Value) -> Option<Table> {
    match value {
        Value::Object(object) => object
            .into_iter()
            .map(|(name, value)| Some((name, into_text(value)?)))
            .collect(),
        _ => None,
    }
}
