//! The template language's intrinsic functions, as far as they can mean something on one machine.

use anyhow::{Result, anyhow, bail};
use serde_json::{Map, Value};

use super::Options;
use super::yaml::step;
use crate::REGION;

/// The account that local ARNs name.
pub const ACCOUNT_ID: &str = "000000000000";

/// What every dynamic reference to a secret resolves to: 64 characters, the same in every run.
pub const LOCAL_SECRET: &str = "local-stack-secret-of-64-characters-that-protects-nothing-at-all";

/// Evaluates intrinsic functions against one template.
#[derive(Debug)]
pub(super) struct Resolver {
    template: Value,
    options: Options,
}

impl Resolver {
    pub(super) fn new(template: Value, options: Options) -> Self {
        Self { template, options }
    }

    pub(super) fn template(&self) -> &Value {
        &self.template
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn api_url(&self) -> &str {
        &self.options.api_url
    }

    pub(super) fn resource(&self, id: &str) -> Option<&Value> {
        self.template.get("Resources")?.get(id)
    }

    /// Whether the condition of the resource `id`, if it has one, holds.
    pub(super) fn exists(&self, id: &str) -> Result<bool> {
        match self
            .resource(id)
            .and_then(|resource| resource.get("Condition"))
        {
            None => Ok(true),
            Some(Value::String(name)) => self.condition(name, &format!("Resources.{id}.Condition")),
            Some(_) => Err(anyhow!(
                "Resources.{id}.Condition: must be the name of a condition"
            )),
        }
    }

    /// Resolves all of `value`; nothing is left of `AWS::NoValue`.
    pub(super) fn resolve(&self, value: &Value, place: &str) -> Result<Option<Value>> {
        match value {
            Value::Object(object) => match intrinsic(object) {
                Some((name, argument)) => self.call(name, argument, place),
                None => self.resolve_object(object, place).map(Some),
            },
            Value::Array(items) => self.resolve_items(items, place).map(Some),
            other => Ok(Some(other.clone())),
        }
    }

    /// Follows `Fn::If` at the top of `value` and leaves all below as it is.
    pub(super) fn choose<'a>(&self, value: &'a Value, place: &str) -> Result<Option<&'a Value>> {
        match value.as_object().and_then(intrinsic) {
            Some(("Fn::If", argument)) => self.choose(self.branch(argument, place)?, place),
            Some(("Ref", Value::String(name))) if name == "AWS::NoValue" => Ok(None),
            _ => Ok(Some(value)),
        }
    }

    fn resolve_object(&self, object: &Map<String, Value>, place: &str) -> Result<Value> {
        let mut resolved = Map::new();
        for (key, value) in object {
            if let Some(value) = self.resolve(value, &step(place, key))? {
                resolved.insert(key.clone(), value);
            }
        }
        Ok(Value::Object(resolved))
    }

    fn resolve_items(&self, items: &[Value], place: &str) -> Result<Value> {
        let mut resolved = Vec::new();
        for (index, item) in items.iter().enumerate() {
            resolved.extend(self.resolve(item, &format!("{place}.{index}"))?);
        }
        Ok(Value::Array(resolved))
    }

    fn call(&self, name: &str, argument: &Value, place: &str) -> Result<Option<Value>> {
        let value = match name {
            "Ref" => return self.reference(string(argument, place)?, place),
            "Fn::If" => return self.resolve(self.branch(argument, place)?, place),
            "Fn::GetAtt" => {
                let [id, attribute] = arguments::<2>(argument, "Fn::GetAtt", place)?;
                self.attribute(string(id, place)?, string(attribute, place)?, place)?
            }
            "Fn::Sub" => Value::String(self.substitute(string(argument, place)?, place)?),
            "Fn::Select" => self.select(argument, place)?,
            "Fn::Split" => self.split(argument, place)?,
            _ => bail!("{place}: {name} is not supported here"),
        };
        Ok(Some(value))
    }

    /// The value of `Ref`; `None` is `AWS::NoValue`.
    pub(super) fn reference(&self, name: &str, place: &str) -> Result<Option<Value>> {
        let pseudo = match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::Region" => REGION,
            "AWS::AccountId" => ACCOUNT_ID,
            "AWS::Partition" => "aws",
            "AWS::StackName" => "local",
            _ => return self.parameter_or_resource(name, place).map(Some),
        };
        Ok(Some(Value::String(pseudo.to_owned())))
    }

    fn parameter_or_resource(&self, name: &str, place: &str) -> Result<Value> {
        match self
            .template
            .get("Parameters")
            .and_then(|all| all.get(name))
        {
            Some(declaration) => self.parameter(name, declaration, place),
            None => self.resource_name(name, place),
        }
    }

    fn parameter(&self, name: &str, declaration: &Value, place: &str) -> Result<Value> {
        let text = match (
            self.options.parameters.get(name),
            declaration.get("Default"),
        ) {
            (Some(given), _) => {
                check_parameter(declaration, given)
                    .map_err(|problem| anyhow!("Parameters.{name}: {problem}"))?;
                given.clone()
            }
            (None, Some(default)) => scalar(default)
                .ok_or_else(|| anyhow!("Parameters.{name}.Default: must be a plain value"))?,
            (None, None) => {
                let problem = format!("parameter {name} has no default: a value is needed");
                bail!("{place}: {problem}");
            }
        };
        Ok(Value::String(text))
    }

    fn branch<'a>(&self, argument: &'a Value, place: &str) -> Result<&'a Value> {
        let [condition, yes, no] = arguments::<3>(argument, "Fn::If", place)?;
        Ok(if self.condition(string(condition, place)?, place)? {
            yes
        } else {
            no
        })
    }

    /// Evaluates the condition that is declared under `name`.
    pub(super) fn condition(&self, name: &str, place: &str) -> Result<bool> {
        let declared = self
            .template
            .get("Conditions")
            .and_then(|all| all.get(name))
            .ok_or_else(|| anyhow!("{place}: there is no condition {name}"))?;
        self.evaluate(declared, &format!("Conditions.{name}"))
    }

    fn evaluate(&self, expression: &Value, place: &str) -> Result<bool> {
        let (name, argument) = expression
            .as_object()
            .and_then(intrinsic)
            .ok_or_else(|| anyhow!("{place}: must be a condition function"))?;
        match name {
            "Condition" => self.condition(string(argument, place)?, place),
            "Fn::Equals" => {
                let [left, right] = arguments::<2>(argument, name, place)?;
                Ok(self.comparable(left, place)? == self.comparable(right, place)?)
            }
            "Fn::Not" => {
                let [inner] = arguments::<1>(argument, name, place)?;
                Ok(!self.evaluate(inner, place)?)
            }
            "Fn::And" => self
                .evaluate_each(argument, place)
                .map(|all| all.into_iter().all(|one| one)),
            "Fn::Or" => self
                .evaluate_each(argument, place)
                .map(|all| all.into_iter().any(|one| one)),
            _ => Err(anyhow!("{place}: {name} is not a condition function")),
        }
    }

    fn evaluate_each(&self, argument: &Value, place: &str) -> Result<Vec<bool>> {
        argument
            .as_array()
            .ok_or_else(|| anyhow!("{place}: needs a list of conditions"))?
            .iter()
            .map(|one| self.evaluate(one, place))
            .collect()
    }

    /// A deployment compares text: the number 1 equals the string "1".
    fn comparable(&self, value: &Value, place: &str) -> Result<Option<String>> {
        Ok(self
            .resolve(value, place)?
            .map(|value| scalar(&value).unwrap_or_else(|| value.to_string())))
    }

    fn select(&self, argument: &Value, place: &str) -> Result<Value> {
        let [index, items] = arguments::<2>(argument, "Fn::Select", place)?;
        let index = scalar(index).and_then(|text| text.parse::<usize>().ok());
        let items = self.texts(items, place)?;
        index
            .and_then(|index| items.get(index))
            .map(|item| Value::String(item.clone()))
            .ok_or_else(|| anyhow!("{place}: Fn::Select points outside its list"))
    }

    fn split(&self, argument: &Value, place: &str) -> Result<Value> {
        let [separator, text] = arguments::<2>(argument, "Fn::Split", place)?;
        let text = self.text(text, place)?;
        Ok(text.split(string(separator, place)?).collect())
    }

    fn texts(&self, items: &Value, place: &str) -> Result<Vec<String>> {
        let items = self.resolve(items, place)?;
        items
            .as_ref()
            .and_then(Value::as_array)
            .and_then(|items| items.iter().map(scalar).collect())
            .ok_or_else(|| anyhow!("{place}: needs a list of plain values"))
    }

    pub(super) fn text(&self, value: &Value, place: &str) -> Result<String> {
        self.resolve(value, place)?
            .as_ref()
            .and_then(scalar)
            .ok_or_else(|| anyhow!("{place}: needs a plain value"))
    }
}

/// The function and its argument, if `object` is a call of one.
fn intrinsic(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut entries = object.iter();
    let (name, argument) = entries.next()?;
    let alone = entries.next().is_none();
    // `Condition` alone is a call only where it names one; policies hold an object under that key.
    let call =
        name == "Ref" || name.starts_with("Fn::") || (name == "Condition" && argument.is_string());
    (alone && call).then_some((name.as_str(), argument))
}

fn arguments<'a, const N: usize>(
    argument: &'a Value,
    name: &str,
    place: &str,
) -> Result<[&'a Value; N]> {
    argument
        .as_array()
        .and_then(|items| items.iter().collect::<Vec<_>>().try_into().ok())
        .ok_or_else(|| anyhow!("{place}: {name} needs a list of {N}"))
}

fn string<'a>(value: &'a Value, place: &str) -> Result<&'a str> {
    value
        .as_str()
        .ok_or_else(|| anyhow!("{place}: needs a string"))
}

/// The text of a plain value, as a deployment hands it to a service.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Whether a deployment would take this value for a parameter; if not, why.
fn check_parameter(declaration: &Value, given: &str) -> Result<(), String> {
    let values = declaration.get("AllowedValues").and_then(Value::as_array);
    let listed = values.is_none_or(|values| {
        let mut values = values.iter().filter_map(scalar);
        values.any(|value| value == given)
    });
    let pattern = declaration.get("AllowedPattern").and_then(Value::as_str);
    let fits = pattern.is_none_or(|pattern| {
        let whole = fancy_regex::Regex::new(&format!("^(?:{pattern})$"));
        whole.is_ok_and(|whole| whole.is_match(given).unwrap_or(false))
    });
    if listed && fits {
        return Ok(());
    }
    let said = declaration.get("ConstraintDescription");
    let said = said.and_then(Value::as_str).unwrap_or_default();
    Err(format!("{given:?} is not allowed. {said}"))
}
