use std::collections::BTreeMap;

use serde::Deserialize;

use super::{AppSettings, KnownList, Number, UsersSettings};
use crate::adapters::aws::TrustedRoots;
use crate::domain::{PasswordHashFormat, WireFormat};
use crate::telemetry::LogLevel;

/// Settings of the service.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where editors find the schema of this file.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// Whether passwords can be reset; false answers 403. Mails that were accepted are still sent.
    #[serde(default = "on")]
    pub enabled: bool,
    /// Detail of the functions' own log lines. A release has none below info, and libraries stay
    /// at warn.
    #[serde(default)]
    pub log_level: LogLevel,
    /// Whose certificates are taken for AWS's. In other partitions than aws it is always system.
    #[serde(default)]
    pub trusted_roots: TrustedRoots,
    /// Id of the app that is used when a request names none.
    pub default_app: String,
    /// Ids of the apps that the frontends of other systems speak for when they name none, in place
    /// of the default one.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = WireFormat::names())))]
    pub wire_formats: BTreeMap<WireFormat, String>,
    /// The apps that the deployment serves, by id: 1 to 64 of a-z, 0-9, '-', '_' and '.'. It is what
    /// `X-App-Name` and `?app=` say. A code of one app is dead in every other, a link works for its own
    /// app whichever is named, and limits are per app and address.
    pub apps: BTreeMap<String, AppSettings>,
    /// The users table of every app that has none of its own.
    #[serde(default)]
    pub users: UsersSettings,
    /// Short codes, which come in the same mail as a link. How long a link works is the parameter
    /// `LinkLifetimeSeconds` of the template.
    #[serde(default)]
    pub codes: CodeSettings,
    /// How often things may be asked for.
    #[serde(default)]
    pub limits: LimitSettings,
    /// How much mail goes out.
    #[serde(default)]
    pub mail: MailSettings,
    /// What a new password must be like, and how it is hashed.
    #[serde(default)]
    pub passwords: PasswordSettings,
}

const fn on() -> bool {
    true
}

/// Short codes.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct CodeSettings {
    /// Seconds that a code works; never longer than its link.
    pub lifetime_seconds: Number<600, 60, 3600>,
    /// Wrong tries after which a code is dead; its link is not.
    pub max_tries: Number<5, 1, 10>,
}

/// How often things may be asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Seconds between two mails to one address.
    pub address_cooldown_seconds: Number<60, 1, 3600>,
    /// Mails to one address within the life of a link.
    pub address_requests: Number<3, 1, 20>,
    /// Requests and tries of codes of one IPv4 address or IPv6 /64 in a window; ten times that for
    /// a /48, but at most 10,000.
    pub source_requests: Number<60, 1, 100_000>,
    /// Length of that window, in seconds.
    pub source_window_seconds: Number<600, 60, 3600>,
    /// Rejected passwords of one account within `source_window_seconds`, counted from the first. Then
    /// its links and codes answer 429 until the window ends. Parallel requests may exceed it.
    pub password_rejections: Number<20, 1, 500>,
}

/// How much mail goes out.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// Mails with links that the deployment sends in an hour, counted in windows of half a link's
    /// life. First mails beyond it wait, repeats end, and alarms fire. The default is far above what
    /// forgetting costs: if one in a hundred of a hundred thousand people forgets a password in a
    /// day, that is a thousand mails a day.
    pub per_hour: Number<1000, 60, 1_000_000>,
}

/// What a new password must be like, and how it is hashed.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct PasswordSettings {
    /// Fewest code points.
    pub min_length: Number<8, 8, 64>,
    /// Most code points.
    pub max_length: Number<128, 64, 1024>,
    /// Lowest zxcvbn score, 0 (any) to 4 (very strong); 2 or more where `known_list` is off.
    pub min_strength: Number<3, 0, 4>,
    /// Known passwords, which are refused: those of the list that is deployed (`on`), of the list in
    /// another file, named by its path in the function (`/opt/...` in a layer), or none (`off`).
    pub known_list: KnownList,
    /// How the hash of a new password is written, so that the login can read it. Codes are hashed
    /// with argon2id in any case.
    pub hash_format: PasswordHashFormat,
    /// What one argon2id hash costs. The default is one of the equivalent choices of OWASP's
    /// Password Storage Cheat Sheet.
    pub argon2: Argon2Settings,
    /// Iterations of pbkdf2-django. Django 5.2 has 1,000,000; OWASP asks for 600,000.
    pub pbkdf2_iterations: Number<600_000, 600_000, 5_000_000>,
}

/// What one argon2id hash costs.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Argon2Settings {
    /// Memory, in KiB. It has to fit into that of the functions.
    pub memory_kib: Number<19_456, 8192, 262_144>,
    /// Passes over it for a password; for a code it is one.
    pub iterations: Number<2, 1, 10>,
    /// Lanes.
    pub parallelism: Number<1, 1, 4>,
}
