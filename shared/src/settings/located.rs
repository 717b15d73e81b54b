use std::fmt::{self, Display};

use serde::de::value::StrDeserializer;
use serde::de::{
    Deserialize as _, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Value, map};

/// JSON whose problems say where they are.
///
/// `serde_path_to_error` does the same by wrapping every visitor, which is 3 % of a function.
pub(super) struct Located<'a>(pub(super) &'a Value);

/// What is wrong, and where: `apps.shop.sender: ...`.
#[derive(Debug)]
pub(super) struct LocatedError {
    /// From the value that was asked for on; empty for itself.
    path: String,
    error: serde_json::Error,
}

impl LocatedError {
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

impl From<serde_json::Error> for LocatedError {
    fn from(error: serde_json::Error) -> Self {
        let path = String::new();
        Self { path, error }
    }
}

impl Display for LocatedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.path.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{}", self.path, self.error)
    }
}

impl std::error::Error for LocatedError {}

impl Error for LocatedError {
    fn custom<T: Display>(message: T) -> Self {
        serde_json::Error::custom(message).into()
    }
}

impl<'de> Deserializer<'de> for Located<'de> {
    type Error = LocatedError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LocatedError> {
        match self.0 {
            Value::Array(list) => visitor.visit_seq(Elements(list.iter().enumerate())),
            Value::Object(_) => self.deserialize_map(visitor),
            scalar => Ok(scalar.deserialize_any(visitor)?),
        }
    }

    /// Nothing but an object, so that a list never stands for the fields in turn.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LocatedError> {
        let Value::Object(object) = self.0 else {
            return Ok(self.0.deserialize_map(visitor)?);
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
    ) -> Result<V::Value, LocatedError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LocatedError> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    /// Nothing but a name, so that no object stands for one.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, LocatedError> {
        visitor.visit_enum(String::deserialize(self.0)?.into_deserializer())
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct identifier ignored_any
    }
}

struct Elements<'a>(std::iter::Enumerate<std::slice::Iter<'a, Value>>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = LocatedError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, LocatedError> {
        let element = self.0.next().map(|(index, value)| {
            let read = seed.deserialize(Located(value));
            read.map_err(|error| error.within(&format!("[{index}]")))
        });
        element.transpose()
    }
}

struct Members<'a> {
    left: map::Iter<'a>,
    current: Option<(&'a str, &'a Value)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = LocatedError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, LocatedError> {
        self.current = self.left.next().map(|(name, value)| (name.as_str(), value));
        let name = self.current.map(|(name, _)| {
            let key: StrDeserializer<'_, LocatedError> = name.into_deserializer();
            seed.deserialize(key).map_err(|it| it.within(name))
        });
        name.transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, LocatedError> {
        let (name, value) = self
            .current
            .ok_or_else(|| LocatedError::custom("no value"))?;
        let read = seed.deserialize(Located(value));
        read.map_err(|error| error.within(name))
    }
}
