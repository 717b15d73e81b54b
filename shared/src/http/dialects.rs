//! The wire formats that the service speaks.
//!
//! Another one is a file here and its name in [`WireFormat`](crate::domain::WireFormat).

mod backstack;
mod dialect;
mod fields;
mod flowfuse;
mod native;
mod novel;
mod parakeet;
mod razi;
mod route;

pub(super) use dialect::Dialect;
pub use route::Route;

/// All of them. The first answers where nothing is routed.
pub(super) const DIALECTS: &[&dyn Dialect] = &[
    &native::Native,
    &parakeet::Parakeet,
    &novel::Novel,
    &razi::Razi,
    &backstack::Backstack,
    &flowfuse::FlowFuse,
];
