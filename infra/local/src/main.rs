//! Stands in for AWS on one machine until Ctrl-C.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use local_stack::log;
use local_stack::stack::{Config, Stack, find_root, greeting};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let config = match configure() {
        Ok(config) => config,
        Err(error) => {
            log(&format!("{error:#}"));
            return ExitCode::FAILURE;
        }
    };
    forget(&config);
    let mut stack = Stack::default();
    let result = tokio::select! {
        result = serve(&mut stack, &config) => result,
        result = interrupted() => result.map_err(Into::into),
    };
    match &result {
        Ok(()) => log("stopping"),
        Err(error) => log(&format!("{error:#}")),
    }
    stack.stop().await;
    forget(&config);
    if result.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn configure() -> Result<Config> {
    let here = std::env::current_dir()?;
    let root = find_root(&here)
        .or_else(|| find_root(Path::new(env!("CARGO_MANIFEST_DIR"))))
        .context("there is no template.yaml here or above")?;
    Config::read(root, |name| std::env::var_os(name))
}

/// Runs until something fails.
async fn serve(stack: &mut Stack, config: &Config) -> Result<()> {
    let variables = std::env::vars_os();
    let text = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    let environment = variables.filter_map(text).collect();
    let endpoints = stack.start(config, &environment).await?;
    // Nobody may be reading; that is no reason to stop.
    let _ = write!(io::stdout(), "{}", greeting(&endpoints));
    let _ = io::stdout().flush();
    bail!(stack.failed().await)
}

/// Deletes the ready file, of this run or of one that was killed.
fn forget(config: &Config) {
    if let Some(path) = &config.ready_file {
        let _ = std::fs::remove_file(path);
    }
}

/// Resolves when somebody wants everything to stop.
async fn interrupted() -> io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
