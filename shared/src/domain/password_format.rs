use serde::Deserialize;

/// How the hash of a new password is written, so that the team's login can read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(rename_all = "kebab-case")]
pub enum PasswordHashFormat {
    /// argon2id (RFC 9106), as a PHC string.
    #[default]
    Argon2id,
    /// bcrypt, `$2b$`.
    Bcrypt,
    /// scrypt (RFC 7914), as a PHC string.
    Scrypt,
    /// PBKDF2-HMAC-SHA256 (RFC 8018), as Django writes it.
    #[serde(rename = "pbkdf2-django")]
    Pbkdf2Django,
}

impl PasswordHashFormat {
    /// Most bytes of a password; `None` where all of them count, however many there are.
    pub const fn max_bytes(self) -> Option<usize> {
        match self {
            // Its key is the password with a zero byte, or its first 72 bytes.
            Self::Bcrypt => Some(72),
            Self::Argon2id | Self::Scrypt | Self::Pbkdf2Django => None,
        }
    }

    /// Whether logins take U+0000 in a password. Many a bcrypt ends at it, so that what comes after
    /// would not count; Django's forms refuse it, so that nobody could log in.
    pub const fn allows_nul(self) -> bool {
        match self {
            Self::Bcrypt | Self::Pbkdf2Django => false,
            Self::Argon2id | Self::Scrypt => true,
        }
    }
}
