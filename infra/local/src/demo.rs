//! The account that the local stack has from the start.

use anyhow::Result;
use argon2::password_hash::{PasswordHasher, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use dynoxide::Database;
use dynoxide::actions::put_item::PutItemRequest;
use serde_json::json;

/// The address of the demo account.
pub const EMAIL: &str = "demo@example.com";
/// The password of the demo account.
pub const PASSWORD: &str = "correct horse battery staple";

/// The same in every run, which is all that one account with a published password needs.
const SALT: &[u8; 16] = b"local-demo-salt.";

/// Puts the demo account into the users table called `table`.
pub fn seed(database: &Database, table: &str) -> Result<()> {
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
fn hash(password: &str) -> Result<String> {
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
