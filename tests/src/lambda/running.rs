use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The ids of the processes that run; clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Arc<Mutex<BTreeSet<u32>>>);

/// One of them, until this is dropped.
#[derive(Debug)]
pub(super) struct Entry {
    id: u32,
    all: Running,
}

impl Running {
    pub(super) fn enter(&self, id: u32) -> Entry {
        self.lock().insert(id);
        Entry {
            id,
            all: self.clone(),
        }
    }

    pub(super) fn all(&self) -> BTreeSet<u32> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.all.lock().remove(&self.id);
    }
}
