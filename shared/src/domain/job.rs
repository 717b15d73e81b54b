use super::{Notice, ResetRequest};

/// One record of the outbox.
#[derive(Clone)]
pub struct Job {
    /// The key of the item that the record is about.
    pub pk: String,
    pub task: JobTask,
}

#[derive(Clone)]
pub enum JobTask {
    /// Issue a token and mail it.
    Reset(Box<ResetRequest>),
    /// Tell a person that the password was changed.
    Changed(Notice),
    Unreadable {
        /// The stream's id of the record.
        event_id: String,
        reason: String,
    },
}

impl Job {
    /// A name for the job that its retries share.
    pub fn name(&self) -> &str {
        match &self.task {
            JobTask::Reset(request) => request.id.as_str(),
            JobTask::Changed(notice) => notice.id.as_str(),
            JobTask::Unreadable { event_id, .. } => event_id,
        }
    }
}
