use std::fmt::{self, Display};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Value, map};

/// JSON whose problems say where they are.
///
/// `serde_path_to_error` does the same by wrapping every visitor, which is 3 % of a function.
pub(super) struct Located<'a>(pub(super) &'a Value);

/// What is wrong, and where: `apps.shop.sender: ...`.
#[derive(Debug)]
pub(super) struct Problem {
    /// From the value that was asked for on; empty for itself.
    path: String,
    error: serde_json::Error,
}

impl Problem {
    /// The same as a problem of what holds it.
    fn within(self, member: &str) -> Self {
        let dot = match self.path.chars().next() {
            None | Some('[') => "",
            Some(_) => ".",
        };
        Self {
            path: format!("{member}{dot}{}", self.path),
            error: self.error,
        }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        let path = String::new();
        Self { path, error }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.path.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{}", self.path, self.error)
    }
}

impl std::error::Error for Problem {}

impl Error for Problem {
    fn custom<T: Display>(message: T) -> Self {
        serde_json::Error::custom(message).into()
    }

    /// In the words of JSON.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        serde_json::Error::invalid_type(found, expected).into()
    }
}

impl Located<'_> {
    fn unexpected(&self) -> Unexpected<'_> {
        match self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(it) => Unexpected::Bool(*it),
            Value::Number(it) => it
                .as_i64()
                .map_or(Unexpected::Other("number"), Unexpected::Signed),
            Value::String(it) => Unexpected::Str(it),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserializer<'de> for Located<'de> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(it) => visitor.visit_bool(*it),
            Value::Number(number) => match number.as_i64() {
                Some(it) => visitor.visit_i64(it),
                None => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(list) => visitor.visit_seq(Elements(list.iter().enumerate())),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    /// Nothing but an object, so that a list never stands for the fields in turn.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let Value::Object(object) = self.0 else {
            return Err(Problem::invalid_type(self.unexpected(), &visitor));
        };
        visitor.visit_map(Members {
            left: object.iter(),
            current: None,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            _ => Err(Problem::invalid_type(self.unexpected(), &"a name")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct identifier ignored_any
    }
}

struct Elements<'a>(std::iter::Enumerate<std::slice::Iter<'a, Value>>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        let element = self.0.next().map(|(index, value)| {
            let read = seed.deserialize(Located(value));
            read.map_err(|problem| problem.within(&format!("[{index}]")))
        });
        element.transpose()
    }
}

struct Members<'a> {
    left: map::Iter<'a>,
    current: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        self.current = self.left.next().map(|(name, value)| (name.as_str(), value));
        let name = self.current.map(|(name, _)| {
            let key: StrDeserializer<'_, Problem> = name.into_deserializer();
            seed.deserialize(key).map_err(|it| it.within(name))
        });
        name.transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let (name, value) = self.current.ok_or_else(|| Problem::custom("no value"))?;
        let read = seed.deserialize(Located(value));
        read.map_err(|problem| problem.within(name))
    }
}
