//! Time that tests can move; the database, the poller and the mail store read the same one.

pub use dynoxide::storage_backend::{Clock, ManualClock, SystemClock};
