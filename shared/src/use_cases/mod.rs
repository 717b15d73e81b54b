//! What the service does, written against the ports alone.
//!
//! The bounds of a use case, or the trait beside it, name what it may do to the world: what they leave
//! out, it cannot call.

mod cancel_reset;
mod code_check;
mod confirm_reset;
mod proof;
mod record_report;
mod request_reset;
mod verify_token;

pub use cancel_reset::{CancelReset, Cancelled};
pub use confirm_reset::{
    ConfirmError, ConfirmPorts, ConfirmRequest, ConfirmReset, PasswordChanged,
};
pub use proof::{Proof, ProofError, VerifiedProof};
pub use record_report::{RecordReport, ReportError};
pub use request_reset::{RequestOutcome, RequestReset};
pub use verify_token::{VerifyPorts, VerifyToken};
