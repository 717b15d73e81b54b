use std::sync::Arc;

use super::CommonConfig;
use super::reader::Reader;
use crate::domain::PasswordPolicy;
use crate::http::{Edge, FormOrigins, HttpSettings};
use crate::settings::Settings;

/// What every function behind a route needs.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    pub common: CommonConfig,
    pub edge: Edge,
    pub form_origins: FormOrigins,
    pub reset_enabled: bool,
    pub policy: PasswordPolicy,
}

impl HttpConfig {
    /// What every endpoint has.
    pub fn settings(self) -> HttpSettings {
        HttpSettings {
            apps: Arc::new(self.common.apps),
            edge: self.edge,
            form_origins: self.form_origins,
            reset_enabled: self.reset_enabled,
            pseudonymizer: self.common.pseudonymizer,
            catalogue: self.common.catalogue,
            policy: self.policy,
        }
    }

    pub(super) fn read(reader: &Reader<'_>) -> (Option<Self>, Option<Settings>) {
        let (common, settings) = CommonConfig::read(reader);
        let edge = read_edge(reader);
        let policy = settings.as_ref().map(Settings::password_policy);
        let policy = policy.and_then(|policy| reader.good(policy));
        let form_origins = reader.optional("FORM_ORIGINS").unwrap_or_default();
        let http = |settings: &Settings| {
            Some(Self {
                common: common?,
                edge: edge?,
                form_origins: FormOrigins::parse(&form_origins),
                reset_enabled: settings.enabled,
                policy: policy?,
            })
        };
        (settings.as_ref().and_then(http), settings)
    }
}

fn read_edge(reader: &Reader<'_>) -> Option<Edge> {
    let edge: fn(&str) -> Edge = match reader.optional("EDGE_MODE").as_deref().map(str::trim) {
        None | Some("off") => return Some(Edge::off()),
        Some("optional") => Edge::optional,
        Some("required") => Edge::required,
        Some(_) => {
            reader.problem("EDGE_MODE", "must be off, optional or required");
            return None;
        }
    };
    reader.secret("EDGE_SECRET").map(|secret| edge(&secret))
}
