//! The attacks that reset flows have fallen to, each as something that can be run.
//!
//! A line says what it sends and what it sees, and judges. It knows its [`Target`] by HTTP and an
//! inbox alone, so that the same line runs against the service in this process, against the local
//! stack and against somebody's own deployment. Lines that need more (time, the tables, the worker)
//! run in this process only, and say so.

mod accounts;
mod browser;
mod forms;
mod load;
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

pub use received_mail::ReceivedMail;
pub use remote::{Remote, RemoteSettings};
pub use report::{NotRun, Report, Trial, TrialResult, Verdict, table};
pub use target::{Lab, Target};

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
    /// Its number.
    pub number: u8,
    /// What it tries.
    pub title: &'static str,
    /// Where it can be run.
    pub reach: Reach,
    /// Settings that it needs in this process.
    pub settings: &'static [(&'static str, u32)],
    attack: for<'a> fn(&'a Target) -> Attempt<'a>,
}

impl Line {
    const fn http(
        number: u8,
        title: &'static str,
        attack: for<'a> fn(&'a Target) -> Attempt<'a>,
    ) -> Self {
        Self {
            number,
            title,
            reach: Reach::Http,
            settings: &[],
            attack,
        }
    }

    const fn in_process(
        number: u8,
        title: &'static str,
        attack: for<'a> fn(&'a Target) -> Attempt<'a>,
    ) -> Self {
        Self {
            reach: Reach::InProcess,
            ..Self::http(number, title, attack)
        }
    }

    const fn with(self, settings: &'static [(&'static str, u32)]) -> Self {
        Self { settings, ..self }
    }

    /// Runs the line.
    pub async fn run(&self, target: &Target) -> Report {
        let reachable = self.reach == Reach::Http || target.lab().is_some();
        let tried = if reachable {
            (self.attack)(target).await
        } else {
            Err(NotRun::out_of_reach())
        };
        Report::of(self, tried)
    }
}

/// The cheapest hash that the settings allow, for lines that need many.
const CHEAP_HASH: &[(&str, u32)] = &[
    ("passwords.argon2.memory_kib", 8192),
    ("passwords.argon2.iterations", 1),
];
/// A hash that cannot be overlooked.
const COSTLY_HASH: &[(&str, u32)] = &[
    ("passwords.argon2.memory_kib", 65_536),
    ("passwords.argon2.iterations", 8),
];

/// Every line, in order.
pub const LINES: [Line; 37] = [
    Line::http(1, "Host poisoning", |it| Box::pin(whose_mail::host(it))),
    Line::http(2, "Scheme poisoning", |it| Box::pin(whose_mail::scheme(it))),
    Line::http(3, "Several addresses in one", |it| {
        Box::pin(whose_mail::several_addresses(it))
    }),
    Line::http(4, "Recipient from the request", |it| {
        Box::pin(whose_mail::recipient(it))
    }),
    Line::http(5, "Look-alike addresses", |it| {
        Box::pin(whose_mail::look_alikes(it))
    }),
    Line::http(6, "Redirects off the list", |it| {
        Box::pin(whose_mail::redirects(it))
    }),
    Line::http(7, "Injection into the mail", |it| {
        Box::pin(whose_mail::injection(it))
    }),
    Line::http(8, "Telling accounts by answer and time", |it| {
        Box::pin(who_exists::answers_and_times(it))
    })
    .with(&[
        ("limits.source_requests", 100_000),
        ("limits.address_cooldown_seconds", 1),
    ]),
    Line::http(9, "Limits for accounts alone", |it| {
        Box::pin(who_exists::limits(it))
    }),
    Line::http(10, "Telling accounts by errors", |it| {
        Box::pin(who_exists::errors(it))
    }),
    Line::http(11, "Type confusion", |it| Box::pin(token::types(it))),
    Line::http(12, "Fifty confirmations at once", |it| {
        Box::pin(token_races::reuse_race(it))
    })
    .with(CHEAP_HASH),
    Line::http(13, "Reuse after success or change", |it| {
        Box::pin(token::reuse(it))
    }),
    Line::http(14, "Skipped and mixed steps", |it| {
        Box::pin(token::mixing(it))
    }),
    Line::in_process(15, "Rows that outlive their TTL", |it| {
        Box::pin(token::expired_rows(it))
    }),
    Line::in_process(16, "Account changed after issue", |it| {
        Box::pin(token::changed_accounts(it))
    }),
    Line::http(17, "Guessing codes", |it| {
        Box::pin(token_races::guessing(it))
    })
    .with(CHEAP_HASH),
    Line::http(18, "Scanners that follow links", |it| {
        Box::pin(token::scanners(it))
    }),
    Line::http(19, "Failing half way", |it| {
        Box::pin(token_races::half_way(it))
    }),
    Line::in_process(20, "Secrets in logs", |it| Box::pin(token::logs(it))),
    Line::http(21, "Token in the Referer", |it| {
        Box::pin(browser::referer(it))
    }),
    Line::http(22, "Mail bombing", |it| Box::pin(load::mail_bombing(it))),
    Line::http(23, "Locking the owner out", |it| {
        Box::pin(load::lock_out(it))
    }),
    Line::in_process(24, "The hash as a weapon", |it| {
        Box::pin(load::hash_cost(it))
    })
    .with(COSTLY_HASH),
    Line::http(25, "Huge bodies", |it| Box::pin(load::huge_bodies(it))),
    Line::in_process(26, "Records that come twice", |it| {
        Box::pin(load::duplicates(it))
    }),
    Line::in_process(27, "Passwords beyond byte 72", |it| {
        Box::pin(passwords::beyond_byte_72(it))
    }),
    Line::in_process(28, "Surviving sessions", |it| {
        Box::pin(passwords::sessions(it))
    }),
    Line::http(29, "Frames, caches, sniffing", |it| {
        Box::pin(browser::headers(it))
    }),
    Line::http(30, "Foreign origins", |it| Box::pin(browser::origins(it))),
    Line::http(31, "Forms of other sites", |it| {
        Box::pin(forms::foreign_forms(it))
    }),
    Line::http(32, "Bytes that are not UTF-8", |it| {
        Box::pin(forms::broken_bytes(it))
    }),
    Line::in_process(33, "Domains by their case", |it| {
        Box::pin(forms::cases_of_domains(it))
    }),
    Line::in_process(34, "The estimate as a weapon", |it| {
        Box::pin(accounts::estimates(it))
    }),
    Line::in_process(35, "Dead links that come back", |it| {
        Box::pin(accounts::resurrections(it))
    }),
    Line::http(36, "Links that outlive cancelling", |it| {
        Box::pin(accounts::cancelling(it))
    }),
    Line::in_process(37, "Accounts that differ in case", |it| {
        Box::pin(accounts::twins(it))
    }),
];
