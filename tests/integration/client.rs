//! A TypeScript client that is generated from `infra/openapi.yaml` compiles and sets new passwords.

use integration_tests::app::{DEMO, OLD_PASSWORD, project};
use integration_tests::stack::RunningStack;
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_client_resets_by_link_and_by_code() {
    let stack = RunningStack::start(&serde_json::json!({})).await;
    let by_code = "by-code@example.com";
    stack.add_user(by_code, OLD_PASSWORD).await;
    let before = stack.demo_password_hash().await;

    let flow = Command::new("npm")
        .args(["run", "--silent", "flow", "--"])
        .args([stack.url("api"), stack.url("ses"), DEMO, by_code])
        .current_dir(project().join("tests/client"))
        .kill_on_drop(true)
        .output()
        .await
        .expect("npm starts");
    let said = [flow.stdout, flow.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(
        flow.status.success(),
        "it needs make .tools/.installed-client; it said:\n{said}"
    );

    assert_ne!(stack.demo_password_hash().await, before);
    stack.stop().await;
}
