//! A reset of a password: the request for it, what was mailed, and what is outstanding of it.

mod codes;
mod delivery;
mod record;
mod request;

pub use codes::Codes;
pub use delivery::{Delivery, DeliveryState};
pub use record::{IssuedSecrets, ResetRecord};
pub use request::{ClientInfo, RequestId, ResetRequest};
