use aws_sdk_dynamodb::types::AttributeValue;

/// Most operands of `IN` in DynamoDB.
const MAX_OPERANDS: usize = 100;

/// Which values of an attribute mean that an account is switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DisabledWhen {
    /// Anything but `false` and NULL.
    #[default]
    NotFalse,
    /// One of these, as text: a string, a boolean or a number.
    OneOf(Vec<String>),
}

impl DisabledWhen {
    /// One of these; without any, anything but `false`.
    pub fn one_of(values: Vec<String>) -> Self {
        if values.is_empty() {
            return Self::NotFalse;
        }
        Self::OneOf(values)
    }

    /// Whether this value means it. An account without the attribute is not switched off.
    #[must_use]
    pub fn holds(&self, value: Option<&AttributeValue>) -> bool {
        let Some(value) = value else { return false };
        match (self, value) {
            (_, AttributeValue::Null(_)) => false,
            (Self::NotFalse, value) => *value != AttributeValue::Bool(false),
            (
                Self::OneOf(_),
                AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::Bool(_),
            ) => self.values().contains(value),
            // What is not understood must not open an account.
            (Self::OneOf(_), _) => true,
        }
    }

    /// A condition that is true of accounts that are not switched off, and its values. `path`
    /// stands for the attribute.
    pub(super) fn condition(&self, path: &str) -> (String, Vec<(String, AttributeValue)>) {
        match self {
            Self::NotFalse => (
                format!(
                    "(attribute_not_exists({path}) OR {path} = :no \
                     OR attribute_type({path}, :null))"
                ),
                vec![
                    ("no".to_owned(), AttributeValue::Bool(false)),
                    ("null".to_owned(), AttributeValue::S("NULL".to_owned())),
                ],
            ),
            Self::OneOf(_) => {
                let values: Vec<_> = self
                    .values()
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| (format!("off_{index}"), value))
                    .collect();
                let names: Vec<_> = values.iter().map(|(name, _)| format!(":{name}")).collect();
                let kinds = [
                    ("text", "S"),
                    ("number", "N"),
                    ("boolean", "BOOL"),
                    ("null", "NULL"),
                ];
                let known = kinds.map(|(name, _)| format!("attribute_type({path}, :{name})"));
                let condition = format!(
                    "(attribute_not_exists({path}) OR (({}) AND NOT {path} IN ({})))",
                    known.join(" OR "),
                    names.join(", ")
                );
                let kinds =
                    kinds.map(|(name, kind)| (name.to_owned(), AttributeValue::S(kind.to_owned())));
                (condition, values.into_iter().chain(kinds).collect())
            }
        }
    }

    /// Whether DynamoDB can compare with so many values at once.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.values().len() <= MAX_OPERANDS
    }

    /// Each value in every type that it may have.
    fn values(&self) -> Vec<AttributeValue> {
        let Self::OneOf(values) = self else {
            return Vec::new();
        };
        values.iter().flat_map(|value| typed(value)).collect()
    }
}

fn typed(value: &str) -> Vec<AttributeValue> {
    let number = value.parse::<i64>().ok();
    let boolean = value.parse::<bool>().ok();
    [
        Some(AttributeValue::S(value.to_owned())),
        boolean.map(AttributeValue::Bool),
        number.map(|number| AttributeValue::N(number.to_string())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> AttributeValue {
        AttributeValue::S(value.to_owned())
    }

    #[test]
    fn anything_but_false_is_off_when_no_values_are_named() {
        let when = DisabledWhen::one_of(Vec::new());
        assert_eq!(when, DisabledWhen::NotFalse);
        for on in [
            None,
            Some(AttributeValue::Bool(false)),
            Some(AttributeValue::Null(true)),
        ] {
            assert!(!when.holds(on.as_ref()), "{on:?}");
        }
        for off in [AttributeValue::Bool(true), text("2026-01-31"), text("")] {
            assert!(when.holds(Some(&off)), "{off:?}");
        }
    }

    #[test]
    fn named_values_are_off_in_whatever_type_they_are_stored() {
        let when = DisabledWhen::one_of(["suspended", "false", "0"].map(str::to_owned).to_vec());
        let number = |n: &str| AttributeValue::N(n.to_owned());
        for off in [
            text("suspended"),
            text("false"),
            AttributeValue::Bool(false),
            number("0"),
        ] {
            assert!(when.holds(Some(&off)), "{off:?}");
        }
        for on in [
            text("active"),
            AttributeValue::Bool(true),
            number("1"),
            text("Suspended"),
        ] {
            assert!(!when.holds(Some(&on)), "{on:?}");
        }
        assert!(!when.holds(None) && !when.holds(Some(&AttributeValue::Null(true))));
        let set = AttributeValue::Ss(vec!["active".to_owned()]);
        assert!(
            when.holds(Some(&set)),
            "what is not understood opens nothing"
        );
    }

    #[test]
    fn no_more_values_than_dynamodb_compares_with() {
        let list = |count: usize| {
            let values = (0..count).map(|n| n.to_string()).collect();
            DisabledWhen::one_of(values)
        };
        assert!(list(50).fits());
        assert!(!list(51).fits());
    }
}
