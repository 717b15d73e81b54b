//! Time that tests can move; the database, the pump and the mail store read the same one.

pub use dynoxide::storage_backend::{Clock, ManualClock, SystemClock};
