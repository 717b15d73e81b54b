//! Whole requests through API Gateway and the real functions, down to the mail: no 5xx, no panic,
//! no job that fails.

#![no_main]

use integration_tests::untrusted_input::send_request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| send_request(bytes));
