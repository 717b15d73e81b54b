//! The wire formats that the service speaks.
//!
//! Another one is a file here, a name in [`WireFormat`](crate::domain::WireFormat), and rows in the routes.

mod backstack;
mod dialect;
mod fields;
mod flowfuse;
mod native;
mod novel;
mod parakeet;
mod razi;

pub(super) use backstack::BACKSTACK;
pub(super) use dialect::Dialect;
pub(super) use flowfuse::FLOWFUSE;
pub(super) use native::NATIVE;
pub(super) use novel::NOVEL;
pub(super) use parakeet::PARAKEET;
pub(super) use razi::RAZI;
