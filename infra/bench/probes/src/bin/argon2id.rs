//! Hashes a password by the service's own argon2id for each line that it reads, and says how many
//! nanoseconds that took.

use std::io::{self, BufRead as _, Write as _};
use std::time::Instant;

use shared::adapters::{Argon2Cost, Argon2Hasher, Argon2Memory, SystemEntropy};
use shared::domain::NewPassword;
use shared::ports::{HashError, PasswordHasher as _};

fn main() -> io::Result<()> {
    let failed = |error: HashError| io::Error::other(error.to_string());
    let hasher = Argon2Hasher::new(
        Argon2Cost::default(),
        Argon2Memory::default(),
        SystemEntropy,
    )
    .map_err(failed)?;
    hasher.ready();
    let password = NewPassword::new("seven lanterns over the bay");
    let mut out = io::stdout();
    for line in io::stdin().lock().lines() {
        line?;
        let begun = Instant::now();
        hasher.hash_password(&password).map_err(failed)?;
        writeln!(out, "{}", begun.elapsed().as_nanos())?;
    }
    Ok(())
}
