//! Whole events of an HTTP API, of any shape, at every function with a route: no 5xx, no panic.

#![no_main]

use fuzz::with_service;
use integration_tests::untrusted_input::ask_with_event;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(event) = serde_json::from_slice(bytes) {
        with_service(async |app| ask_with_event(app, &event).await);
    }
});
