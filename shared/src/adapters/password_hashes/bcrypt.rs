use bcrypt::{Version, hash_with_salt};

use crate::domain::PasswordHashFormat;
use crate::ports::{Entropy, HashError};

/// Binary logarithm of the rounds. OWASP's Password Storage Cheat Sheet asks for 10 at least; 12
/// takes about 0.3 s of a processor, a little less than scrypt at the cost that it names.
const COST: u32 = 12;

/// The hash of a password, `$2b$`.
pub(super) fn hash(password: &[u8], entropy: &impl Entropy) -> Result<String, HashError> {
    let max = PasswordHashFormat::Bcrypt.max_bytes();
    if max.is_some_and(|max| password.len() > max) || password.contains(&0) {
        // The policy refuses it before; the crate would cut it without a word.
        return Err(HashError::Hash("bcrypt does not take all of it".to_owned()));
    }
    hash_with_salt(password, COST, entropy.bytes()?)
        .map(|hash| hash.format_for_version(Version::TwoB))
        .map_err(|error| HashError::Hash(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::SystemEntropy;

    #[test]
    fn each_hash_has_a_salt_of_its_own() {
        let hash = || hash(b"seven lanterns", &SystemEntropy).expect("a hash");
        assert_ne!(hash(), hash());
    }

    #[test]
    fn bcrypt_truncates_no_password() {
        for password in ["x7".repeat(36) + "x", "seven\0lanterns".to_owned()] {
            let refused = hash(password.as_bytes(), &SystemEntropy);
            assert!(refused.is_err(), "{password:?}");
        }
    }
}
