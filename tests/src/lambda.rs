//! Lambda, as far as a function notices: its real binary runs in processes that fetch events by the
//! Runtime API, and that can be killed at any moment.
//!
//! A process works on one event at a time and is kept for the next one. A process that ends or is
//! too slow fails the event that it worked on, and the next event starts another process.

mod environment;
mod lines;
mod runtime_api;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use local_stack::invoke::InvokeError;
use local_stack::template::Template;
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

use environment::Environment;
pub use lines::LogLines;

/// The functions of a template.
pub struct Lambda {
    functions: BTreeMap<String, Function>,
    lines: LogLines,
}

/// One function and the processes that it has.
struct Function {
    start: Start,
    timeout: Duration,
    /// As many processes as there may be at once.
    room: Semaphore,
    /// Who has waited longest is the next to work, so that none is left for a rare moment and seems to
    /// grow in it.
    idle: Mutex<VecDeque<Environment>>,
    /// A process that works now is killed when this changes.
    kill: watch::Sender<()>,
    /// Whether the next answer dies with its process.
    kill_at_answer: AtomicBool,
}

/// What starts a process.
struct Start {
    name: String,
    binary: PathBuf,
    variables: BTreeMap<String, String>,
    lines: LogLines,
    /// The ids of the processes, each for as long as it runs.
    running: Mutex<Vec<Weak<u32>>>,
}

impl Start {
    fn running(&self) -> std::sync::MutexGuard<'_, Vec<Weak<u32>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a process as one that runs until what this gives is dropped.
    fn enter(&self, id: u32) -> Arc<u32> {
        let id = Arc::new(id);
        self.running().push(Arc::downgrade(&id));
        id
    }
}

impl Lambda {
    /// The functions of `template`, each with the variables that `variables` gives for it, and with
    /// up to `concurrency` processes.
    pub fn new(
        template: &Template,
        concurrency: usize,
        variables: impl Fn(&str) -> BTreeMap<String, String>,
    ) -> Self {
        let lines = LogLines::default();
        let function = |(name, function): (&String, &local_stack::template::Function)| {
            let start = Start {
                name: name.clone(),
                binary: crate::stack::binary(&function.binary),
                variables: variables(name),
                lines: lines.clone(),
                running: Mutex::default(),
            };
            let function = Function {
                start,
                timeout: function.timeout,
                room: Semaphore::new(concurrency),
                idle: Mutex::default(),
                kill: watch::Sender::default(),
                kill_at_answer: AtomicBool::default(),
            };
            (name.clone(), function)
        };
        Self {
            functions: template.functions.iter().map(function).collect(),
            lines,
        }
    }

    /// Runs a function, by its logical id.
    ///
    /// # Errors
    ///
    /// [`InvokeError::Function`] as Lambda has it: what the function reported, or that its process
    /// ended or took too long.
    pub async fn invoke(&self, function: &str, event: Value) -> Result<Value, InvokeError> {
        let Some(function) = self.functions.get(function) else {
            return Err(InvokeError::Unreachable(function.to_owned()));
        };
        let _room = function.room.acquire().await.expect("it is never closed");
        let mut environment = function.environment().await?;
        let answer = environment.work(event, function).await;
        // A process that failed to answer has ended.
        if environment.is_alive() {
            function.idle().push_back(environment);
        }
        answer
    }

    /// Starts a process of the function, if it has none, so that what follows is no cold start.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn warm(&self, function: &str) {
        let function = &self.functions[function];
        let environment = function.environment().await.expect("a process");
        function.idle().push_back(environment);
    }

    /// Kills the process that works on an event of the function (SIGKILL).
    pub fn kill(&self, function: &str) {
        self.functions[function].kill.send_replace(());
    }

    /// Kills the process of the function that is next to answer, as it answers: its work is done,
    /// and nobody hears of it.
    pub fn kill_at_answer(&self, function: &str) {
        let function = &self.functions[function];
        function.kill_at_answer.store(true, Ordering::Relaxed);
    }

    /// Whether [`Lambda::kill_at_answer`] still waits for its moment; it no longer does now.
    #[must_use]
    pub fn spare(&self, function: &str) -> bool {
        let function = &self.functions[function];
        function.kill_at_answer.swap(false, Ordering::Relaxed)
    }

    /// What the functions have written to their logs.
    #[must_use]
    pub fn lines(&self) -> &LogLines {
        &self.lines
    }

    /// The ids of the processes that run now, with their function.
    #[must_use]
    pub fn processes(&self) -> Vec<(u32, String)> {
        let of = |(name, function): (&String, &Function)| {
            let running = function.start.running();
            let ids = running.iter().filter_map(Weak::upgrade);
            ids.map(|id| (*id, name.clone())).collect::<Vec<_>>()
        };
        self.functions.iter().flat_map(of).collect()
    }
}

impl Function {
    fn idle(&self) -> std::sync::MutexGuard<'_, VecDeque<Environment>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A process that waits for an event: one that is there, else a new one.
    async fn environment(&self) -> Result<Environment, InvokeError> {
        let waiting = self.idle().pop_front();
        if let Some(mut environment) = waiting
            && environment.is_alive()
        {
            return Ok(environment);
        }
        Environment::start(&self.start).await
    }
}
