//! What the service does, written against the ports alone.
//!
//! A trait beside each use case names what it may do to the world, by associated types: what a trait
//! leaves out, its use case cannot call.

mod cancel_reset;
mod code_check;
mod confirm_reset;
mod proof;
mod request_reset;
mod verify_token;

pub use cancel_reset::{CancelReset, Cancelled};
pub use confirm_reset::{
    ConfirmError, ConfirmPorts, ConfirmRequest, ConfirmReset, PasswordChanged,
};
pub use proof::{Proof, ProofError, VerifiedProof};
pub use request_reset::{RequestOutcome, RequestReset};
pub use verify_token::{VerifyPorts, VerifyToken};
