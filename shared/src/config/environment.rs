/// Reads one variable; `None` when it is not set.
pub trait Env: Fn(&str) -> Option<String> {}

impl<F: Fn(&str) -> Option<String>> Env for F {}

/// The environment of the process.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read"
)]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
