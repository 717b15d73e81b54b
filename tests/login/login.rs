use argon2::{Argon2, PasswordVerifier, password_hash::phc::PasswordHash};
use base64::{Engine, prelude::BASE64_STANDARD};
use pbkdf2::{Algorithm, Params, pbkdf2_hmac_with_params};
use scrypt::Scrypt;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

/// Whether the password that was typed is the one whose hash is stored.
pub(crate) fn password_matches(stored: &str, typed: &str) -> bool {
    let normalised: String = typed.nfc().collect();
    let password = normalised.as_bytes();
    if stored.starts_with("$argon2id$") {
        let hash = PasswordHash::new(stored);
        return hash.is_ok_and(|hash| Argon2::default().verify_password(password, &hash).is_ok());
    }
    if stored.starts_with("$2b$") {
        // bcrypt looks at the first 72 bytes and lets the rest be anything.
        return password.len() <= 72 && bcrypt::verify(password, stored).unwrap_or(false);
    }
    if stored.starts_with("$scrypt$") {
        let hash = PasswordHash::new(stored);
        return hash.is_ok_and(|hash| Scrypt::new().verify_password(password, &hash).is_ok());
    }
    if let Some(rest) = stored.strip_prefix("pbkdf2_sha256$") {
        return pbkdf2_matches(rest, password).unwrap_or(false);
    }
    false
}

fn pbkdf2_matches(stored: &str, password: &[u8]) -> Option<bool> {
    let (iterations, rest) = stored.split_once('$')?;
    let (salt, expected) = rest.split_once('$')?;
    let expected = BASE64_STANDARD.decode(expected).ok()?;
    let cost = Params::new(iterations.parse().ok()?).ok()?;
    let mut found = [0; 32];
    let algorithm = Algorithm::Pbkdf2Sha256;
    pbkdf2_hmac_with_params(password, salt.as_bytes(), algorithm, cost, &mut found);
    Some(found.ct_eq(expected.as_slice()).into())
}
