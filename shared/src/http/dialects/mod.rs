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
use route::routes;

/// All of them, and their routes. The first answers where nothing is routed.
pub(super) const DIALECTS: &[(&dyn Dialect, &[Route])] = &[
    (&native::Native, native::ROUTES),
    (&parakeet::Parakeet, parakeet::ROUTES),
    (&novel::Novel, novel::ROUTES),
    (&razi::Razi, razi::ROUTES),
    (&backstack::Backstack, backstack::ROUTES),
    (&flowfuse::FlowFuse, flowfuse::ROUTES),
];
