//! When AWS fails: nothing half done, and never a wrong word about the token.

use integration_tests::app::{DEMO, NEW_PASSWORD, assert_ok};
use integration_tests::{Fault, TestApp};

#[tokio::test]
async fn a_passing_fault_is_not_noticed() {
    let app = TestApp::start().await;
    for operation in ["UpdateItem", "GetItem", "TransactWriteItems"] {
        app.aws.inject(operation, [Fault::INTERNAL]);
    }
    let token = app.fresh_token().await;
    let conflict = Fault::Cancel(["None", "TransactionConflict", "None"]);
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

#[tokio::test]
async fn a_call_that_hangs_is_made_again_while_the_caller_waits() {
    for fault in [Fault::Hang, Fault::HangAfter] {
        let app = TestApp::builder().deployed_timeouts().start().await;
        app.aws.break_down(0, 1, fault.clone());
        assert_eq!(app.request_reset(DEMO).await.status(), 202, "{fault:?}");
        assert!(app.aws.has_broken_down(), "{fault:?}");
    }
}
