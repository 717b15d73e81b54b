//! The harness: the whole service on real parts.
//!
//! The real handlers get the events that API Gateway would send, built from the template's routes;
//! their real SDK clients talk HTTP to the embedded DynamoDB and the SES endpoint, through a proxy
//! that counts calls and injects faults; the poller brings records to the real worker. They
//! run in this process, where only the clock is the test's, or as the real binaries in processes
//! of their own, which can be killed.

#![expect(
    clippy::missing_panics_doc,
    reason = "a harness panics when the test that uses it goes wrong"
)]

pub mod address_kinds;
pub mod app;
pub mod apps;
pub mod attacks;
pub mod clock;
pub mod defects;
pub mod dialects;
pub mod items;
pub mod known_passwords;
pub mod lambda;
pub mod logs;
pub mod mailbox;
pub mod openapi;
pub mod random;
pub mod sessions;
pub mod soak;
pub mod stack;
pub mod statistics;
pub mod stream;
pub mod test_depth;
pub mod untrusted_input;
pub mod user_tables;

pub use app::{Answer, TestApp, TestAppBuilder};
pub use clock::TestClock;
pub use local_stack::aws_proxy::{self, AwsProxy, Fault};
