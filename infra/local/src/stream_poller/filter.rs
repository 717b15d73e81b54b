//! The patterns of an event source mapping.

use anyhow::{Result, bail};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq)]
pub struct Filter(Node);

#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// Every key must match.
    All(Vec<(String, Node)>),
    /// Any of these must match.
    Any(Vec<Rule>),
}

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    Exact(Value),
    Prefix(String),
}

impl Filter {
    /// Compiles `pattern`.
    pub fn compile(pattern: &Value) -> Result<Self> {
        compile(pattern, "pattern").map(Self)
    }

    #[must_use]
    pub fn matches(&self, record: &Value) -> bool {
        matches(&self.0, Some(record))
    }
}

fn compile(pattern: &Value, path: &str) -> Result<Node> {
    match pattern {
        Value::Object(object) => object
            .iter()
            .map(|(key, inner)| {
                let path = format!("{path}.{key}");
                if key.starts_with('$') {
                    bail!("{path}: is not supported here");
                }
                Ok((key.clone(), compile(inner, &path)?))
            })
            .collect::<Result<_, _>>()
            .map(Node::All),
        Value::Array(rules) if rules.is_empty() => bail!("{path}: the list is empty"),
        Value::Array(rules) => rules
            .iter()
            .map(|rule| compile_rule(rule, path))
            .collect::<Result<_, _>>()
            .map(Node::Any),
        _ => bail!("{path}: must be a map or a list"),
    }
}

fn compile_rule(rule: &Value, path: &str) -> Result<Rule> {
    let object = match rule {
        Value::Object(object) => object,
        Value::Array(_) => bail!("{path}: a list inside a list is not a rule"),
        exact => return Ok(Rule::Exact(exact.clone())),
    };
    let mut entries = object.iter();
    match (entries.next(), entries.next()) {
        (Some((name, Value::String(text))), None) if name == "prefix" => {
            Ok(Rule::Prefix(text.clone()))
        }
        _ => bail!("{path}: the rule {rule} is not supported here"),
    }
}

fn matches(node: &Node, value: Option<&Value>) -> bool {
    match node {
        Node::All(keys) => keys
            .iter()
            .all(|(key, inner)| matches(inner, value.and_then(|value| value.get(key)))),
        Node::Any(rules) => rules.iter().any(|rule| rule.matches(value)),
    }
}

impl Rule {
    fn matches(&self, value: Option<&Value>) -> bool {
        let text = value.and_then(Value::as_str);
        match self {
            Self::Exact(expected) => value == Some(expected),
            Self::Prefix(prefix) => text.is_some_and(|text| text.starts_with(prefix)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(event: &str, pk: &str) -> Value {
        json!({"eventName": event, "dynamodb": {"Keys": {"pk": {"S": pk}}}})
    }

    #[test]
    fn every_key_and_any_rule_must_match() {
        let filter = Filter::compile(&json!({
            "eventName": ["INSERT", "MODIFY"],
            "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "request#"}]}}},
        }))
        .expect("known");
        assert!(filter.matches(&record("INSERT", "request#1")));
        assert!(filter.matches(&record("MODIFY", "request#1")));
        assert!(!filter.matches(&record("REMOVE", "request#1")));
        assert!(!filter.matches(&record("INSERT", "token#1")));
        assert!(!filter.matches(&json!({"eventName": "INSERT"})));
    }

    #[test]
    fn an_unknown_form_is_an_error_that_names_its_place() {
        for (pattern, path) in [
            (json!({"a": {"b": [{"numeric": [">", 1]}]}}), "pattern.a.b"),
            (json!({"a": [{"prefix": "x", "suffix": "y"}]}), "pattern.a"),
            (json!({"a": [{"prefix": 1}]}), "pattern.a"),
            (json!({"a": [{"exists": false}]}), "pattern.a"),
            (json!({"a": [{"anything-but": ["x"]}]}), "pattern.a"),
            (json!({"a": "x"}), "pattern.a"),
            (json!({"a": []}), "pattern.a"),
            (json!({"$or": [{"a": ["x"]}]}), "pattern.$or"),
        ] {
            let error = Filter::compile(&pattern).expect_err(path).to_string();
            assert!(error.starts_with(&format!("{path}: ")), "{error}");
        }
    }
}
