//! JSON that two readers cannot understand differently.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Any JSON in which no object has a name twice: which of the two counts is up to each reader
/// (RFC 8259, section 4).
pub(crate) struct UniqueJson(pub(crate) Value);

impl<'de> Deserialize<'de> for UniqueJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        JsonPath::Top.deserialize(deserializer).map(Self)
    }
}

/// Where a value stands: `apps.shop.sender`.
enum JsonPath<'a> {
    Top,
    Member(&'a JsonPath<'a>, &'a str),
    Element(&'a JsonPath<'a>, usize),
}

impl fmt::Display for JsonPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Member(JsonPath::Top, name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

impl<'de> DeserializeSeed<'de> for JsonPath<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonPath<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(JsonPath::Element(&self, list.len()))? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let place = JsonPath::Member(&self, &name);
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("{place} is there twice")));
            }
            let value = map.next_value_seed(place)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_object_has_a_name_twice_at_any_depth() {
        let read = |text| serde_json::from_str(text).map(|UniqueJson(value)| value);
        let good = r#"{"a": [null, true, 1, -1, 1.5, "x", {"a": {"b": 1}}], "b": {"a": 2}}"#;
        let expected =
            json!({ "a": [null, true, 1, -1, 1.5, "x", { "a": { "b": 1 } }], "b": { "a": 2 } });
        assert_eq!(read(good).expect("good JSON"), expected);
        for (bad, path) in [
            (r#"{"a": 1, "a": 1}"#, "a"),
            (r#"[0, {"b": {"a": 1, "c": 2, "a": 3}}]"#, "[1].b.a"),
        ] {
            let error = read(bad).expect_err("a name is repeated").to_string();
            let expected = format!("{path} is there twice at line 1");
            assert!(error.starts_with(&expected), "{error}");
        }
    }
}
