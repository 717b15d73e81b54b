//! The attacks that reset flows have fallen to, each as something that can be run.
//!
//! A line says what it sends and what it sees, and judges. It knows its [`Target`] by HTTP and an
//! inbox alone, so that the same line runs against the service in this process, against the local
//! stack and against somebody's own deployment. Lines that need more (time, the tables, the worker)
//! run in this process only, and say so.

mod accounts;
mod browser;
mod changes;
mod forms;
mod load;
mod operators;
mod passwords;
mod received_mail;
pub mod remote;
mod report;
mod target;
mod token;
mod token_races;
mod who_exists;
mod whose_mail;

use std::pin::Pin;

use crate::sessions::SessionsTable;

pub use received_mail::ReceivedMail;
pub use remote::{Remote, RemoteSettings};
pub use report::{NotRun, Report, Trial, TrialResult, Verdict, table};
pub use target::{InProcessTarget, Target};

/// Where a line can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere: it needs HTTP and an inbox.
    Http,
    /// In this process: it moves the clock, looks into the tables, or calls the worker.
    InProcess,
}

type Attempt<'a> = Pin<Box<dyn Future<Output = TrialResult> + 'a>>;

/// One line of the list of attacks.
#[derive(Clone, Copy)]
pub struct Line {
    pub number: u8,
    /// What it tries.
    pub title: &'static str,
    /// Where it can be run.
    pub reach: Reach,
    /// What it needs in this process.
    setup: Option<Setup>,
    attack: for<'a> fn(&'a Target) -> Attempt<'a>,
}

impl Line {
    pub async fn run(&self, target: &Target) -> Report {
        let reachable = self.reach == Reach::Http || target.in_process().is_some();
        let tried = if reachable {
            (self.attack)(target).await
        } else {
            Err(NotRun::out_of_reach())
        };
        Report::of(self, tried)
    }
}

/// How a line's service differs from what the template and the settings file say.
#[derive(Clone, Copy)]
pub(super) enum Setup {
    /// Settings by their paths, each as JSON.
    Settings(&'static [(&'static str, &'static str)]),
    /// A parameter of the template.
    Parameter(&'static str, &'static str),
}

/// The cheapest hash that the settings allow, for lines that need many.
const CHEAP_HASH: Setup = Setup::Settings(&[
    ("passwords.argon2.memory_kib", "8192"),
    ("passwords.argon2.iterations", "1"),
]);
/// A hash that cannot be overlooked.
const COSTLY_HASH: Setup = Setup::Settings(&[
    ("passwords.argon2.memory_kib", "65536"),
    ("passwords.argon2.iterations", "8"),
]);

const PLENTY: Setup = Setup::Settings(&[
    ("limits.source_requests", "100000"),
    ("limits.address_cooldown_seconds", "1"),
]);

/// Others who are told of a change.
const OTHERS: Setup = Setup::Settings(&[("users.notice_emails_attribute", "\"contacts\"")]);
const SESSIONS: Setup = Setup::Settings(&[("users.sessions", SessionsTable::PARTITION)]);
/// A lock that a reset removes, and what it sets.
const ON_RESET: Setup = Setup::Settings(&[(
    "users.on_reset",
    r#"{
        "set": { "email_verified": true, "password_changed_at": "{now}" },
        "remove": ["locked_until"]
    }"#,
)]);
/// A bus for events.
const BUS: Setup = Setup::Parameter("EventBusName", "company");

macro_rules! lines {
    ($($number:literal, $reach:ident, $title:literal, $attack:path $(, $setup:ident)?;)*) => {
        [$(Line {
            number: $number,
            title: $title,
            reach: Reach::$reach,
            setup: [$($setup)?].first().copied(),
            attack: |target| Box::pin($attack(target)),
        }),*]
    };
}

/// Every line, in order.
pub const LINES: [Line; 42] = lines! {
    1, Http, "Host poisoning", whose_mail::host;
    2, Http, "Scheme poisoning", whose_mail::scheme;
    3, Http, "Several addresses in one", whose_mail::several_addresses;
    4, Http, "Recipient from the request", whose_mail::recipient;
    5, Http, "Look-alike addresses", whose_mail::look_alikes;
    6, Http, "Redirects off the list", whose_mail::redirects;
    7, Http, "Injection into the mail", whose_mail::injection;
    8, Http, "Telling accounts by answer and time", who_exists::answers_and_times, PLENTY;
    9, Http, "Limits for accounts alone", who_exists::limits;
    10, Http, "Telling accounts by errors", who_exists::errors;
    11, Http, "Type confusion", token::types;
    12, Http, "Fifty confirmations at once", token_races::reuse_race, CHEAP_HASH;
    13, Http, "Reuse after success or change", token::reuse;
    14, Http, "Skipped and mixed steps", token::mixing;
    15, InProcess, "Rows that outlive their TTL", token::expired_rows;
    16, InProcess, "Account changed after issue", token::changed_accounts;
    17, Http, "Guessing codes", token_races::guessing, CHEAP_HASH;
    18, Http, "Scanners that follow links", token::scanners;
    19, Http, "Failing half way", token_races::half_way;
    20, InProcess, "Secrets in logs", token::logs;
    21, Http, "Token in the Referer", browser::referer;
    22, Http, "Mail bombing", load::mail_bombing;
    23, Http, "Locking the owner out", load::lock_out;
    24, InProcess, "The hash as a weapon", load::hash_cost, COSTLY_HASH;
    25, Http, "Huge bodies", load::huge_bodies;
    26, InProcess, "Records that come twice", load::duplicates;
    27, InProcess, "Passwords beyond byte 72", passwords::beyond_byte_72;
    28, InProcess, "Surviving sessions", passwords::sessions;
    29, Http, "Frames, caches, sniffing", browser::headers;
    30, Http, "Foreign origins", browser::origins;
    31, Http, "Forms of other sites", forms::foreign_forms;
    32, Http, "Bytes that are not UTF-8", forms::broken_bytes;
    33, InProcess, "Domains by their case", forms::cases_of_domains;
    34, InProcess, "The estimate as a weapon", accounts::estimates;
    35, InProcess, "Dead links that come back", accounts::resurrections;
    36, Http, "Links that outlive cancelling", accounts::cancelling;
    37, InProcess, "Accounts that differ in case", accounts::twins;
    38, InProcess, "Values that operators paste", operators::values;
    39, InProcess, "Warnings led astray", changes::warnings, OTHERS;
    40, InProcess, "Sessions in a table of their own", changes::sessions, SESSIONS;
    41, InProcess, "Locks removed without a proof", changes::writes, ON_RESET;
    42, InProcess, "What a bus tells and takes", changes::events, BUS;
};
