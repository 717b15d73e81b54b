//! Whether what stands in the stream, the tables, the logs and the mailbox tells one story.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use local_stack::ses::Mail;
use serde_json::Value;

use super::inbox::Inbox;
use super::jobs::{self, Job, Kind};
use super::people::{Plan, Story};
use super::weather::{recipient, subject};
use super::{CHANGED, RESET};
use crate::TestApp;
use crate::app::{Item, OLD_PASSWORD};
use crate::mailbox::token_in;

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// SES took the mail.
    Delivered,
    /// The address has no account, or one that is switched off.
    NobodyToMail,
    /// SES rejected the recipient, or the mail until it was parked.
    Rejected,
    /// The stream gave it up.
    DeadLettered,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Audit {
    /// People who took part.
    pub people: usize,
    /// Passwords that were changed.
    pub changes: usize,
    /// Mails that came.
    pub mails: usize,
    /// Mails that came once more because nobody could know of the first.
    pub copies: usize,
    /// How many jobs ended how.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// What contradicts something else; it should be empty.
    pub contradictions: Vec<String>,
}

/// The places that must agree.
struct Evidence<'a> {
    app: &'a TestApp,
    stories: &'a [Story],
    jobs: Vec<Job>,
    /// The log lines about each job, by its name.
    lines: HashMap<String, Vec<Value>>,
    /// The names of the jobs that were given up.
    dead: BTreeSet<String>,
    mails: Vec<Mail>,
    records: Vec<Item>,
}

impl Audit {
    /// Audits what `stories` have left behind.
    pub(super) async fn of(app: &TestApp, inbox: &Inbox, stories: &[Story]) -> Self {
        let evidence = Evidence::gather(app, inbox, stories).await;
        let mut audit = Self {
            people: stories.len(),
            changes: stories.iter().map(Story::changes).sum(),
            mails: evidence.mails.len(),
            ..Self::default()
        };
        audit.look_at_jobs(&evidence);
        audit.look_at_mails(&evidence);
        audit.look_at_failures(&evidence).await;
        for story in stories {
            audit.look_at_outbox(&evidence, story);
            audit.look_at_links(&evidence, story).await;
            if story.plan.has_account() {
                audit.look_at_account(&evidence, story).await;
            }
        }
        audit
    }

    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.contradictions.push(otherwise());
        }
    }

    /// Every job ended in exactly one way, and in one that fits whom it is about.
    fn look_at_jobs(&mut self, evidence: &Evidence<'_>) {
        for job in &evidence.jobs {
            let outcomes = evidence.outcomes(job);
            self.expect(outcomes.len() == 1, || format!("{job:?}: {outcomes:?}"));
            for outcome in outcomes {
                *self.outcomes.entry(outcome).or_default() += 1;
                let fits = outcome == Outcome::DeadLettered || outcome == evidence.fitting(job);
                self.expect(fits, || format!("{job:?}: {outcome:?}"));
            }
        }
    }

    /// Every mail is the one of its job, or a copy after an outcome that nobody could know.
    fn look_at_mails(&mut self, evidence: &Evidence<'_>) {
        let mut expected = BTreeMap::<_, usize>::new();
        let mut ids = BTreeSet::new();
        for job in &evidence.jobs {
            for line in evidence.lines_of(job, "mail-sent") {
                ids.insert(line["message_id"].as_str().unwrap_or_default().to_owned());
                let subject = match job.kind {
                    Kind::Request => RESET,
                    Kind::Notice => CHANGED,
                };
                *expected.entry((job.email.clone(), subject)).or_default() += 1;
            }
        }
        for (call, fault) in evidence.app.aws.met() {
            if call.operation == "SendEmail" && fault.is_ambiguous() {
                let kind = if subject(&call).contains(CHANGED) {
                    CHANGED
                } else {
                    RESET
                };
                *expected.entry((recipient(&call), kind)).or_default() += 1;
                self.copies += 1;
            }
        }
        for ((email, subject), count) in &expected {
            let came = evidence.mails_to(email, subject).count();
            self.expect(came == *count, || {
                format!("{email}: {came} mails with {subject:?}, not {count}")
            });
        }
        let all = expected.values().sum::<usize>();
        let came = evidence.mails.len();
        self.expect(came == all, || format!("{came} mails came, and not {all}"));
        let there = evidence.mails.iter().map(|mail| mail.message_id.clone());
        let there = there.collect::<BTreeSet<_>>();
        let missing = ids.difference(&there).collect::<Vec<_>>();
        self.expect(missing.is_empty(), || format!("never came: {missing:?}"));
    }

    /// What was given up was told, and nothing failed in ways that nobody foresaw.
    async fn look_at_failures(&mut self, evidence: &Evidence<'_>) {
        let lines = evidence.app.pump_lines();
        let (given_up, failures): (Vec<_>, Vec<_>) = lines
            .iter()
            .partition(|line| line.contains("were given up"));
        let told: usize = given_up.iter().filter_map(|line| number_in(line)).sum();
        let letters = evidence.app.given_up().await;
        let dead: usize = letters.iter().map(|letter| letter.records.len()).sum();
        self.expect(told == dead, || format!("{told} told of {dead} given up"));
        self.expect(
            given_up
                .iter()
                .all(|line| line.ends_with("went to the failure destination")),
            || format!("lost: {given_up:?}"),
        );
        for line in failures {
            let reported = line.ends_with("are to be retried");
            self.expect(reported, || format!("the worker failed: {line}"));
        }
        let parked = evidence.lines.values().flatten();
        for line in parked.filter(|line| line["event"] == "mail-parked") {
            self.expect(line["level"] == "ERROR", || {
                format!("does not ring: {line}")
            });
        }
    }

    /// Whoever was told that the request was accepted has a job for it.
    fn look_at_outbox(&mut self, evidence: &Evidence<'_>, story: &Story) {
        let requests = evidence.jobs_of(story, Kind::Request).count();
        let some = story.accepted == 0 || requests >= 1;
        self.expect(some && requests <= story.asked, || {
            format!("{requests} requests in the outbox: {story:?}")
        });
        let notices = evidence.jobs_of(story, Kind::Notice).count();
        self.expect(notices == story.changes(), || {
            format!("{notices} notices: {story:?}")
        });
    }

    /// Every mailed link works, unless it came before something that kills all links.
    async fn look_at_links(&mut self, evidence: &Evidence<'_>, story: &Story) {
        let killed = story.ends.iter().map(|end| end.mails).max();
        for (place, mail) in evidence.mails_to(&story.email, RESET).enumerate() {
            let answer = evidence.app.verify_link(&token_in(mail)).await;
            let fits = match (answer.status(), killed) {
                // One that was on its way then may have been made before or after.
                (200, Some(killed)) => place >= killed,
                (200, None) | (400, Some(_)) => true,
                _ => false,
            };
            let status = answer.status();
            self.expect(fits, || format!("link {place} is {status}: {story:?}"));
        }
    }

    /// The password is the one that was last set, and was changed as often as it was set.
    async fn look_at_account(&mut self, evidence: &Evidence<'_>, story: &Story) {
        let user = evidence.app.user(&story.email).await;
        let version = user.get("credential_version");
        let version = version.and_then(|it| it.as_n().ok()?.parse().ok());
        let version: usize = version.unwrap_or_default();
        self.expect(version == story.changes(), || {
            format!("changed {version} times: {story:?}")
        });
        let last = story
            .ends
            .iter()
            .rev()
            .find_map(|end| end.password.as_deref());
        let password = last.unwrap_or(OLD_PASSWORD);
        let right = evidence.app.password_of(&story.email, password).await;
        self.expect(right, || format!("another password: {story:?}"));
    }
}

impl<'a> Evidence<'a> {
    async fn gather(app: &'a TestApp, inbox: &Inbox, stories: &'a [Story]) -> Self {
        let told = stories.iter().map(|story| story.email.as_str());
        let told: BTreeSet<_> = told.collect();
        let mut jobs = jobs::all(app.database());
        jobs.retain(|job| told.contains(job.email.as_str()));
        let mut lines = HashMap::<String, Vec<Value>>::new();
        for line in app.lambda().lines().events() {
            if let Some(job) = line["job"].as_str() {
                lines.entry(job.to_owned()).or_default().push(line);
            }
        }
        let dead = app.given_up().await;
        let dead = dead.iter().flat_map(|letter| &letter.records);
        let mut mails = inbox.all(&app.ses);
        mails.retain(|mail| told.contains(mail.to[0].as_str()));
        Self {
            app,
            stories,
            jobs,
            lines,
            dead: dead.filter_map(jobs::job_in).map(|job| job.name).collect(),
            mails,
            records: app.items("token#").await,
        }
    }

    fn lines_of(&self, job: &Job, event: &str) -> impl Iterator<Item = &Value> {
        let lines = self.lines.get(&job.name).into_iter().flatten();
        lines.filter(move |line| line["event"] == event)
    }

    fn jobs_of(&self, story: &Story, kind: Kind) -> impl Iterator<Item = &Job> {
        let jobs = self.jobs.iter();
        jobs.filter(move |job| job.email == story.email && job.kind == kind)
    }

    fn mails_to(&self, email: &str, subject: &str) -> impl Iterator<Item = &Mail> {
        let mails = self.mails.iter();
        mails.filter(move |mail| mail.to == [email] && mail.subject.contains(subject))
    }

    /// All the ways in which a job has ended.
    fn outcomes(&self, job: &Job) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for (event, outcome) in [
            ("mail-sent", Outcome::Delivered),
            ("mail-skipped", Outcome::NobodyToMail),
            ("mail-rejected", Outcome::Rejected),
            ("mail-parked", Outcome::Rejected),
        ] {
            outcomes.extend(self.lines_of(job, event).map(|_| outcome));
        }
        if self.dead.contains(&job.name) {
            outcomes.push(Outcome::DeadLettered);
        }
        // When the answer to the write that ends such a job is lost, the next try of that write
        // finds that it was done, and says so.
        if outcomes.is_empty()
            && self.lines_of(job, "mail-duplicate").next().is_some()
            && self.state(job).is_some_and(|state| state == "skipped")
        {
            outcomes.push(Outcome::NobodyToMail);
        }
        outcomes
    }

    /// What the address's record says of a request.
    fn state(&self, job: &Job) -> Option<&str> {
        let of_job = |record: &&Item| {
            let email = record.get("email").and_then(|email| email.as_s().ok());
            email == Some(&job.email)
        };
        let record = self.records.iter().find(of_job)?;
        let delivery = record["deliveries"].as_m().ok()?.get(&job.name)?;
        Some(delivery.as_m().ok()?["state"].as_s().ok()?)
    }

    /// How a job about this address has to end when the stream does not give it up.
    fn fitting(&self, job: &Job) -> Outcome {
        let story = self.stories.iter().find(|story| story.email == job.email);
        match story.map(|story| story.plan) {
            Some(Plan::Unknown | Plan::Disabled) => Outcome::NobodyToMail,
            Some(Plan::Rejected | Plan::Refused) => Outcome::Rejected,
            _ => Outcome::Delivered,
        }
    }
}

/// The first number in a line.
fn number_in(line: &str) -> Option<usize> {
    line.split_whitespace().find_map(|word| word.parse().ok())
}

impl std::fmt::Display for Audit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            people,
            changes,
            mails,
            copies,
            outcomes,
            ..
        } = self;
        write!(
            f,
            "{people} people, {changes} passwords changed, {mails} mails, of which at most {copies} \
             came twice; jobs: {outcomes:?}"
        )
    }
}
