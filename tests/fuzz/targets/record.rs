//! Stream records: whatever JSON passes for an event of the stream, the worker answers it, and
//! reports no record but one that it was given.

#![no_main]

use fuzz::with_service;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(event) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    with_service(async |app| {
        // What is no event of a stream is refused by the runtime.
        let Ok(answer) = app.invoke("MailWorkerFunction", event.clone()).await else {
            return;
        };
        let failures = answer["batchItemFailures"].as_array().expect("a list");
        assert!(failures.len() <= 1, "a batch stops at its first failure");
        for failure in failures {
            let reported = failure["itemIdentifier"].as_str().expect("a string");
            assert!(reported.is_empty() || event.to_string().contains(reported));
        }
    });
});
