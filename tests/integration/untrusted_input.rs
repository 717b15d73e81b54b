//! No untrusted input is answered by a 5xx, panics, or leaves a job that fails.
//!
//! What the fuzz targets of the same names do at length, on a few hundred inputs in every run.

use integration_tests::untrusted_input::{send_event, send_record, send_request};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_is_answered_by_a_5xx_or_leaves_a_job_that_fails(bytes in vec(any::<u8>(), 0..2000)) {
        send_request(&bytes);
    }

    #[test]
    fn no_record_of_the_stream_stops_the_worker(bytes in vec(any::<u8>(), 0..1000)) {
        send_record(&bytes);
    }

    #[test]
    fn no_event_is_answered_by_a_5xx(bytes in vec(any::<u8>(), 0..2000)) {
        send_event(&bytes);
    }
}
