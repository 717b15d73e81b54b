//! When AWS fails: nothing half done, and never a wrong word about the token.

use integration_tests::app::{DEMO, NEW_PASSWORD, OLD_PASSWORD, assert_ok};
use integration_tests::{Fault, TestApp};

#[tokio::test]
async fn an_outage_is_503_with_retry_after_and_then_it_works_again() {
    for fault in [
        Fault::INTERNAL,
        Fault::Refuse(400, "ProvisionedThroughputExceededException"),
        Fault::Refuse(503, "ServiceUnavailable"),
    ] {
        let app = TestApp::start().await;
        let token = app.fresh_token().await;
        for operation in ["UpdateItem", "GetItem", "TransactWriteItems"] {
            app.aws.fail(operation, fault.clone());
        }
        for answer in [
            app.request_reset("other@example.com").await,
            app.verify_link(&token).await,
            app.verify_code(DEMO, "0123-ABCD").await,
            app.confirm_link(&token, NEW_PASSWORD).await,
        ] {
            answer.assert_problem(503, "service-unavailable");
            assert_eq!(answer.0.header("retry-after"), Some("5"));
        }
        app.aws.clear_faults();
        assert!(app.password_is(OLD_PASSWORD).await);
        assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    }
}

#[tokio::test]
async fn a_passing_fault_is_not_noticed() {
    let app = TestApp::start().await;
    for operation in ["UpdateItem", "GetItem", "TransactWriteItems"] {
        app.aws.inject(operation, [Fault::INTERNAL]);
    }
    let token = app.fresh_token().await;
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn a_transaction_whose_answer_is_lost_still_tells_the_truth() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    app.aws.inject("TransactWriteItems", [Fault::LoseAnswer]);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
    assert!(app.password_is(NEW_PASSWORD).await);
    assert_eq!(app.items("notice#").await.len(), 1);
}

#[tokio::test]
async fn contention_is_retried_and_a_lasting_one_is_never_an_invalid_token() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let conflict = Fault::Cancel(["None", "TransactionConflict", "None"]);
    let throttled = Fault::Cancel(["ThrottlingError", "None", "None"]);
    for fault in [&conflict, &throttled] {
        app.aws.fail("TransactWriteItems", fault.clone());
        let answer = app.confirm_link(&token, NEW_PASSWORD).await;
        assert_eq!(answer.problem(), "service-unavailable", "{fault:?}");
        app.aws.clear_faults();
    }
    app.aws.inject("TransactWriteItems", vec![conflict; 3]);
    assert_ok(&app.confirm_link(&token, NEW_PASSWORD).await);
}

#[tokio::test]
async fn missing_permission_is_our_fault_and_not_the_callers() {
    let app = TestApp::start().await;
    app.aws.fail("UpdateItem", Fault::DENIED);
    let answer = app.request_reset(DEMO).await;
    answer.assert_problem(500, "internal-error");
    assert!(!answer.text().contains("Denied"));
}
