use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use local_stack::invoke::InvokeError;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use super::runtime_api::RuntimeApi;
use super::{Function, LogLines, Start};

/// Longest wait for a process to ask for its first event: Lambda's own is ten seconds, on a machine
/// of its own.
const INIT_TIMEOUT: Duration = Duration::from_mins(1);

/// One process of a function, killed when it is dropped.
pub(super) struct Environment {
    child: Child,
    api: RuntimeApi,
    _running: Option<Arc<u32>>,
}

impl Environment {
    /// Starts a process and waits until it asks for an event.
    pub(super) async fn start(start: &Start) -> Result<Self, InvokeError> {
        let unreachable = |error: std::io::Error| InvokeError::Unreachable(error.to_string());
        let mut api = RuntimeApi::start(&start.name).await.map_err(unreachable)?;
        let mut child = command(start, api.address()).spawn().map_err(unreachable)?;
        keep_lines(child.stdout.take(), &start.lines);
        keep_lines(child.stderr.take(), &start.lines);
        tokio::select! {
            ready = tokio::time::timeout(INIT_TIMEOUT, api.ready()) => ready
                .map_err(|_| InvokeError::function("Sandbox.Timedout", "the start took too long"))?,
            ended = child.wait() => return Err(exit_error(ended)),
        }
        let running = child.id().map(|id| start.enter(id));
        Ok(Self {
            child,
            api,
            _running: running,
        })
    }

    /// Works on one event. Without an answer the process is dead afterwards.
    pub(super) async fn work(
        &mut self,
        event: Value,
        function: &Function,
    ) -> Result<Value, InvokeError> {
        let mut kill = function.kill.subscribe();
        let answer = self.api.send(event, function.timeout).await;
        tokio::select! {
            Ok(answer) = answer => {
                if function.kill_at_answer.swap(false, Ordering::Relaxed) {
                    return Err(self.kill().await);
                }
                answer
            }
            ended = self.child.wait() => Err(exit_error(ended)),
            _ = kill.changed() => Err(self.kill().await),
            () = tokio::time::sleep(function.timeout) => {
                self.kill().await;
                let text = format!("Task timed out after {} seconds", function.timeout.as_secs());
                Err(InvokeError::function("Sandbox.Timedout", text))
            }
        }
    }

    /// Kills the process, and says how Lambda reports it.
    async fn kill(&mut self) -> InvokeError {
        // It fails only when there is nobody left to kill.
        let _ = self.child.start_kill();
        exit_error(self.child.wait().await)
    }

    /// Whether the process has not ended.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

/// How Lambda reports that a process ended while it had work.
fn exit_error(ended: std::io::Result<std::process::ExitStatus>) -> InvokeError {
    let ended = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
    InvokeError::function(
        "Runtime.ExitError",
        format!("Runtime exited with error: {ended}"),
    )
}

fn command(start: &Start, api: &str) -> Command {
    let mut command = Command::new(&start.binary);
    command
        .env_clear()
        .envs(&start.variables)
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .env("AWS_LAMBDA_FUNCTION_NAME", &start.name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

fn keep_lines(from: Option<impl AsyncRead + Unpin + Send + 'static>, lines: &LogLines) {
    let Some(from) = from else { return };
    let lines = lines.clone();
    tokio::spawn(async move {
        let mut read = BufReader::new(from).lines();
        while let Ok(Some(line)) = read.next_line().await {
            lines.push(line);
        }
    });
}
