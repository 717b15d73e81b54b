//! The ports over the real world: DynamoDB, SES, slow hashes, the list of known passwords, the system's
//! clock and randomness.

mod argon2;
pub mod aws;
pub mod dynamodb;
mod known_passwords;
mod password_hashes;
mod ses;
mod ses_events;
mod system;

pub use argon2::{Argon2Cost, Argon2Hasher, Argon2Memory};
pub use known_passwords::{KNOWN_PASSWORDS_FORMAT, KnownPasswordsFile, known_password_bits};
pub use password_hashes::{ConfiguredHasher, PasswordHashing};
pub use ses::SesMailer;
pub use ses_events::report_from_event;
pub use system::{SystemClock, SystemEntropy};
