//! The account that the local stack has from the start.

use argon2::password_hash::{self, PasswordHasher, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::{Database, DynoxideError};
use serde_json::json;

/// The address of the demo account.
pub const EMAIL: &str = "demo@example.com";
/// The password of the demo account.
pub const PASSWORD: &str = "correct horse battery staple";

/// The same in every run, which is all that one account with a published password needs.
const SALT: &[u8; 16] = b"local-demo-salt.";

/// Why there is no demo account.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The password could not be hashed.
    #[error("the demo account's password cannot be hashed: {0}")]
    Hash(#[from] password_hash::Error),
    /// The item is not one that the table takes.
    #[error("the demo account does not fit the users table: {0}")]
    Item(#[from] serde_json::Error),
    /// The emulator refused the item.
    #[error("the demo account cannot be written: {0}")]
    Write(#[from] DynoxideError),
}

/// Puts the demo account into the users table called `table`.
///
/// # Errors
///
/// When the table is missing or has other keys.
pub fn seed(database: &Database, table: &str) -> Result<(), DemoError> {
    let item = json!({
        "TableName": table,
        "Item": {
            "id": {"S": "demo"},
            "email": {"S": EMAIL},
            "name": {"S": "Demo"},
            "password_hash": {"S": hash(PASSWORD)?},
        },
    });
    let request: PutItemRequest = serde_json::from_value(item)?;
    database.put_item(request)?;
    Ok(())
}

/// The PHC string of `password`, by the parameters that the template has as defaults.
fn hash(password: &str) -> Result<String, password_hash::Error> {
    let params = Params::new(19_456, 2, 1, None)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), SALT)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier;

    use super::*;

    #[test]
    fn the_hash_says_its_parameters_and_verifies() {
        let text = hash(PASSWORD).expect("hashes");
        assert!(
            text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{text}"
        );
        let hash = PasswordHash::new(&text).expect("a PHC string");
        assert!(
            Argon2::default()
                .verify_password(PASSWORD.as_bytes(), &hash)
                .is_ok()
        );
    }
}
