//! Hashes of passwords in the formats that logins know.

mod bcrypt;
mod configured;
mod pbkdf2_django;
mod scrypt;

pub use configured::{ConfiguredHasher, PasswordHashing};
