//! Whole events of an HTTP API, of any shape, at every function with a route: no 5xx, no panic.

#![no_main]

use integration_tests::untrusted_input::send_event;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| send_event(bytes));
