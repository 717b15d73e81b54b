//! From an event to an answer, one endpoint per function.

mod confirm;
mod endpoint;
mod failures;
mod proof;
mod request;
mod settings;
mod verify;

pub use confirm::ConfirmEndpoint;
pub use request::RequestEndpoint;
pub use settings::HttpSettings;
pub use verify::VerifyEndpoint;
