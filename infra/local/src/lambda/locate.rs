use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Finds the executable: `given`, which comes from `CARGO_LAMBDA`, else the project's own, else the
/// first on `path`.
pub fn find_cargo_lambda(
    root: &Path,
    given: Option<OsString>,
    path: Option<OsString>,
) -> Result<PathBuf> {
    if let Some(given) = given.filter(|given| !given.is_empty()) {
        return Ok(PathBuf::from(given));
    }
    let tools = root.join(".tools").join("bin");
    let path = path.unwrap_or_default();
    std::iter::once(tools.clone())
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join("cargo-lambda"))
        .find(|candidate| candidate.is_file())
        .with_context(|| {
            let tools = tools.display();
            format!("cargo-lambda was not found in {tools} or on PATH; `make dev` installs it, or set CARGO_LAMBDA to it")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_comes_first_and_an_empty_value_is_none() {
        let root = Path::new("/nowhere");
        let found = find_cargo_lambda(root, Some("/opt/cargo-lambda".into()), None);
        assert_eq!(found.expect("given"), PathBuf::from("/opt/cargo-lambda"));
        let error = find_cargo_lambda(root, Some(OsString::new()), None).expect_err("none");
        assert!(error.to_string().contains("/nowhere/.tools/bin"), "{error}");
    }
}
