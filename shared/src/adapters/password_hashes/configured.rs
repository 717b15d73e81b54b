use super::{bcrypt, pbkdf2_django, scrypt};
use crate::adapters::{Argon2Cost, Argon2Hasher, Argon2Memory};
use crate::domain::{CodeHash, CodeSalt, NewPassword, PasswordHash, PasswordHashFormat, ShortCode};
use crate::ports::{CodeHasher, Entropy, HashError, PasswordHasher};

/// How passwords are hashed, and codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordHashing {
    pub format: PasswordHashFormat,
    /// What one argon2id hash costs: of codes, and of passwords where that is their format.
    pub argon2: Argon2Cost,
    pub pbkdf2_iterations: u32,
}

/// Hashes passwords in the configured format, and codes with argon2id whatever that is: codes are
/// read by nobody else.
pub struct ConfiguredHasher<E> {
    argon2: Argon2Hasher<E>,
    entropy: E,
    hashing: PasswordHashing,
}

impl<E: Entropy + Clone> ConfiguredHasher<E> {
    /// The hasher of these settings, in this memory.
    ///
    /// # Errors
    ///
    /// [`HashError`] when argon2 does not know such a cost.
    pub fn new(
        hashing: PasswordHashing,
        memory: Argon2Memory,
        entropy: E,
    ) -> Result<Self, HashError> {
        Ok(Self {
            argon2: Argon2Hasher::new(hashing.argon2, memory, entropy.clone())?,
            entropy,
            hashing,
        })
    }

    /// Returns when argon2's memory is there, see [`Argon2Hasher::ready`].
    pub fn ready(&self) {
        self.argon2.ready();
    }
}

impl<E: Entropy> PasswordHasher for ConfiguredHasher<E> {
    fn hash_password(&self, password: &NewPassword) -> Result<PasswordHash, HashError> {
        let bytes = password.as_bytes();
        let hash = match self.hashing.format {
            PasswordHashFormat::Argon2id => return self.argon2.hash_password(password),
            PasswordHashFormat::Bcrypt => bcrypt::hash(bytes, &self.entropy)?,
            PasswordHashFormat::Scrypt => scrypt::hash(bytes, &self.entropy)?,
            PasswordHashFormat::Pbkdf2Django => {
                let iterations = self.hashing.pbkdf2_iterations;
                pbkdf2_django::hash(bytes, iterations, &self.entropy)?
            }
        };
        Ok(PasswordHash::new(hash))
    }
}

impl<E: Entropy> CodeHasher for ConfiguredHasher<E> {
    fn code_salt(&self) -> Result<CodeSalt, HashError> {
        self.argon2.code_salt()
    }

    fn hash_code(&self, code: &ShortCode, salt: &CodeSalt) -> Result<CodeHash, HashError> {
        self.argon2.hash_code(code, salt)
    }

    fn wipe(&self) {
        self.argon2.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::SystemEntropy;

    fn hasher(format: PasswordHashFormat) -> ConfiguredHasher<SystemEntropy> {
        let hashing = PasswordHashing {
            format,
            ..PasswordHashing::default()
        };
        ConfiguredHasher::new(hashing, Argon2Memory::default(), SystemEntropy).expect("a good cost")
    }

    #[test]
    fn passwords_are_hashed_in_the_format_that_is_set() {
        let password = NewPassword::new("seven lanterns over the bay");
        for (format, beginning) in [
            (
                PasswordHashFormat::Argon2id,
                "$argon2id$v=19$m=19456,t=2,p=1$",
            ),
            (PasswordHashFormat::Bcrypt, "$2b$12$"),
            (PasswordHashFormat::Scrypt, "$scrypt$ln=17,r=8,p=1$"),
            (PasswordHashFormat::Pbkdf2Django, "pbkdf2_sha256$600000$"),
        ] {
            let hash = hasher(format).hash_password(&password).expect("a hash");
            assert!(hash.as_str().starts_with(beginning), "{format:?}");
        }
    }

    #[test]
    fn codes_are_hashed_with_argon2id_whatever_is_set() {
        let salt = hasher(PasswordHashFormat::Bcrypt).code_salt();
        assert!(salt.expect("a salt").as_str().starts_with("$argon2id$"));
    }
}
