//! Nobody outside can tell addresses apart: not by status, header or byte, not by the calls that are
//! made for them, and not by time, of which a few rounds would tell nothing.

use std::io::Write as _;

use integration_tests::address_kinds::{IndistinguishabilityTest, KINDS, Operation};
use integration_tests::test_depth;

/// Requests for each kind of address, in a sample and where times are compared, behind the twenty in which
/// no time counts.
const ROUNDS: [usize; 2] = [10, 1000];

async fn assert_indistinguishable(operation: Operation) {
    let mut test = Box::pin(IndistinguishabilityTest::start(operation)).await;
    let times = test.measure(test_depth::choose(ROUNDS[0], ROUNDS[1])).await;
    if !test_depth::is_full() {
        return;
    }
    let mut out = std::io::stdout().lock();
    for (place, one) in KINDS.iter().enumerate() {
        for other in &KINDS[place + 1..] {
            let comparison = times.compare(*one, *other);
            let _ = writeln!(out, "{operation:?}, {one:?} and {other:?}: {comparison}");
            if one.standing() == other.standing() {
                assert!(!comparison.is_distinguishable(), "{one:?}, {other:?}");
            }
        }
    }
}

#[tokio::test]
async fn kinds_of_address_look_alike_when_a_reset_is_requested() {
    assert_indistinguishable(Operation::Request).await;
}

#[tokio::test]
async fn kinds_of_address_look_alike_when_a_code_is_verified() {
    assert_indistinguishable(Operation::VerifyByCode).await;
}

#[tokio::test]
async fn kinds_of_address_look_alike_when_a_code_confirms() {
    assert_indistinguishable(Operation::ConfirmByCode).await;
}

#[tokio::test]
async fn kinds_of_address_look_alike_when_a_code_confirms_again() {
    assert_indistinguishable(Operation::RepeatByCode).await;
}
