use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, FutureExt as _, join, join_all};
use futures_util::stream::{self, StreamExt as _};

use super::failures::step;
use super::notice::NoticeDraft;
use super::outcome::{JobError, JobResult, Step};
use super::reset::ResetDraft;
use super::schedule::{RecentSends, Schedule};
use super::send::PreparedMail;
use crate::domain::{Apps, Job, JobTask, Limits, MailCap, PageUrls, Pseudonymizer, Timestamp};
use crate::ports::{
    Clock, CodeHasher, Entropy, FailureLog, MailCapCounter, MailComposer, Mailer, Notices,
    ResetRecordStore, Sessions, Sleep, UserDirectory,
};

/// How old the newest request is before anybody is looked up: an account that was made just before
/// it must be in the index. Requests know the second, and not the part of it, in which they came.
const INDEX_LAG: Duration = Duration::from_secs(2);
/// Jobs that are worked on at once while nothing is sent.
const AT_ONCE: usize = 16;

/// What the worker may do to the world.
pub trait WorkerPorts: Send + Sync {
    type Store: ResetRecordStore + Notices + FailureLog + MailCapCounter;
    type Users: UserDirectory + Sessions;
    type Mailer: Mailer;
    type Composer: MailComposer;
    /// The slow hash, for codes.
    type Hasher: CodeHasher;
    type Clock: Clock + Sleep;
    /// Randomness, for secrets.
    type Entropy: Entropy;
}

/// Turns accepted requests into reset mails, and notices into "your password was changed" mails.
pub struct Worker<P: WorkerPorts> {
    pub store: P::Store,
    pub users: P::Users,
    pub mailer: P::Mailer,
    pub composer: P::Composer,
    pub hasher: P::Hasher,
    pub clock: P::Clock,
    pub entropy: P::Entropy,
    pub apps: Apps,
    pub limits: Limits,
    pub mail_cap: MailCap,
    /// Links to the pages of this deployment.
    pub page_urls: PageUrls,
    pub pseudonymizer: Pseudonymizer,
    pub recent_sends: Mutex<RecentSends>,
}

/// A job whose record is loaded and whose secrets are generated.
pub(super) enum Draft<'j> {
    Reset(Box<ResetDraft<'j>>),
    Notice(NoticeDraft<'j>),
}

impl<P: WorkerPorts> Worker<P> {
    /// Works through a batch of jobs, in five steps, each for all of them:
    ///
    /// 1. loads their records, generates secrets and hashes codes;
    /// 2. waits until the newest request is so old that its account is in the index;
    /// 3. looks up, saves and composes, for nobody too;
    /// 4. sends, each mail at its own time, no matter who has none;
    /// 5. ends by the clock.
    ///
    /// No step's time depends on whom a job is for, so a person with mails of their own before and after
    /// another person's request learns nothing from when they arrive.
    ///
    /// It gives the place of the first job that is to come again. Jobs behind that one may be done,
    /// and are recognised when they come with it.
    pub async fn work(&self, jobs: &[Job]) -> Option<usize> {
        let drafts = self.draft_all(jobs).await;
        self.wait_for_new_accounts(jobs).await;
        let begun = self.clock.instant();
        let prepared = self.write_all(drafts).await;
        self.hasher.wipe();
        let schedule = self.schedule(begun, jobs.len());
        let concluded = self.send_all(jobs, prepared, &schedule).await;
        self.clock.sleep_until(schedule.end).await;
        concluded.iter().position(Result::is_err)
    }

    async fn draft_all<'j>(&'j self, jobs: &'j [Job]) -> Vec<Step<Draft<'j>>> {
        let drafts = jobs.iter().map(|job| step(self.draft(&job.task)));
        join_bounded(drafts.collect()).await
    }

    async fn draft<'j>(&'j self, task: &'j JobTask) -> Step<Draft<'j>> {
        match task {
            JobTask::Reset(request) => self.draft_reset(request).await.map(Draft::Reset),
            JobTask::Changed(notice) => self.draft_notice(notice).await.map(Draft::Notice),
            JobTask::Unreadable { reason, .. } => Err(JobError::Broken(reason.clone()).into()),
        }
    }

    async fn wait_for_new_accounts(&self, jobs: &[Job]) {
        if let Some(newest) = jobs.iter().filter_map(requested_at).max() {
            // If the request's clock is ahead of ours, we use ours.
            let newest = newest.min(self.clock.now());
            self.clock.sleep_until_time(newest + INDEX_LAG).await;
        }
    }

    async fn write_all<'j>(&'j self, drafts: Vec<Step<Draft<'j>>>) -> Vec<Step<PreparedMail<'j>>> {
        let prepared = drafts.into_iter().map(|draft| step(self.write(draft)));
        join_bounded(prepared.collect()).await
    }

    async fn write<'j>(&'j self, draft: Step<Draft<'j>>) -> Step<PreparedMail<'j>> {
        match draft? {
            Draft::Reset(draft) => self.write_reset(draft).await,
            Draft::Notice(draft) => self.write_notice(draft).await,
        }
    }

    fn schedule(&self, begun: Instant, jobs: usize) -> Schedule {
        let recent = self.recent_sends.lock();
        let slowest = recent.unwrap_or_else(PoisonError::into_inner).slowest();
        Schedule::new(begun, self.clock.instant(), jobs, slowest)
    }

    /// Nothing bounds how many are sent at once: a place would come free the sooner the fewer of the
    /// jobs in front have an account.
    async fn send_all(
        &self,
        jobs: &[Job],
        prepared: Vec<Step<PreparedMail<'_>>>,
        schedule: &Schedule,
    ) -> Vec<JobResult> {
        // No connection outlives the batch, so that no handshake of it speeds the next one's mails.
        let mailer = self.mailer.with_own_connections();
        let sends = jobs.iter().zip(prepared).enumerate();
        let sends = sends.map(|(place, (job, prepared))| {
            let mail = self.send_at(schedule.start(place), job, &mailer, prepared);
            let sessions = self.end_sessions(job);
            join(mail.boxed(), sessions.boxed()).map(|(concluded, ())| concluded)
        });
        join_all(sends.collect::<Vec<_>>()).await
    }

    /// Sends a job's mail at its time, and tells how the job ended.
    async fn send_at(
        &self,
        start: Instant,
        job: &Job,
        mailer: &P::Mailer,
        prepared: Step<PreparedMail<'_>>,
    ) -> JobResult {
        self.clock.sleep_until(start).await;
        let sent = match prepared {
            Ok(prepared) => step(self.send(mailer, prepared)).await,
            Err(ended) => Err(ended),
        };
        self.settle(job, sent.map_or_else(JobResult::from, Ok))
            .await
    }
}

async fn join_bounded<T>(work: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    stream::iter(work).buffered(AT_ONCE).collect().await
}

fn requested_at(job: &Job) -> Option<Timestamp> {
    match &job.task {
        JobTask::Reset(request) => Some(request.requested_at),
        JobTask::Changed(_) | JobTask::Unreadable { .. } => None,
    }
}
