//! A child process in a group of its own, ended with everything that it started.

use std::collections::BTreeMap;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a process may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// A process that does not outlive this value.
#[derive(Debug)]
pub(super) struct ProcessGroup {
    child: Child,
    pid: Option<Pid>,
}

impl ProcessGroup {
    /// Starts `command` in a process group of its own.
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        let child = command.process_group(0).spawn()?;
        let pid = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        Ok(Self { child, pid })
    }

    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The status, if the process has ended by itself.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks the process to end, and after a while kills it and all its descendants.
    pub(super) async fn stop(&mut self) {
        self.stop_within(PATIENCE).await;
    }

    async fn stop_within(&mut self, patience: Duration) {
        self.signal(Signal::TERM);
        if timeout(patience, self.child.wait()).await.is_ok() {
            self.pid = None;
            return;
        }
        // The functions have groups of their own, and nobody ends them once their parent is dead.
        let descendants = self.pid.map(descendants).unwrap_or_default();
        self.signal(Signal::KILL);
        for pid in descendants {
            let _ = kill_process(pid, Signal::KILL);
        }
        let _ = timeout(PATIENCE, self.child.wait()).await;
        self.pid = None;
    }

    fn signal(&mut self, signal: Signal) {
        if self.ended().is_some() {
            self.pid = None;
        }
        if let Some(pid) = self.pid {
            let _ = kill_process_group(pid, signal);
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.signal(Signal::TERM);
    }
}

/// All processes below `root`, as far as the system tells (Linux does, by /proc).
fn descendants(root: Pid) -> Vec<Pid> {
    let mut children = BTreeMap::<i32, Vec<i32>>::new();
    for (pid, parent) in processes() {
        children.entry(parent).or_default().push(pid);
    }
    let mut found = Vec::new();
    let mut waiting = vec![root.as_raw_nonzero().get()];
    while let Some(pid) = waiting.pop() {
        for child in children.remove(&pid).unwrap_or_default() {
            waiting.push(child);
            found.extend(Pid::from_raw(child));
        }
    }
    found
}

/// The id of each process and of its parent.
fn processes() -> Vec<(i32, i32)> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The command's name stands in parentheses and may hold anything.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
            Some((pid, parent.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use tokio::io::{AsyncBufReadExt, BufReader};

    use super::*;

    /// A shell that prints the id of a child in a group of its own, which ignores being asked.
    async fn start(script: &str) -> (ProcessGroup, Pid) {
        let mut command = Command::new("bash");
        command.args(["-c", script]).stdout(Stdio::piped());
        let mut group = ProcessGroup::spawn(&mut command).expect("starts");
        let stdout = group.child().stdout.take().expect("piped");
        let line = BufReader::new(stdout)
            .lines()
            .next_line()
            .await
            .expect("reads")
            .expect("a line");
        let pid = line.parse().ok().and_then(Pid::from_raw).expect("an id");
        (group, pid)
    }

    async fn is_gone(pid: Pid) -> bool {
        for _ in 0..100 {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
            if stat.is_err() || stat.is_ok_and(|stat| stat.contains(") Z ")) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    #[tokio::test]
    async fn a_stopped_group_leaves_nobody() {
        let (mut group, child) = start("sleep 100 & echo $!; wait").await;
        group.stop().await;
        assert!(is_gone(child).await);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_process_that_ignores_term_is_killed_with_all_descendants() {
        let (mut group, child) =
            start("trap '' TERM; setsid sleep 100 & echo $!; wait; sleep 100").await;
        group.stop_within(Duration::from_millis(200)).await;
        assert!(is_gone(child).await);
    }

    #[tokio::test]
    async fn a_dropped_group_is_asked_to_end() {
        let (group, child) = start("sleep 100 & echo $!; wait").await;
        drop(group);
        assert!(is_gone(child).await);
    }
}
