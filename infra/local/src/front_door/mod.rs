//! The HTTP API: what API Gateway does between a client and a function.
//!
//! [`build_event`] and [`translate`] are pure; [`FrontDoor::handle`] puts them together around a
//! function, with or without a server.

mod cors;
mod door;
mod event;
mod path;
mod request;
mod response;
mod routes;
mod server;

pub use door::FrontDoor;
pub use event::{Invocation, build_event};
pub use request::{ApiRequest, SOURCE_IP_HEADER};
pub use response::{ApiResponse, BadResponse, translate};
pub use routes::{RouteError, Routes};
pub use server::FrontDoorServer;
