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
    Suffix(String),
    Exists(bool),
}

impl Filter {
    /// Compiles `pattern`.
    ///
    /// # Errors
    ///
    /// When the pattern uses a form that is not known here: it is never taken for a match or a mismatch.
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
        (Some((name, Value::String(text))), None) if name == "suffix" => {
            Ok(Rule::Suffix(text.clone()))
        }
        (Some((name, Value::Bool(flag))), None) if name == "exists" => Ok(Rule::Exists(*flag)),
        _ => bail!("{path}: the rule {rule} is not supported here"),
    }
}

fn matches(node: &Node, value: Option<&Value>) -> bool {
    match node {
        Node::All(keys) => keys
            .iter()
            .all(|(key, inner)| matches(inner, value.and_then(|value| value.get(key)))),
        Node::Any(rules) => rules.iter().any(|rule| match value {
            // A list matches when one of its items does.
            Some(Value::Array(items)) => items.iter().any(|item| rule.matches(Some(item))),
            value => rule.matches(value),
        }),
    }
}

impl Rule {
    fn matches(&self, value: Option<&Value>) -> bool {
        let text = value.and_then(Value::as_str);
        match self {
            Self::Exact(expected) => value == Some(expected),
            Self::Prefix(prefix) => text.is_some_and(|text| text.starts_with(prefix)),
            Self::Suffix(suffix) => text.is_some_and(|text| text.ends_with(suffix)),
            Self::Exists(expected) => value.is_some_and(|value| !value.is_object()) == *expected,
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
    fn existence_is_about_values() {
        let absent = Filter::compile(&json!({"userIdentity": {"type": [{"exists": false}]}}));
        let absent = absent.expect("known");
        assert!(absent.matches(&record("REMOVE", "a")));
        assert!(!absent.matches(&json!({"userIdentity": {"type": "Service"}})));
    }

    #[test]
    fn suffixes_and_lists_match() {
        let filter = Filter::compile(&json!({"tags": [{"suffix": "x"}, 7, null]})).expect("known");
        assert!(filter.matches(&json!({"tags": ["a", "bx"]})));
        assert!(filter.matches(&json!({"tags": 7})));
        assert!(filter.matches(&json!({"tags": null})));
        assert!(!filter.matches(&json!({"tags": ["a"]})));
        assert!(!filter.matches(&json!({})));
    }

    #[test]
    fn an_unknown_form_is_an_error_that_names_its_place() {
        for (pattern, path) in [
            (json!({"a": {"b": [{"numeric": [">", 1]}]}}), "pattern.a.b"),
            (json!({"a": [{"prefix": "x", "suffix": "y"}]}), "pattern.a"),
            (json!({"a": [{"prefix": 1}]}), "pattern.a"),
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
