use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Mail;

/// The most mails that are kept.
const MAX_MAILS: usize = 1_000;

/// The accepted mails.
#[derive(Debug, Default)]
pub(super) struct Store(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    mails: VecDeque<Mail>,
    accepted: u64,
}

impl Store {
    /// A panic elsewhere leaves the state whole: every change of it is a single step.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps `mail`, drops the oldest one beyond the bound, and gives its id.
    pub(super) fn accept(&self, mut mail: Mail, at: u64) -> String {
        let mut state = self.lock();
        state.accepted += 1;
        mail.at = at;
        mail.message_id = format!("local-{at:x}-{:06}", state.accepted);
        let id = mail.message_id.clone();
        state.mails.push_back(mail);
        if state.mails.len() > MAX_MAILS {
            state.mails.pop_front();
        }
        id
    }

    pub(super) fn mails(&self) -> Vec<Mail> {
        self.lock().mails.iter().cloned().collect()
    }

    pub(super) fn take_mails(&self) -> Vec<Mail> {
        std::mem::take(&mut self.lock().mails).into()
    }

    pub(super) fn clear(&self) {
        self.take_mails();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_mails_go_when_there_are_too_many() {
        let store = Store::default();
        for _ in 0..=MAX_MAILS {
            store.accept(Mail::default(), 0);
        }
        let mails = store.mails();
        assert_eq!(mails.len(), MAX_MAILS);
        assert_eq!(mails[0].message_id, "local-0-000002");
    }
}
