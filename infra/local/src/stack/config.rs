use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// What the local stack reads from its environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The project's folder, which holds template.yaml.
    pub root: PathBuf,
    /// `LOCAL_API_PORT`: the API; 0 is any free port, here and below.
    pub api_port: u16,
    /// `LOCAL_DYNAMODB_PORT`: `DynamoDB`.
    pub dynamodb_port: u16,
    /// `LOCAL_SES_PORT`: SES and the inbox.
    pub ses_port: u16,
    /// `LOCAL_INVOKE_PORT`: invocations of the functions behind routes.
    pub invoke_port: u16,
    /// `LOCAL_WORKER_PORT`: invocations of the function behind the stream.
    pub worker_port: u16,
    /// `LOCAL_CONCURRENCY`: the most processes of each function.
    pub concurrency: u16,
    /// `LOCAL_LOG_FILE`: where the functions' lines go instead of standard error.
    pub log_file: Option<PathBuf>,
    /// `LOCAL_READY_FILE`: written with the URLs as JSON when everything answers.
    pub ready_file: Option<PathBuf>,
    /// `CARGO_LAMBDA`: the executable of cargo-lambda.
    pub cargo_lambda: Option<OsString>,
    /// `PATH`, where cargo-lambda is looked for last.
    pub path: Option<OsString>,
}

impl Config {
    /// Reads the settings by `lookup` for the project in `root`.
    pub fn read(root: PathBuf, lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let mut problems = Vec::new();
        let mut number = |name: &str, default: u16, least: u16| {
            let Some(text) = lookup(name).filter(|text| !text.is_empty()) else {
                return default;
            };
            let value = text.to_str().and_then(|text| text.parse().ok());
            value.filter(|value| *value >= least).unwrap_or_else(|| {
                problems.push(format!(
                    "{name} must be a number from {least} to {}",
                    u16::MAX
                ));
                default
            })
        };
        let config = Self {
            root,
            api_port: number("LOCAL_API_PORT", 9000, 0),
            dynamodb_port: number("LOCAL_DYNAMODB_PORT", 8000, 0),
            ses_port: number("LOCAL_SES_PORT", 8005, 0),
            invoke_port: number("LOCAL_INVOKE_PORT", 9001, 0),
            worker_port: number("LOCAL_WORKER_PORT", 9002, 0),
            concurrency: number("LOCAL_CONCURRENCY", 4, 1),
            log_file: path(lookup("LOCAL_LOG_FILE")),
            ready_file: path(lookup("LOCAL_READY_FILE")),
            cargo_lambda: lookup("CARGO_LAMBDA"),
            path: lookup("PATH"),
        };
        ensure!(problems.is_empty(), problems.join("\n"));
        Ok(config)
    }

    pub fn template(&self) -> PathBuf {
        self.root.join("template.yaml")
    }
}

fn path(text: Option<OsString>) -> Option<PathBuf> {
    text.filter(|text| !text.is_empty()).map(PathBuf::from)
}

/// The project's folder: the nearest one, from `start` upwards, that holds a template.yaml.
pub fn find_root(start: &Path) -> Option<PathBuf> {
    start
        .ancestors()
        .find(|folder| folder.join("template.yaml").is_file())
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config> {
        Config::read(PathBuf::from("/project"), |name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_ports_have_defaults_and_can_be_changed() {
        let config = read(&[("LOCAL_API_PORT", "0"), ("LOCAL_SES_PORT", "")]).expect("valid");
        assert_eq!(
            (config.api_port, config.dynamodb_port, config.ses_port),
            (0, 8000, 8005)
        );
        assert_eq!(
            (config.invoke_port, config.worker_port, config.concurrency),
            (9001, 9002, 4)
        );
        assert_eq!(config.log_file, None);
    }

    #[test]
    fn all_bad_variables_are_named_at_once() {
        let error = read(&[("LOCAL_API_PORT", "x"), ("LOCAL_CONCURRENCY", "0")]).expect_err("bad");
        assert_eq!(
            error.to_string(),
            "LOCAL_API_PORT must be a number from 0 to 65535\n\
             LOCAL_CONCURRENCY must be a number from 1 to 65535"
        );
    }

    #[test]
    fn the_root_is_found_from_below() {
        let below = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let root = find_root(&below).expect("found");
        assert!(root.join("infra/local/Cargo.toml").is_file());
    }
}
