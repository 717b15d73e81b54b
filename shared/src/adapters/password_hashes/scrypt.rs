use scrypt::password_hash::PasswordHasher as _;
use scrypt::{Params, Scrypt};

use crate::ports::{Entropy, HashError};

/// The first choice of OWASP's Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1, which takes
/// 128 MiB of memory while it runs.
const COST: Params = Params::RECOMMENDED;
/// What the PHC string format recommends.
const SALT_BYTES: usize = 16;

/// The hash of a password, as a PHC string: `$scrypt$ln=17,r=8,p=1$salt$hash`.
pub(super) fn hash(password: &[u8], entropy: &impl Entropy) -> Result<String, HashError> {
    let salt: [u8; SALT_BYTES] = entropy.bytes()?;
    Scrypt::new_with_params(COST)
        .hash_password_with_salt(password, &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| HashError::Hash(error.to_string()))
}
