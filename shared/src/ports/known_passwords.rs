use super::errors::KnownPasswordsError;
use crate::domain::NewPassword;

/// The passwords that attackers try first: common ones, and those of breaches.
pub trait KnownPasswords: Send + Sync {
    /// Whether a password is one of them, as it was typed or in lower case.
    ///
    /// # Errors
    ///
    /// [`KnownPasswordsError`] when they cannot be read, which says nothing of the password.
    fn contains(&self, password: &NewPassword) -> Result<bool, KnownPasswordsError>;
}
