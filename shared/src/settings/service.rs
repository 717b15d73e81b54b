//! What the functions use of the settings. The defaults of these types stand in the settings.

use std::time::Duration;

use super::problems::{SettingPath, SettingsError, finish};
use super::{Argon2Settings, CodeSettings, KnownList, LimitSettings, PasswordSettings, Settings};
use crate::adapters::{Argon2Cost, PasswordHashing};
use crate::domain::{Limits, MailCap, PasswordPolicy};

/// The lowest strength at which an estimate refuses common passwords by itself.
const MIN_STRENGTH_WITHOUT_LIST: u8 = 2;

impl Settings {
    /// The limits, for links that live this long.
    pub fn limits(&self, link_lifetime: Duration) -> Limits {
        limits(&self.limits, &self.codes, link_lifetime)
    }

    /// What a password must be like.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] when nothing would refuse common passwords.
    pub fn password_policy(&self) -> Result<PasswordPolicy, SettingsError> {
        let mut problems = Vec::new();
        let policy = self.passwords.policy();
        SettingPath::new("passwords".to_owned(), &mut problems).require(
            policy.known_passwords_refused || policy.min_strength >= MIN_STRENGTH_WITHOUT_LIST,
            "min_strength",
            "must be 2 or more where known_list is off",
        );
        finish(Some(policy), problems)
    }

    /// The cap on mails, for links that live this long.
    pub fn mail_cap(&self, link_lifetime: Duration) -> MailCap {
        MailCap::new(self.mail.per_hour.get(), link_lifetime)
    }
}

fn limits(limits: &LimitSettings, codes: &CodeSettings, link_lifetime: Duration) -> Limits {
    Limits {
        link_lifetime,
        // The two come in one mail; a code that outlived its link would outlive its record too.
        code_lifetime: codes.lifetime_seconds.seconds().min(link_lifetime),
        code_max_tries: codes.max_tries.get(),
        address_cooldown: limits.address_cooldown_seconds.seconds(),
        address_requests: limits.address_requests.get() as usize,
        source_limit: limits.source_requests.get(),
        source_window: limits.source_window_seconds.seconds(),
        password_rejections: limits.password_rejections.get(),
    }
}

#[cfg(test)]
impl Default for Limits {
    fn default() -> Self {
        let link_lifetime = Duration::from_mins(30);
        limits(
            &LimitSettings::default(),
            &CodeSettings::default(),
            link_lifetime,
        )
    }
}

impl PasswordSettings {
    fn policy(&self) -> PasswordPolicy {
        PasswordPolicy {
            min_length: self.min_length.get() as usize,
            max_length: self.max_length.get() as usize,
            min_strength: u8::try_from(self.min_strength.get()).unwrap_or(u8::MAX),
            max_bytes: self.hash_format.max_bytes(),
            known_passwords_refused: self.known_list != KnownList::Off,
            allows_nul: self.hash_format.allows_nul(),
        }
    }

    /// How passwords are hashed, and codes.
    pub fn hashing(&self) -> PasswordHashing {
        PasswordHashing {
            format: self.hash_format,
            argon2: self.argon2.cost(),
            pbkdf2_iterations: self.pbkdf2_iterations.get(),
        }
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        PasswordSettings::default().policy()
    }
}

impl Default for PasswordHashing {
    fn default() -> Self {
        PasswordSettings::default().hashing()
    }
}

impl Argon2Settings {
    /// What a hash costs.
    pub const fn cost(&self) -> Argon2Cost {
        Argon2Cost {
            memory_kib: self.memory_kib.get(),
            iterations: self.iterations.get(),
            parallelism: self.parallelism.get(),
        }
    }
}

impl Default for Argon2Cost {
    fn default() -> Self {
        Argon2Settings::default().cost()
    }
}
