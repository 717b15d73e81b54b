//! What is measured, and what it is compared with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use crate::Failure;
use crate::process::Process;
use crate::world::{Secrets, World};

/// argon2's memory by default, in KiB.
const ARGON2_KIB: &str = "19456";

/// A program that answers events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The hello-world.
    Hello,
    /// The hello-world that reads one item in its start.
    WarmHello,
    /// The same, which touches argon2's memory too.
    WarmHelloWithMemory,
    /// request-reset behind the API.
    Request,
    Worker,
    Verify,
    Confirm,
}

impl Subject {
    pub(crate) const ALL: [Self; 7] = [
        Self::Hello,
        Self::WarmHello,
        Self::WarmHelloWithMemory,
        Self::Request,
        Self::Verify,
        Self::Confirm,
        Self::Worker,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::WarmHello => "hello, warm",
            Self::WarmHelloWithMemory => "hello, warm, with argon2's memory",
            Self::Request => "request-reset",
            Self::Worker => "mail worker",
            Self::Verify => "verify-token",
            Self::Confirm => "confirm-reset",
        }
    }

    /// Its name in the template; the hello-world has none.
    const fn function(self) -> &'static str {
        match self {
            Self::Hello | Self::WarmHello | Self::WarmHelloWithMemory => "",
            Self::Request => "RequestResetFunction",
            Self::Worker => "MailWorkerFunction",
            Self::Verify => "VerifyTokenFunction",
            Self::Confirm => "ConfirmResetFunction",
        }
    }

    /// What makes the hello-world do more in its start.
    fn own_variables(self) -> Vec<(String, String)> {
        let table = ("HELLO_WARM_UP_TABLE".to_owned(), "TokensTable".to_owned());
        let memory = ("HELLO_MEMORY_KIB".to_owned(), ARGON2_KIB.to_owned());
        match self {
            Self::WarmHello => vec![table],
            Self::WarmHelloWithMemory => vec![table, memory],
            _ => Vec::new(),
        }
    }

    pub(crate) const fn binary(self) -> &'static str {
        match self {
            Self::Hello | Self::WarmHello | Self::WarmHelloWithMemory => "hello",
            Self::Request | Self::Worker => "request-reset",
            Self::Verify => "verify-token",
            Self::Confirm => "confirm-reset",
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Aws<'a> {
    Embedded,
    Metered,
    At(&'a str),
}

pub(crate) struct Subjects {
    binaries: PathBuf,
}

impl Subjects {
    pub(crate) const fn new(binaries: PathBuf) -> Self {
        Self { binaries }
    }

    /// A new process of `subject`, and how long its start took.
    pub(crate) fn start(
        &self,
        subject: Subject,
        world: &World,
        aws: Aws<'_>,
    ) -> Result<(Process, Duration), Failure> {
        let program = self.path(subject.binary());
        Self::start_as(&[&program], subject, world, aws)
    }

    /// The same by another command, such as valgrind's with the binary behind it.
    pub(crate) fn start_as(
        command: &[&Path],
        subject: Subject,
        world: &World,
        aws: Aws<'_>,
    ) -> Result<(Process, Duration), Failure> {
        let (dynamodb, ses) = match aws {
            Aws::Embedded => (world.dynamodb_url(), world.ses_url()),
            Aws::Metered => (world.metered_url(), world.metered_url()),
            Aws::At(url) => (url, url),
        };
        let mut variables = world.variables(subject.function(), dynamodb, ses);
        variables.extend(subject.own_variables());
        let started = Process::start(command, &variables);
        started.map_err(|error| format!("{}: {error}", subject.name()).into())
    }

    pub(crate) fn path(&self, binary: &str) -> PathBuf {
        self.binaries.join(binary)
    }

    /// So many people with a mail each.
    pub(crate) fn mailed(&self, count: usize, world: &mut World) -> Result<Vec<Secrets>, Failure> {
        let (mut request, _) = self.start(Subject::Request, world, Aws::Embedded)?;
        let (mut worker, _) = self.start(Subject::Worker, world, Aws::Embedded)?;
        world.mailed(count, &mut request, &mut worker)
    }
}

/// An event for a subject that is behind a route; `secrets` are used up where a password is set.
pub(crate) fn event(
    subject: Subject,
    world: &mut World,
    secrets: &Secrets,
) -> Result<serde_json::Value, Failure> {
    let token = &secrets.token;
    match subject {
        Subject::Confirm => world.event(
            "/v1/confirm-reset",
            &json!({ "token": token, "password": crate::world::PASSWORD }),
        ),
        Subject::Verify => world.event("/v1/verify-token", &json!({ "token": token })),
        _ => world.request_event(),
    }
}
