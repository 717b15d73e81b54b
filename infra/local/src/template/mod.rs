//! The part of a SAM template that one machine can stand in for.
//!
//! Intrinsic functions are resolved only in what is read here, with the parameters' defaults or the
//! caller's values. What cannot be resolved is an error that names the place, never a guess.

mod api;
mod document;
mod function;
mod intrinsics;
mod pipe;
mod resources;
mod section;
mod stream;
mod substitution;
mod table;
mod yaml;

pub use api::{Cors, HttpApi, Route};
pub use document::{Options, Template};
pub use function::Function;
pub use intrinsics::{ACCOUNT_ID, LOCAL_SECRET};
pub use pipe::Pipe;
pub use stream::StreamMapping;
pub use table::Table;
