//! Many at once.

use futures_util::future::join_all;
use integration_tests::TestApp;
use integration_tests::app::{DEMO, NEW_PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_confirms_at_once_one_wins() {
    let app = TestApp::start().await;
    let token = app.fresh_token().await;
    let passwords: Vec<_> = (0..50)
        .map(|n| format!("{NEW_PASSWORD} number {n}"))
        .collect();
    let confirms = passwords
        .iter()
        .map(|password| app.confirm_link(&token, password));
    let answers = join_all(confirms).await;
    let won: Vec<_> = (0..50).filter(|n| answers[*n].status() == 200).collect();
    assert_eq!(won.len(), 1);
    for answer in &answers {
        assert!(
            matches!(answer.status(), 200 | 503) || answer.problem() == "invalid-token",
            "{answer:?}"
        );
    }
    assert!(app.password_is(&passwords[won[0]]).await);
    let user = app.user("demo").await;
    assert_eq!(user["credential_version"].as_n().expect("a number"), "1");
    assert_eq!(app.items("notice#").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn link_and_code_at_once_change_the_password_once() {
    let app = TestApp::start().await;
    let mail = app.mailed_reset(DEMO).await;
    let token = integration_tests::mailbox::token_in(&mail);
    let code = integration_tests::mailbox::code_in(&mail);
    let (by_link, by_code) = tokio::join!(
        app.confirm_link(&token, "by link: seven lanterns"),
        app.confirm_code(DEMO, &code, "by code: seven lanterns"),
    );
    let won = [by_link.status(), by_code.status()];
    assert!(won == [200, 400] || won == [400, 200], "{won:?}");
    assert_eq!(app.items("notice#").await.len(), 1);
}
