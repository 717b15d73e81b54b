//! How much the tests try that could go on for minutes: a sample, or everything.

/// Every so many of the places where something may happen is in a sample.
const STEP: usize = 4;

/// Whether everything is tried: `TEST_DEPTH=full`, as `make test-all` sets it.
///
/// # Panics
///
/// When it is set to something else.
#[must_use]
pub fn is_full() -> bool {
    let set = std::env::var_os("TEST_DEPTH").filter(|it| !it.is_empty());
    let Some(depth) = set else { return false };
    assert_eq!(depth, "full", "TEST_DEPTH is full or not set");
    true
}

/// The one for a sample, or the one for everything.
#[must_use]
pub fn choose<T>(sample: T, everything: T) -> T {
    if is_full() { everything } else { sample }
}

/// Places of `count`: all of them, or some that are spread over them. As many neighbouring `turn`s as
/// a sample takes every so many places have all of them together.
pub fn places(count: usize, turn: usize) -> impl Iterator<Item = usize> {
    let step = choose(STEP, 1);
    (turn % step..count).step_by(step)
}
