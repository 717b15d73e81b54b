//! What takes minutes when all of it is tried, as `TEST_DEPTH=full` asks for.

mod faults;
mod indistinguishable;
mod kills;
mod soak;
