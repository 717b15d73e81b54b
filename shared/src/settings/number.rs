use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

/// A whole number from `MIN` to `MAX`, which is `DEFAULT` where the file says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(serde::Serialize))]
pub struct Number<const DEFAULT: u32, const MIN: u32, const MAX: u32>(u32);

impl<const DEFAULT: u32, const MIN: u32, const MAX: u32> Number<DEFAULT, MIN, MAX> {
    /// The value, within `MIN` and `MAX`.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// So many seconds.
    pub const fn seconds(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }
}

impl<const DEFAULT: u32, const MIN: u32, const MAX: u32> Default for Number<DEFAULT, MIN, MAX> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl<'de, const DEFAULT: u32, const MIN: u32, const MAX: u32> Deserialize<'de>
    for Number<DEFAULT, MIN, MAX>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = between(&Value::deserialize(deserializer)?, MIN, MAX);
        number.map(Self).map_err(D::Error::custom)
    }
}

fn between(value: &Value, min: u32, max: u32) -> Result<u32, String> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    let number = number.filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| format!("must be a whole number from {min} to {max}"))
}

#[cfg(feature = "schema")]
impl<const DEFAULT: u32, const MIN: u32, const MAX: u32> schemars::JsonSchema
    for Number<DEFAULT, MIN, MAX>
{
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}
