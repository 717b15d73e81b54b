use super::errors::StoreError;
use crate::domain::{AppId, Timestamp, UserKey};

/// How many sessions were ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EndedSessions {
    /// All of them.
    pub ended: u32,
    /// Those among them that do not say in a known form when they began.
    pub undated: u32,
}

/// What became of one page of a user's sessions.
#[derive(Debug)]
pub struct EndedPage<P> {
    /// Those that were ended.
    pub ended: EndedSessions,
    /// Where the next page begins, unless this is the last one.
    pub next: Option<P>,
}

/// The sessions of users, where they stand in a table of their own.
pub trait Sessions: Send + Sync {
    /// Where a page begins.
    type PageStart: Send + Sync;

    /// Whether the sessions of an app's users stand in such a table.
    fn are_stored(&self, app: &AppId) -> bool;

    /// Ends those of a page of a user's sessions that began in the second of `changed_at` or before,
    /// or do not say when; `from` is where the page begins, the first page without it. Each deletion
    /// has the condition that the session is still that user's and began when it was read to have.
    fn end_page(
        &self,
        app: &AppId,
        user: &UserKey,
        changed_at: Timestamp,
        from: Option<&Self::PageStart>,
    ) -> impl Future<Output = Result<EndedPage<Self::PageStart>, StoreError>> + Send;
}
