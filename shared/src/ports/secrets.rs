use super::errors::{HashError, RandomError};
use crate::domain::{CodeHash, CodeSalt, NewPassword, PasswordHash, ShortCode};

/// The source of randomness for secrets.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random ones that nobody can predict.
    ///
    /// # Errors
    ///
    /// [`RandomError`] when the system has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;

    /// `N` random bytes.
    ///
    /// # Errors
    ///
    /// [`RandomError`] when the system has none to give.
    fn bytes<const N: usize>(&self) -> Result<[u8; N], RandomError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }
}

/// The slow hash of passwords.
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password, as the users table is to hold it.
    ///
    /// # Errors
    ///
    /// [`HashError`] when it cannot be computed.
    fn hash_password(&self, password: &NewPassword) -> Result<PasswordHash, HashError>;
}

/// The slow hash of short codes.
pub trait CodeHasher: Send + Sync {
    /// A new salt, with the cost that codes are hashed at.
    ///
    /// # Errors
    ///
    /// [`HashError`] when there is no randomness.
    fn code_salt(&self) -> Result<CodeSalt, HashError>;

    /// The hash of a short code. What it leaves in memory stays there until the next one writes over
    /// it, or [`CodeHasher::wipe`].
    ///
    /// # Errors
    ///
    /// [`HashError`] when it cannot be computed.
    fn hash_code(&self, code: &ShortCode, salt: &CodeSalt) -> Result<CodeHash, HashError>;

    /// Wipes what hashes left in memory: once for many, because that takes a quarter of a hash.
    fn wipe(&self);
}
