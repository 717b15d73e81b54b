use serde::{Deserialize, Serialize};

use crate::domain::{ScalarValue, UserKey};

/// A user's key as items of the tokens table hold it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum StoredKey {
    /// The partition key alone, where that is a string and all there is.
    Text(String),
    /// Any other key: each part with its type.
    Parts {
        partition: StoredPart,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sort: Option<StoredPart>,
    },
}

/// One part, named by its type as DynamoDB names it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum StoredPart {
    S(String),
    N(String),
}

impl From<&UserKey> for StoredKey {
    fn from(key: &UserKey) -> Self {
        match (&key.partition, &key.sort) {
            (ScalarValue::Text(text), None) => Self::Text(text.clone()),
            (partition, sort) => Self::Parts {
                partition: partition.into(),
                sort: sort.as_ref().map(StoredPart::from),
            },
        }
    }
}

impl From<StoredKey> for UserKey {
    fn from(stored: StoredKey) -> Self {
        match stored {
            StoredKey::Text(text) => Self::text(text),
            StoredKey::Parts { partition, sort } => Self {
                partition: partition.into(),
                sort: sort.map(ScalarValue::from),
            },
        }
    }
}

impl From<&ScalarValue> for StoredPart {
    fn from(scalar: &ScalarValue) -> Self {
        match scalar {
            ScalarValue::Text(text) => Self::S(text.clone()),
            ScalarValue::Number(number) => Self::N(number.clone()),
        }
    }
}

impl From<StoredPart> for ScalarValue {
    fn from(part: StoredPart) -> Self {
        match part {
            StoredPart::S(text) => Self::Text(text),
            StoredPart::N(number) => Self::Number(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_survives_being_stored() {
        let text = |text: &str| ScalarValue::Text(text.to_owned());
        let number = ScalarValue::Number("42".to_owned());
        let keys = [
            UserKey::text("1".to_owned()),
            UserKey {
                partition: number.clone(),
                sort: None,
            },
            UserKey {
                partition: text("USER#1"),
                sort: Some(text("PROFILE")),
            },
            UserKey {
                partition: text("USER#1"),
                sort: Some(number),
            },
        ];
        for key in keys {
            let stored = serde_dynamo::to_attribute_value::<_, serde_dynamo::AttributeValue>(
                StoredKey::from(&key),
            );
            let read: StoredKey = serde_dynamo::from_attribute_value(stored.expect("a value"))
                .expect("the value it was");
            assert!(UserKey::from(read) == key);
        }
    }
}
