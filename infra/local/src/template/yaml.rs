//! YAML with a template's short tags, brought into the long form that JSON templates use.

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Map, Value};
use serde_norway::Value as Yaml;
use serde_norway::value::TaggedValue;

/// Parses `text`; `!Sub x` becomes `{"Fn::Sub": "x"}`, `!GetAtt A.B` becomes `{"Fn::GetAtt": ["A", "B"]}`.
pub(super) fn parse(text: &str) -> Result<Value> {
    to_json(serde_norway::from_str(text).context("it is not YAML")?, "")
}

fn to_json(yaml: Yaml, place: &str) -> Result<Value> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => number_to_json(&number, place)?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| to_json(item, &format!("{place}.{index}")))
            .collect::<Result<_, _>>()?,
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                let Yaml::String(key) = key else {
                    bail!("{place}: a key must be a plain word");
                };
                let value = to_json(value, &step(place, &key))?;
                object.insert(key, value);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => tagged_to_json(*tagged, place)?,
    })
}

pub(super) fn step(place: &str, key: &str) -> String {
    if place.is_empty() {
        key.to_owned()
    } else {
        format!("{place}.{key}")
    }
}

fn number_to_json(number: &serde_norway::Number, place: &str) -> Result<Value> {
    serde_json::to_value(number).map_err(|error| anyhow!("{place}: not a usable number: {error}"))
}

fn tagged_to_json(tagged: TaggedValue, place: &str) -> Result<Value> {
    let tag = tagged.tag.to_string();
    let name = tag.trim_start_matches('!');
    let mut argument = to_json(tagged.value, place)?;
    let key = match name {
        "Ref" | "Condition" => name.to_owned(),
        _ => format!("Fn::{name}"),
    };
    if let (true, Value::String(path)) = (name == "GetAtt", &argument) {
        let (resource, attribute) = path
            .split_once('.')
            .ok_or_else(|| anyhow!("{place}: !GetAtt needs Resource.Attribute"))?;
        argument = Value::from(vec![resource, attribute]);
    }
    Ok(Value::Object(Map::from_iter([(key, argument)])))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_tags_become_long_forms() {
        let value = parse("a: !Ref X\nb: !GetAtt T.StreamArn\nc: !If [On, !Sub 'x${Y}', 2]\n")
            .expect("valid");
        assert_eq!(
            value,
            json!({
                "a": {"Ref": "X"},
                "b": {"Fn::GetAtt": ["T", "StreamArn"]},
                "c": {"Fn::If": ["On", {"Fn::Sub": "x${Y}"}, 2]},
            })
        );
    }

    #[test]
    fn a_bad_get_att_names_its_place() {
        let error = parse("Resources:\n  A:\n    B: !GetAtt Nothing\n").expect_err("no attribute");
        assert!(error.to_string().starts_with("Resources.A.B: "), "{error}");
    }
}
