//! Whether what stands in the stream, the tables, the logs and the mailbox tells one story.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use local_stack::ses::Mail;
use serde_json::Value;

use super::RESET;
use super::actors::{Plan, Transcript};
use super::fault_schedule::{recipient, subject};
use super::inbox::Inbox;
use super::jobs::{self, Job, Kind};
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

/// The log's words for a job's end.
const ENDS: [(&str, Outcome); 4] = [
    ("mail-sent", Outcome::Delivered),
    ("mail-skipped", Outcome::NobodyToMail),
    ("mail-rejected", Outcome::Rejected),
    ("mail-parked", Outcome::Rejected),
];
/// The most jobs that the worker gets at once, as `template.yaml` says.
const MAX_BATCH: usize = 100;

/// What was found.
#[derive(Debug, Default)]
pub struct Audit {
    /// People who took part.
    pub people: usize,
    /// Passwords that were changed.
    pub changes: usize,
    /// Mails that came.
    pub mails: usize,
    /// Mails that SES took without the worker hearing of it, so that another may have come.
    pub copies: usize,
    /// Jobs that were given up when they had ended: dead letters of nothing.
    pub late: usize,
    /// How many jobs ended how.
    pub outcomes: BTreeMap<Outcome, usize>,
    /// What contradicts something else; it should be empty.
    pub contradictions: Vec<String>,
}

/// The places that must agree.
struct Evidence<'a> {
    app: &'a TestApp,
    transcripts: &'a [Transcript],
    jobs: Vec<Job>,
    /// The log lines about each job, by its name, each with its place in the whole log.
    lines: HashMap<String, Vec<(usize, Value)>>,
    /// The names of the jobs that were given up.
    dead: BTreeSet<String>,
    mails: Vec<Mail>,
    lost: Vec<LostResponse>,
    records: Vec<Item>,
    notices: Vec<Item>,
}

/// A mail that SES took, while its answer never reached the worker.
#[derive(Debug)]
struct LostResponse {
    id: String,
    email: String,
    kind: Kind,
}

impl LostResponse {
    fn of(lost: &crate::aws_proxy::LostResponse) -> Option<Self> {
        let call = &lost.call;
        if call.operation != "SendEmail" {
            return None;
        }
        let answer: Value = serde_json::from_slice(&lost.body).ok()?;
        let kinds = [Kind::Request, Kind::Notice];
        let about = subject(call);
        Some(Self {
            id: answer["MessageId"].as_str()?.to_owned(),
            email: recipient(call),
            kind: kinds.into_iter().find(|it| about.contains(it.subject()))?,
        })
    }
}

impl Audit {
    /// Audits what `transcripts` have left behind.
    pub(super) async fn of(app: &TestApp, inbox: &Inbox, transcripts: &[Transcript]) -> Self {
        let evidence = Evidence::gather(app, inbox, transcripts).await;
        let mut audit = Self {
            people: transcripts.len(),
            changes: transcripts.iter().map(Transcript::changes).sum(),
            mails: evidence.mails.len(),
            ..Self::default()
        };
        audit.check_jobs(&evidence);
        audit.check_mails(&evidence);
        audit.check_failures(&evidence).await;
        for transcript in transcripts {
            audit.check_outbox(&evidence, transcript);
            audit.check_links(&evidence, transcript).await;
            if transcript.plan.has_account() {
                audit.check_account(&evidence, transcript).await;
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
    fn check_jobs(&mut self, evidence: &Evidence<'_>) {
        for job in &evidence.jobs {
            let outcomes = evidence.outcomes(job);
            self.expect(outcomes.len() == 1, || {
                format!("{job:?}: {outcomes:?}, by {:?}", evidence.events(job))
            });
            self.late += usize::from(evidence.had_ended_behind_another(job));
            for outcome in outcomes {
                *self.outcomes.entry(outcome).or_default() += 1;
                let fits = outcome == Outcome::DeadLettered || outcome == evidence.fitting(job);
                self.expect(fits, || format!("{job:?}: {outcome:?}"));
            }
        }
    }

    /// Every mail is the one that its job's log names, or one of which nobody heard that SES took it.
    fn check_mails(&mut self, evidence: &Evidence<'_>) {
        let mut known = BTreeMap::new();
        for job in &evidence.jobs {
            for line in evidence.lines_of(job, "mail-sent") {
                let id = line["message_id"].as_str().unwrap_or_default();
                let before = known.insert(id, (&job.email, job.kind));
                self.expect(before.is_none(), || format!("{id} is of two jobs: {job:?}"));
            }
        }
        for lost in &evidence.lost {
            let LostResponse { id, email, kind } = lost;
            let before = known.insert(id, (email, *kind));
            self.expect(before.is_none(), || format!("heard of after all: {lost:?}"));
        }
        self.copies = evidence.lost.len();
        self.check_lost_responses(evidence);
        for mail in &evidence.mails {
            let fits = known.remove(mail.message_id.as_str());
            let fits = fits.is_some_and(|(email, kind)| {
                mail.to == [email.as_str()] && mail.subject.contains(kind.subject())
            });
            self.expect(fits, || {
                let Mail { message_id, to, .. } = mail;
                format!("a mail that nobody knows of: {message_id} to {to:?}")
            });
        }
        self.expect(known.is_empty(), || format!("never came: {known:?}"));
    }

    /// A worker that did not hear of a mail has said so, and has tried again.
    fn check_lost_responses(&mut self, evidence: &Evidence<'_>) {
        let mut count = BTreeMap::<_, usize>::new();
        for lost in &evidence.lost {
            *count.entry((&lost.email, lost.kind)).or_default() += 1;
        }
        for ((email, kind), lost) in count {
            let jobs = evidence.jobs.iter();
            let jobs = jobs.filter(|job| job.email == *email && job.kind == kind);
            let deferred = jobs.flat_map(|job| evidence.lines_of(job, "mail-deferred"));
            let deferred = deferred.count();
            self.expect(lost <= deferred, || {
                format!("{email}: {lost} lost answers, and {deferred} deferred")
            });
        }
    }

    /// What was given up was told, and nothing failed in ways that nobody foresaw.
    async fn check_failures(&mut self, evidence: &Evidence<'_>) {
        let lines = evidence.app.poller_lines();
        let (given_up, failures): (Vec<_>, Vec<_>) = lines
            .iter()
            .partition(|line| line.contains("were given up"));
        let told: usize = given_up.iter().filter_map(|line| number_in(line)).sum();
        let letters = evidence.app.given_up().await;
        let dead: usize = letters.iter().map(Vec::len).sum();
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
        let lines = evidence.lines.values().flatten().map(|(_, line)| line);
        for line in lines.filter(|line| line["event"] == "mail-parked") {
            self.expect(line["level"] == "ERROR", || {
                format!("does not fire: {line}")
            });
        }
    }

    /// A person who was told that the request was accepted has a job for it.
    fn check_outbox(&mut self, evidence: &Evidence<'_>, transcript: &Transcript) {
        let requests = evidence.jobs_of(transcript, Kind::Request).count();
        let some = transcript.accepted == 0 || requests >= 1;
        self.expect(some && requests <= transcript.asked, || {
            format!("{requests} requests in the outbox: {transcript:?}")
        });
        let notices = evidence.jobs_of(transcript, Kind::Notice).count();
        self.expect(notices == transcript.changes(), || {
            format!("{notices} notices: {transcript:?}")
        });
    }

    /// Every mailed link works, unless it came before something that kills all links.
    async fn check_links(&mut self, evidence: &Evidence<'_>, transcript: &Transcript) {
        let killed = transcript.ends.iter().map(|end| end.mails).max();
        for (place, mail) in evidence.mails_to(&transcript.email, RESET).enumerate() {
            let answer = evidence.app.verify_link(&token_in(mail)).await;
            let fits = match (answer.status(), killed) {
                // One that was on its way then may have been made before or after.
                (200, Some(killed)) => place >= killed,
                (200, None) | (400, Some(_)) => true,
                _ => false,
            };
            let status = answer.status();
            self.expect(fits, || format!("link {place} is {status}: {transcript:?}"));
        }
    }

    /// The password is the one that was last set, and was changed as often as it was set.
    async fn check_account(&mut self, evidence: &Evidence<'_>, transcript: &Transcript) {
        let user = evidence.app.user(&transcript.email).await;
        let version = user.get("credential_version");
        let version = version.and_then(|it| it.as_n().ok()?.parse().ok());
        let version: usize = version.unwrap_or_default();
        self.expect(version == transcript.changes(), || {
            format!("changed {version} times: {transcript:?}")
        });
        let last = transcript
            .ends
            .iter()
            .rev()
            .find_map(|end| end.password.as_deref());
        let password = last.unwrap_or(OLD_PASSWORD);
        let right = evidence.app.password_of(&transcript.email, password).await;
        self.expect(right, || format!("another password: {transcript:?}"));
    }
}

impl<'a> Evidence<'a> {
    async fn gather(app: &'a TestApp, inbox: &Inbox, transcripts: &'a [Transcript]) -> Self {
        let told = transcripts
            .iter()
            .map(|transcript| transcript.email.as_str());
        let told: BTreeSet<_> = told.collect();
        let mut jobs = jobs::all(app.database());
        jobs.retain(|job| told.contains(job.email.as_str()));
        let mut lines = HashMap::<String, Vec<_>>::new();
        for (place, line) in app.lambda().lines().events().into_iter().enumerate() {
            if let Some(job) = line["job"].as_str() {
                lines.entry(job.to_owned()).or_default().push((place, line));
            }
        }
        let dead = app.given_up().await;
        let dead = dead.iter().flatten();
        let mut mails = inbox.all(&app.ses);
        mails.retain(|mail| told.contains(mail.to[0].as_str()));
        let lost = app.aws.lost_responses();
        let mut lost: Vec<_> = lost.iter().filter_map(LostResponse::of).collect();
        lost.retain(|mail| told.contains(mail.email.as_str()));
        Self {
            app,
            transcripts,
            jobs,
            lines,
            dead: dead.filter_map(jobs::job_in).map(|job| job.name).collect(),
            mails,
            lost,
            records: app.items("token#").await,
            notices: app.items("notice#").await,
        }
    }

    fn lines_of(&self, job: &Job, event: &str) -> impl Iterator<Item = &Value> {
        let lines = self.lines.get(&job.name).into_iter().flatten();
        let lines = lines.map(|(_, line)| line);
        lines.filter(move |line| line["event"] == event)
    }

    /// What the log says of a job, in order.
    fn events(&self, job: &Job) -> Vec<(usize, &Value)> {
        let lines = self.lines.get(&job.name).into_iter().flatten();
        lines
            .map(|(place, line)| (*place, &line["event"]))
            .collect()
    }

    /// Where the log first says how a job ended.
    fn end(&self, job: &Job) -> Option<usize> {
        let mut events = self.events(job).into_iter();
        let end = events.find(|(_, event)| ENDS.iter().any(|(end, _)| *event == end));
        end.map(|(place, _)| place)
    }

    fn jobs_of(&self, transcript: &Transcript, kind: Kind) -> impl Iterator<Item = &Job> {
        let jobs = self.jobs.iter();
        jobs.filter(move |job| job.email == transcript.email && job.kind == kind)
    }

    fn mails_to(&self, email: &str, subject: &str) -> impl Iterator<Item = &Mail> {
        let mails = self.mails.iter();
        mails.filter(move |mail| mail.to == [email] && mail.subject.contains(subject))
    }

    /// All the ways in which a job has ended.
    fn outcomes(&self, job: &Job) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for (event, outcome) in ENDS {
            outcomes.extend(self.lines_of(job, event).map(|_| outcome));
        }
        if self.is_dead(job) && !self.had_ended_behind_another(job) {
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

    fn is_dead(&self, job: &Job) -> bool {
        self.dead.contains(&job.name)
    }

    /// Whether a job was only given up after it had ended.
    ///
    /// All jobs of a batch are done together. When one fails, the stream brings once more what was
    /// done behind it, and in the end may give up all of that by its age. So there must be a job in
    /// front, no further than a batch goes, that had not ended by then. And the end must be on
    /// record, because a person who sends the dead letter again is to mail nobody twice.
    fn had_ended_behind_another(&self, job: &Job) -> bool {
        let Some(end) = self.end(job) else {
            return false;
        };
        let place = self.jobs.iter().position(|other| other.name == job.name);
        let before = &self.jobs[..place.unwrap_or_default()];
        let mut before = before.iter().rev().take(MAX_BATCH - 1);
        let failed = before.any(|other| self.end(other).is_none_or(|it| it > end));
        let noted = self.state(job);
        let noted = noted.is_some_and(|state| ["sent", "skipped", "failed"].contains(&state));
        self.is_dead(job) && failed && noted
    }

    /// What the record of a job says of it.
    fn state(&self, job: &Job) -> Option<&str> {
        let text = |item: &Item, name: &str| Some(item.get(name)?.as_s().ok()?.clone());
        let delivery = match job.kind {
            Kind::Request => {
                let records = self.records.iter();
                let mut deliveries = records.filter_map(|it| it.get("deliveries")?.as_m().ok());
                deliveries.find_map(|it| it.get(&job.name))?
            }
            Kind::Notice => {
                let key = format!("notice#{}", job.name);
                let mut notices = self.notices.iter();
                let notice = notices.find(|it| text(it, "pk").as_ref() == Some(&key))?;
                notice.get("delivery")?
            }
        };
        Some(delivery.as_m().ok()?["state"].as_s().ok()?)
    }

    fn plan(&self, job: &Job) -> Option<Plan> {
        let mut transcripts = self.transcripts.iter();
        let transcript = transcripts.find(|transcript| transcript.email == job.email)?;
        Some(transcript.plan)
    }

    /// How a job about this address has to end when the stream does not give it up.
    fn fitting(&self, job: &Job) -> Outcome {
        match self.plan(job) {
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
            late,
            outcomes,
            ..
        } = self;
        write!(
            f,
            "{people} people, {changes} passwords changed, {mails} mails, of which at most {copies} \
             came twice; jobs: {outcomes:?}, of which {late} were given up when they had ended"
        )
    }
}
