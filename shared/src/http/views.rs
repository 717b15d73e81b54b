use crate::domain::{EmailAddress, IdempotencyKey, Limits, PasswordPolicy};
use crate::use_cases::{Proof, VerifiedProof};

/// What frontends need to know beforehand.
pub(super) struct SettingsView {
    pub(super) reset_enabled: bool,
    pub(super) policy: PasswordPolicy,
}

/// The answer to a request that was accepted.
pub(super) struct AcceptedView<'a> {
    /// The address that was submitted, known or not; `None` for text that is no address.
    pub(super) email: Option<&'a EmailAddress>,
    pub(super) limits: &'a Limits,
}

/// The answer about a link or code that is alive.
pub(super) struct VerifiedView<'a> {
    pub(super) verified: &'a VerifiedProof,
    /// What it was found by.
    pub(super) proof: &'a Proof,
    /// What a form may carry, so that it can be sent twice.
    pub(super) key: &'a IdempotencyKey,
}
