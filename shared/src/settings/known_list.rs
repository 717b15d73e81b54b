use std::path::PathBuf;

use serde::Deserialize;

/// Which list of known passwords a new one is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(serde::Serialize))]
#[serde(try_from = "String")]
#[cfg_attr(feature = "schema", serde(into = "String"))]
pub enum KnownList {
    /// The one that is deployed.
    #[default]
    On,
    /// None.
    Off,
    /// Another one.
    File(PathBuf),
}

impl TryFrom<String> for KnownList {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            path if path.starts_with('/') => Ok(Self::File(text.into())),
            _ => Err("must be on, off or the path of a file from the root on"),
        }
    }
}

#[cfg(feature = "schema")]
impl From<KnownList> for String {
    fn from(list: KnownList) -> Self {
        match list {
            KnownList::On => "on".to_owned(),
            KnownList::Off => "off".to_owned(),
            KnownList::File(path) => path.display().to_string(),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for KnownList {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "KnownList".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^(on|off|/.+)$" })
    }
}
