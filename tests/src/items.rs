//! Items of tables. Tests read and write them as plain JSON, in which a string is an `S`, a number an `N`,
//! an object an `M` and a list an `L`.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Number, Value, json};

/// An item, as clients of DynamoDB have it.
pub type Item = HashMap<String, AttributeValue>;

#[must_use]
pub fn to_item(item: &Value) -> Item {
    match to_attribute(item) {
        AttributeValue::M(item) => item,
        other => panic!("{other:?} is no item"),
    }
}

#[must_use]
pub fn to_attribute(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(value) => AttributeValue::Bool(*value),
        Value::Number(value) => AttributeValue::N(value.to_string()),
        Value::String(value) => AttributeValue::S(value.clone()),
        Value::Array(values) => AttributeValue::L(values.iter().map(to_attribute).collect()),
        Value::Object(values) => AttributeValue::M(
            values
                .iter()
                .map(|(name, value)| (name.clone(), to_attribute(value)))
                .collect(),
        ),
    }
}

#[must_use]
pub fn from_item(item: Item) -> Value {
    from_attribute(AttributeValue::M(item))
}

/// What JSON has no type for, such as a set, is only shown.
fn from_attribute(value: AttributeValue) -> Value {
    match value {
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::Bool(value) => json!(value),
        AttributeValue::N(number) => match number.parse::<Number>() {
            Ok(exact) if exact.to_string() == number => Value::Number(exact),
            // JSON's numbers have fewer digits.
            _ => json!({ "number": number }),
        },
        AttributeValue::S(value) => json!(value),
        AttributeValue::L(values) => values.into_iter().map(from_attribute).collect(),
        AttributeValue::M(values) => values
            .into_iter()
            .map(|(name, value)| (name, from_attribute(value)))
            .collect(),
        other => json!({ "other": format!("{other:?}") }),
    }
}

/// An item in DynamoDB's own JSON, as a record of the stream has it.
#[must_use]
pub fn item_image(item: &Value) -> Value {
    let attributes = item.as_object().into_iter().flatten();
    attributes
        .map(|(name, value)| (name.clone(), attribute_image(value)))
        .collect()
}

fn attribute_image(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(value) => json!({ "BOOL": value }),
        Value::Number(value) => json!({ "N": value.to_string() }),
        Value::String(value) => json!({ "S": value }),
        Value::Array(values) => {
            json!({ "L": values.iter().map(attribute_image).collect::<Vec<_>>() })
        }
        Value::Object(_) => json!({ "M": item_image(value) }),
    }
}
