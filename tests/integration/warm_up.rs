//! The first call, which a function makes in its start.

use integration_tests::app::DEMO;
use integration_tests::{Fault, TestApp};

const REQUEST: &str = "RequestResetFunction";
const VERIFY: &str = "VerifyTokenFunction";
const CONFIRM: &str = "ConfirmResetFunction";

async fn app() -> TestApp {
    TestApp::builder().processes(1).start().await
}

#[tokio::test]
async fn a_start_opens_the_connection_and_changes_nothing() {
    let app = app().await;
    for (function, call) in [
        (REQUEST, "UpdateItem"),
        (VERIFY, "GetItem"),
        (CONFIRM, "GetItem"),
    ] {
        app.lambda().warm(function).await;
        assert_eq!(app.aws.take_calls(), [call], "{function}");
    }
    assert!(app.items("").await.is_empty(), "nothing is written");
    // The item's name cannot be that of an address.
    assert_eq!(app.request_reset(DEMO).await.status(), 202);
    assert_eq!(app.aws.take_calls(), ["UpdateItem", "UpdateItem"]);
}

#[tokio::test]
async fn a_start_does_not_depend_on_its_first_call() {
    for fault in [
        Fault::Hang,
        Fault::Cut,
        Fault::DENIED,
        Fault::Refuse(400, "ResourceNotFoundException", ""),
        Fault::INTERNAL,
    ] {
        let app = app().await;
        app.aws.break_down(0, usize::MAX, fault.clone());
        for function in [REQUEST, VERIFY, CONFIRM] {
            app.lambda().warm(function).await;
        }
        app.aws.clear_faults();
        assert_eq!(app.request_reset(DEMO).await.status(), 202, "{fault:?}");
        let refused = app.verify_link("fpr_nothing").await;
        assert_eq!(refused.problem(), "invalid-token", "{fault:?}");
    }
}
