use serde::Deserialize;
use strum::IntoStaticStr;

/// A way in which frontends speak to the service: the service's own, or another system's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, IntoStaticStr)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum WireFormat {
    /// The service's own API.
    Native,
    /// Parakeet's pages and forms.
    Parakeet,
    /// Novel's API.
    Novel,
    /// Razi's API.
    Razi,
    /// Backstack's API.
    Backstack,
    /// `FlowFuse`'s API.
    FlowFuse,
}

impl WireFormat {
    /// Its name in settings.
    pub fn name(self) -> &'static str {
        self.into()
    }

    #[cfg(feature = "schema")]
    pub(crate) fn names() -> schemars::Schema {
        <Self as schemars::JsonSchema>::json_schema(&mut schemars::SchemaGenerator::default())
    }
}
