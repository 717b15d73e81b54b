use thiserror::Error;

/// Why a store gave no answer. None of these says anything about what it holds.
#[derive(Debug, Error)]
pub enum StoreError {
    /// It asked us to slow down; a retry later will do.
    #[error("the store is throttling: {0}")]
    Throttled(String),
    /// Concurrent writers kept colliding for longer than the retries.
    #[error("the store reported lasting contention: {0}")]
    Contended(String),
    /// It did not answer, or answered that it cannot.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// It refuses us for good: permissions, a missing table, a wrong key.
    #[error("the store refuses this deployment: {0}")]
    Misconfigured(String),
    /// An item there cannot be understood.
    #[error("a stored item is corrupt: {0}")]
    Corrupt(String),
}

impl StoreError {
    /// Whether the same call may succeed a little later.
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Throttled(_) | Self::Contended(_) | Self::Unavailable(_) => true,
            Self::Misconfigured(_) | Self::Corrupt(_) => false,
        }
    }
}

/// Why a mail was not handed over.
#[derive(Debug, Error)]
pub enum MailError {
    /// Nothing was sent, for a reason that is not this mail's: throttling, a paused account, an
    /// unverified sender, missing permission, an outage. To be tried again.
    #[error("the mail service did not take the mail: {0}")]
    NotAccepted(String),
    /// It may or may not have been taken: the answer is missing. To be tried again.
    #[error("the mail service gave no answer: {0}")]
    Unknown(String),
    /// Nothing was sent, for something in this very mail. To be tried again, but not for ever.
    #[error("the mail service refused the mail: {0}")]
    MailRefused(String),
    /// This recipient cannot be mailed; trying again would not help.
    #[error("the mail service rejected the recipient: {0}")]
    RecipientRejected(String),
}

/// The system's source of randomness failed.
#[derive(Debug, Error)]
#[error("failed to get random bytes: {0}")]
pub struct RandomError(pub String);

/// A hash could not be computed or read.
#[derive(Debug, Error)]
pub enum HashError {
    /// There is no randomness for a salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The parameters or a stored hash do not fit.
    #[error("failed to hash: {0}")]
    Hash(String),
}

/// The known passwords could not be read: where they are, and why.
#[derive(Debug, Error)]
#[error("failed to read the known passwords of {0}")]
pub struct KnownPasswordsError(pub String);

/// A template could not be filled.
#[derive(Debug, Error)]
#[error("failed to compose a mail: {0}")]
pub struct ComposeError(pub String);
