//! One process of a function, and the least of the Runtime API (version 2018-06-01) that it needs.
//!
//! Every moment is taken in a thread that blocks on one connection: a scheduler in between would be
//! measured too.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::usage;

/// Longest wait for anything that a process does. Under valgrind everything takes fifty times as
/// long.
const PATIENCE: Duration = Duration::from_mins(2);
/// A deadline that no event meets, in milliseconds since the epoch.
const NEVER: u64 = 4_102_444_800_000;

enum Said {
    /// It asks for an event, on this connection.
    Next(Instant, TcpStream),
    Answered(Instant, Result<Value, String>),
}

/// A process that waits for its next event; it is killed when this is dropped.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
    said: Receiver<Said>,
    idle: Option<TcpStream>,
    over: Arc<AtomicBool>,
    events: u64,
}

impl Process {
    /// Starts `program` with these variables and nothing else, and gives how long it took until it
    /// asked for its first event.
    pub(crate) fn start(
        program: &[&Path],
        variables: &BTreeMap<String, String>,
    ) -> io::Result<(Self, Duration)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let (sender, said) = mpsc::channel();
        let over = Arc::new(AtomicBool::new(false));
        thread::spawn({
            let over = Arc::clone(&over);
            move || accept(&listener, &sender, &over)
        });
        let mut command = Command::new(program[0]);
        command
            .args(&program[1..])
            .env_clear()
            .envs(variables)
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let begun = Instant::now();
        let mut process = Self {
            child: command.spawn()?,
            address,
            said,
            idle: None,
            over,
            events: 0,
        };
        let ready = process.wait_until_idle().map_err(io::Error::other)?;
        Ok((process, ready.duration_since(begun)))
    }

    /// Gives it an event, and gives its answer and how long that took.
    pub(crate) fn invoke(&mut self, event: &Value) -> Result<(Value, Duration), String> {
        let mut connection = self.idle.take().ok_or("the process does not wait")?;
        self.events += 1;
        let body = event.to_string();
        let text = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
             lambda-runtime-aws-request-id: bench-{}\r\nlambda-runtime-deadline-ms: {NEVER}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:bench\r\n\
             content-length: {}\r\n\r\n{body}",
            self.events,
            body.len(),
        );
        let begun = Instant::now();
        let sent = connection.write_all(text.as_bytes());
        sent.map_err(|error| error.to_string())?;
        let (at, answer) = match self.wait()? {
            Said::Answered(at, answer) => (at, answer?),
            Said::Next(..) => return Err("it asked again instead of answering".to_owned()),
        };
        self.wait_until_idle()?;
        Ok((answer, at.duration_since(begun)))
    }

    /// Processor time so far.
    pub(crate) fn cpu(&self) -> Duration {
        usage::cpu(self.child.id())
    }

    /// The most memory that it had at once, in KiB.
    pub(crate) fn peak_kib(&self) -> u64 {
        usage::peak_kib(self.child.id())
    }

    /// Asks it to end, as the probe in it says what it counted then.
    pub(crate) fn end(mut self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        if asked.is_ok_and(|status| status.success()) {
            let _ = self.child.wait();
        }
    }

    fn wait(&mut self) -> Result<Said, String> {
        self.said.recv_timeout(PATIENCE).map_err(|_| {
            let ended = self.child.try_wait();
            format!("the process says nothing; its end: {ended:?}")
        })
    }

    fn wait_until_idle(&mut self) -> Result<Instant, String> {
        match self.wait()? {
            Said::Next(at, connection) => {
                self.idle = Some(connection);
                Ok(at)
            }
            Said::Answered(_, answer) => Err(format!("it answered nothing: {answer:?}")),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.over.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept(listener: &TcpListener, sender: &Sender<Said>, over: &AtomicBool) {
    for connection in listener.incoming().map_while(Result::ok) {
        if over.load(Ordering::Relaxed) {
            return;
        }
        let sender = sender.clone();
        thread::spawn(move || {
            // A process that ends closes its connections, in whatever state they are.
            let _ = serve(connection, &sender);
        });
    }
}

fn serve(mut connection: TcpStream, sender: &Sender<Said>) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection.try_clone()?);
    while let Some((path, body)) = read_request(&mut reader)? {
        let at = Instant::now();
        let said = if path.ends_with("/next") {
            Said::Next(at, connection.try_clone()?)
        } else {
            connection.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")?;
            let text = String::from_utf8_lossy(&body);
            Said::Answered(
                at,
                if path.ends_with("/response") {
                    serde_json::from_str(&text).map_err(|error| error.to_string())
                } else {
                    Err(text.into_owned())
                },
            )
        };
        if sender.send(said).is_err() {
            break;
        }
    }
    Ok(())
}

/// The path and the body of the next request; `None` when the connection is closed.
fn read_request(reader: &mut BufReader<TcpStream>) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(Some((path, body)))
}
