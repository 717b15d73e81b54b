//! HTTP as API Gateway speaks it: routes, reading and answering, in every dialect.
//!
//! An endpoint finds the route, lets the route's dialect read the request, runs the use case, and
//! lets the dialect answer. A dialect only translates; it knows nothing of stores or rules.

mod body;
mod context;
mod dialects;
mod edge;
mod endpoints;
mod event;
mod field_error;
mod form_origins;
mod forms;
mod http_request;
mod operation;
mod pages;
mod problem;
mod response;
mod routes;
mod views;

pub use dialects::Route;
pub use edge::Edge;
pub use endpoints::{ConfirmEndpoint, HttpSettings, RequestEndpoint, VerifyEndpoint};
pub use form_origins::FormOrigins;
pub use operation::{FunctionName, Operation};
#[cfg(feature = "preview")]
pub use pages::preview;
pub use routes::routes;
