//! HTTP as API Gateway speaks it: routes, reading and answering, in every dialect.
//!
//! An endpoint finds the route, lets the route's dialect read the request, runs the use case, and
//! lets the dialect answer. A dialect only translates; it knows nothing of stores or rules.

mod body;
mod dialects;
mod edge;
mod endpoints;
mod event;
mod exchange;
mod fault;
mod form_origins;
mod incoming;
mod pages;
mod problem;
mod response;
mod routes;

pub use edge::Edge;
pub use endpoints::{ConfirmEndpoint, HttpSettings, RequestEndpoint, VerifyEndpoint};
pub use form_origins::FormOrigins;
pub use routes::{FunctionName, Operation, ROUTES, Route};
