//! Stream records: whatever JSON passes for an event of the stream, the worker answers it, and
//! reports no record but one that it was given.

#![no_main]

use integration_tests::untrusted_input::send_record;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| send_record(bytes));
