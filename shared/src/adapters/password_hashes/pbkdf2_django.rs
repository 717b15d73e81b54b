use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pbkdf2::{Algorithm, Params, pbkdf2_hmac_with_params};

use crate::ports::{Entropy, HashError};

/// 128 bits. Django replaces a hash whose salt it takes to have fewer.
const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;

/// The hash of a password, in the format of Django's `PBKDF2PasswordHasher`:
/// `pbkdf2_sha256$iterations$salt$hash`.
pub(super) fn hash(
    password: &[u8],
    iterations: u32,
    entropy: &impl Entropy,
) -> Result<String, HashError> {
    let salt = salt(entropy)?;
    let params = Params::new(iterations).map_err(|error| HashError::Hash(error.to_string()))?;
    let mut output = [0; OUTPUT_BYTES];
    let algorithm = Algorithm::Pbkdf2Sha256;
    pbkdf2_hmac_with_params(password, salt.as_bytes(), algorithm, params, &mut output);
    let output = STANDARD.encode(output);
    Ok(format!("pbkdf2_sha256${iterations}${salt}${output}"))
}

/// Django hashes the salt as it is written, so it has to be text, without a dollar sign.
fn salt(entropy: &impl Entropy) -> Result<String, HashError> {
    let bytes: [u8; SALT_BYTES] = entropy.bytes()?;
    let mut salt = String::with_capacity(2 * SALT_BYTES);
    for byte in bytes {
        write!(salt, "{byte:02x}").map_err(|error| HashError::Hash(error.to_string()))?;
    }
    Ok(salt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::SystemEntropy;
    use crate::ports::RandomError;

    /// Salts that are all the same.
    struct Sevens;

    impl Entropy for Sevens {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
            bytes.fill(7);
            Ok(())
        }
    }

    #[test]
    fn it_is_what_django_would_have_written() {
        // PBKDF2PasswordHasher().encode("sieben L\xe4mpchen", "07" * 16, 1000) of Django 5.2.19.
        let hash = hash("sieben L\u{e4}mpchen".as_bytes(), 1000, &Sevens).expect("a hash");
        assert_eq!(
            hash,
            "pbkdf2_sha256$1000$07070707070707070707070707070707$/nmX1ber4CUZ7gnc8JWkszBqynXD/0PuElp17F2L5Rc="
        );
    }

    #[test]
    fn each_hash_has_a_salt_of_its_own() {
        let hash = || hash(b"seven lanterns", 1000, &SystemEntropy).expect("a hash");
        assert_ne!(hash(), hash());
    }
}
