//! Whole requests through API Gateway and the real functions, down to the mail: no 5xx, no panic,
//! no job that fails.

#![no_main]

use fuzz::{Request, with_service};
use integration_tests::untrusted_input::ask;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|request: Request<'_>| {
    with_service(async |app| {
        ask(app, request.into_api_request()).await;
    });
});
