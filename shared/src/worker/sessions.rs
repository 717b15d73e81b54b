use std::time::Duration;

use super::failures::catch_panics;
use super::{Worker, WorkerPorts};
use crate::domain::{Job, JobTask, Notice};
use crate::ports::{
    Clock as _, EndedSessions, Notices as _, Sessions as _, Sleep as _, StoreError,
};

/// Failures that a run allows. After the last one the sessions are given up.
const MAX_PAGE_FAILURES: u32 = 3;
/// How long is waited after the first failure; twice as long after the next.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a run takes at most. What is being deleted then may be deleted, or not.
const TIMEOUT: Duration = Duration::from_secs(20);

impl<P: WorkerPorts> Worker<P> {
    /// Ends the sessions from before a change of the password, where they stand in a table of their
    /// own.
    ///
    /// It runs beside the mails, and whatever becomes of it is no failure of the job: a table of the
    /// team's that does not answer holds up no mail. What is given up is recorded, and tried again if the
    /// record comes again.
    pub(super) async fn end_sessions(&self, job: &Job) {
        if let Err(error) = catch_panics(self.end_and_record(job)).await {
            tracing::error!(%error, "failed to record what became of sessions");
        }
    }

    async fn end_and_record(&self, job: &Job) {
        let Some(notice) = self.change_with_sessions(job) else {
            return;
        };
        // An outage says nothing of what was done: ending them once more changes nothing.
        if matches!(self.store.sessions_are_ended(&notice.id).await, Ok(true)) {
            return;
        }
        let ending = catch_panics(self.end_all(notice));
        let ended = match self.clock.within(TIMEOUT, ending).await {
            None => Err("it takes too long".to_owned()),
            Some(Err(panic)) => Err(panic.to_string()),
            Some(Ok(ended)) => ended.map_err(|error| error.to_string()),
        };
        self.log_sessions(job, &ended);
        let recorded = self
            .store
            .record_sessions(&notice.id, &ended, self.clock.now());
        if let Err(error) = recorded.await {
            tracing::warn!(%error, "failed to record what became of sessions");
        }
    }

    /// The change that a job tells the account of, if sessions are to end by it.
    fn change_with_sessions<'j>(&self, job: &'j Job) -> Option<&'j Notice> {
        match &job.task {
            JobTask::Changed(notice) if notice.id.other().is_none() => {
                let app = self.apps.get(&notice.app)?;
                self.users.are_stored(&app.id).then_some(notice)
            }
            JobTask::Changed(_) | JobTask::Reset(_) | JobTask::Unreadable { .. } => None,
        }
    }

    async fn end_all(&self, notice: &Notice) -> Result<EndedSessions, StoreError> {
        let mut ended = EndedSessions::default();
        let mut from = None;
        let mut failures = 0;
        loop {
            let (app, user) = (&notice.app, &notice.user_key);
            let page = self
                .users
                .end_page(app, user, notice.changed_at, from.as_ref());
            match page.await {
                Ok(page) => {
                    ended.ended += page.ended.ended;
                    ended.undated += page.ended.undated;
                    from = page.next;
                    if from.is_none() {
                        return Ok(ended);
                    }
                }
                Err(error) => {
                    failures += 1;
                    if failures == MAX_PAGE_FAILURES {
                        return Err(error);
                    }
                    self.clock.sleep(PAUSE * failures).await;
                }
            }
        }
    }
}
