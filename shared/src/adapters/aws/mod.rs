//! Clients of the AWS SDK, with the waits and retries that this service can afford.

mod clients;
mod errors;
mod roots;
mod settings;

pub use clients::{SesConnector, dynamodb_client};
pub(in crate::adapters) use errors::describe;
pub use roots::TrustedRoots;
pub use settings::{AwsSettings, Endpoints, sdk_config};
