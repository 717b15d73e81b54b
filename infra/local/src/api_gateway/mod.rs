//! The HTTP API: what API Gateway does between a client and a function.
//!
//! [`build_event`] and [`translate`] are pure; [`ApiGateway::handle`] puts them together around a
//! function, with or without a server.

mod cors;
mod event;
mod gateway;
mod path;
mod request;
mod response;
mod routes;
mod server;

pub use event::{Invocation, build_event};
pub use gateway::ApiGateway;
pub use request::{ApiRequest, SOURCE_IP_HEADER};
pub use response::{ApiResponse, translate};
pub use routes::Routes;
pub use server::ApiGatewayServer;
