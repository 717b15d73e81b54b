//! The functions: the use cases over real adapters, and what runs when an environment starts. The
//! binaries only call these, so that all but the hashes is built for size: in a binary's own crate
//! everything is built as hashes have to be.

pub mod confirm_reset;
pub mod mail_reports;
pub mod mail_worker;
pub mod request_reset;
pub mod verify_token;
