//! The account that the local stack has from the start.

use anyhow::Result;
use dynoxide::Database;
use dynoxide::actions::put_item::PutItemRequest;
use serde_json::json;

/// The address of the demo account.
pub const EMAIL: &str = "demo@example.com";
/// The password of the demo account.
pub const PASSWORD: &str = "correct horse battery staple";

/// Its PHC string, by the parameters that the template has as defaults. The salt is the same in every
/// run, which is all that one account with a published password needs.
pub const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$bG9jYWwtZGVtby1zYWx0Lg$\
    USHQDY1ST2+SKnTEfPQXLijP163dF6llOY1A6D96cvE";

/// Puts the demo account into the users table called `table`.
pub fn seed(database: &Database, table: &str) -> Result<()> {
    let item = json!({
        "TableName": table,
        "Item": {
            "id": {"S": "demo"},
            "email": {"S": EMAIL},
            "name": {"S": "Demo"},
            "password_hash": {"S": HASH},
        },
    });
    let request: PutItemRequest = serde_json::from_value(item)?;
    database.put_item(request)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;
    use argon2::{Argon2, PasswordVerifier as _};

    use super::*;

    #[test]
    fn the_hash_is_that_of_the_password() {
        let hash = PasswordHash::new(HASH).expect("a PHC string");
        let verified = Argon2::default().verify_password(PASSWORD.as_bytes(), &hash);
        assert_eq!(verified, Ok(()));
    }
}
