//! The whole outward contract: what the use cases need of the world.
//!
//! One small trait per capability. Absence is an `Option`, a refused condition is an outcome of the
//! method that may meet it, and [`StoreError`] is left for what went wrong, so that an outage can
//! never be mistaken for an answer.

mod clock;
mod deliveries;
mod errors;
mod known_passwords;
mod limits;
mod mail;
mod recorder;
mod records;
mod requests;
mod secrets;
mod sessions;
mod users;

pub use clock::{Clock, Sleep};
pub use deliveries::{FailureLog, MailReports, Notices, ReportOutcome};
pub use errors::{
    ComposeError, HashError, KnownPasswordsError, MailError, RandomError, StoreError,
};
pub use known_passwords::KnownPasswords;
pub use limits::{
    MailCapCounter, MailCapDecision, MailPriority, MailSlot, SourceDecision, SourceLimiter,
};
pub use mail::{ChangedMail, ExternalSignInMail, MailComposer, Mailer, OutgoingMail, ResetMail};
pub use recorder::{Measurement, Recorder, measure, record, set_recorder};
pub use records::{
    CodeTries, RejectionLog, Reservation, ResetRecordStore, ResetRecords, Revocations,
    SAVE_ATTEMPTS, SaveOutcome,
};
pub use requests::{Acceptance, RequestOutbox};
pub use secrets::{CodeHasher, Entropy, PasswordHasher};
pub use sessions::{EndedPage, EndedSessions, Sessions};
pub use users::{CommitOutcome, PasswordChange, PasswordChanges, SpentSecret, UserDirectory};
