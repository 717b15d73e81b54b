//! The floor: a hello-world on `lambda_http` that creates both SDK clients, and nothing of the
//! service. Two variables make it do what the functions do besides in their start:
//! `HELLO_WARM_UP_TABLE` names a table that one item is read of, so that there is a connection, and
//! `HELLO_MEMORY_KIB` is as much of argon2's memory as is touched.

use argon2::Block;
use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::types::AttributeValue;
use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_config::defaults(BehaviorVersion::latest()).load().await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let _ses = aws_sdk_sesv2::Client::new(&config);
    let memory = variable("HELLO_MEMORY_KIB").and_then(|kib| kib.parse().ok());
    let _memory = vec![Block::default(); memory.unwrap_or_default()];
    if let Some(table) = variable("HELLO_WARM_UP_TABLE") {
        let key = AttributeValue::S("token#warm-up".to_owned());
        dynamodb
            .get_item()
            .table_name(table)
            .key("pk", key)
            .send()
            .await?;
    }
    run(service_fn(async |_: Request| {
        Ok::<_, Error>("hello, world")
    }))
    .await
}

#[expect(
    clippy::disallowed_methods,
    reason = "a hello-world has no configuration to read it in"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
