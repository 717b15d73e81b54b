use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use local_stack::ses::{Mail, Ses};

/// Everybody's mail. The endpoint keeps the newest thousand, so it is fetched from there.
#[derive(Default)]
pub(super) struct Inbox(Mutex<HashMap<String, Vec<Mail>>>);

impl Inbox {
    /// The mails to an address so far, oldest first, with this in their subject.
    pub(super) fn mails(&self, ses: &Ses, email: &str, subject: &str) -> Vec<Mail> {
        let boxes = self.fetch(ses);
        let mails = boxes.get(email).into_iter().flatten();
        mails
            .filter(|mail| mail.subject.contains(subject))
            .cloned()
            .collect()
    }

    pub(super) fn all(&self, ses: &Ses) -> Vec<Mail> {
        self.fetch(ses).values().flatten().cloned().collect()
    }

    /// Changes what somebody has got.
    pub(super) fn edit_mails(&self, ses: &Ses, email: &str, with: impl FnOnce(&mut Vec<Mail>)) {
        with(self.fetch(ses).entry(email.to_owned()).or_default());
    }

    fn fetch(&self, ses: &Ses) -> MutexGuard<'_, HashMap<String, Vec<Mail>>> {
        let mut boxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for mail in ses.take_mails() {
            let to = mail.to.first().cloned().unwrap_or_default();
            boxes.entry(to).or_default().push(mail);
        }
        boxes
    }
}
