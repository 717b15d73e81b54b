use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::sync::watch;

use super::invoker::CargoLambda;
use super::output::Output;
use super::process::ProcessGroup;
use crate::invoke::{Invoke, InvokeError};

/// What cargo-lambda says when a function, or cargo itself, has stopped: by itself, or by a signal.
const STOPPED: [&str; 4] = [
    "command exited code=",
    "command killed code=",
    "command stopped code=",
    "command ended by exception code=",
];

/// The time for everything to compile on a slow machine.
const WARM_UP: Duration = Duration::from_mins(30);

/// How to start `cargo lambda watch`.
#[derive(Debug, Clone)]
pub struct WatchOptions {
    /// The executable of cargo-lambda.
    pub program: PathBuf,
    pub root: PathBuf,
    /// The port on 127.0.0.1 for invocations.
    pub port: u16,
    /// The most processes of each function.
    pub concurrency: u16,
    /// The environment beyond the inherited one.
    pub environment: BTreeMap<String, String>,
    /// Where the lines go.
    pub output: Output,
}

/// A running `cargo lambda watch`.
#[derive(Debug)]
pub struct Watch {
    group: ProcessGroup,
    /// Turns true when a function has stopped.
    stopped: watch::Receiver<bool>,
}

impl Watch {
    /// Starts the process; it compiles nothing before the first invocation.
    pub fn start(options: &WatchOptions) -> Result<Self> {
        let mut group = ProcessGroup::spawn(&mut command(options))
            .with_context(|| format!("{} cannot be started", options.program.display()))?;
        let (sender, stopped) = watch::channel(false);
        if let Some(stdout) = group.child().stdout.take() {
            tokio::spawn(forward(stdout, options.output.clone(), sender.clone()));
        }
        if let Some(stderr) = group.child().stderr.take() {
            tokio::spawn(forward(stderr, options.output.clone(), sender));
        }
        Ok(Self { group, stopped })
    }

    /// Invokes `function` with `event` until it answers, be it with an error.
    pub async fn warm_up(
        &mut self,
        invoker: &CargoLambda,
        function: &str,
        event: &Value,
    ) -> Result<()> {
        let mut stopped = self.stopped.clone();
        let answer = async {
            while let Err(InvokeError::Unreachable(_)) =
                invoker.invoke(function, event.clone()).await
            {
                if self.group.ended().is_some() {
                    bail!("cargo lambda watch ended by itself; its output says why");
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok(())
        };
        tokio::select! {
            answer = tokio::time::timeout(WARM_UP, answer) => {
                answer.unwrap_or_else(|_| Err(anyhow!("{function} did not answer within half an hour")))
            }
            _ = stopped.wait_for(|stopped| *stopped) => {
                bail!("{function} did not build or stopped at its cold start; its output says why")
            }
        }
    }

    /// Resolves when the process has ended by itself.
    pub async fn ended(&mut self) {
        let _ = self.group.child().wait().await;
    }

    /// Ends the process and the functions that it runs.
    pub async fn stop(&mut self) {
        self.group.stop().await;
    }
}

fn command(options: &WatchOptions) -> Command {
    let mut command = Command::new(&options.program);
    command
        .args(["lambda", "watch", "--ignore-changes", "--disable-cors"])
        .args(["--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &options.port.to_string()])
        .args(["--concurrency", &options.concurrency.to_string()])
        .arg("--manifest-path")
        .arg(options.root.join("Cargo.toml"))
        // It watches every folder below this one, once for each process, even to ignore all changes.
        .current_dir(options.root.join("functions"))
        // A person's own session and profile have no say here.
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .envs(&options.environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

async fn forward(from: impl AsyncRead + Unpin, to: Output, stopped: watch::Sender<bool>) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while let Ok(1..) = reader.read_until(b'\n', &mut line).await {
        to.write(&line);
        if says_stopped(&line) {
            stopped.send_replace(true);
        }
        line.clear();
    }
}

fn says_stopped(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line);
    STOPPED.iter().any(|words| line.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_ends_a_function_is_noticed() {
        assert!(says_stopped(b"ERROR command exited code=ExitError(1)\n"));
        assert!(says_stopped(b"ERROR command killed code=ForceStop\n"));
        assert!(!says_stopped(b"{\"message\":\"command\"}\n"));
        assert!(!says_stopped(b"\xff\n"));
    }
}
