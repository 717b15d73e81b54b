use std::time::Duration;

use super::errors::store_error;
use super::items::number;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::ports::StoreError;

/// Longest wait for the first call. A start that took longer would cost more than it saves.
const PATIENCE: Duration = Duration::from_millis(500);
/// No item has this name behind its prefix: locators are longer.
const NOBODY: &str = "warm-up";
/// Cannot hold, so that nothing is ever written.
const NEVER: &str = "attribute_exists(pk) AND attribute_not_exists(pk)";

/// The first call, made in a function's start, where nobody waits yet and Lambda gives a whole
/// processor: it finds the address, shakes hands, and loads the code that all calls share. When it
/// fails, the first request is as slow as it would have been, and its own call says what is wrong.
impl DynamoStore {
    /// Opens the connection by reading an item that there is not. For roles that may read tokens.
    pub async fn warm_up_by_read(&self) {
        let call = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(keys::PK, keys::token_named(NOBODY));
        // Boxed, because an SDK call is a large future.
        give_up_soon(Box::pin(async move {
            let answered = call.send().await;
            answered.map(drop).map_err(|error| store_error(&error))
        }))
        .await;
    }

    /// Opens the connection by an update that changes nothing. For the role that may not read.
    pub async fn warm_up_by_write(&self) {
        let update = Update::default().set(keys::TTL, number(0));
        let key = keys::request_named(NOBODY);
        let call = async { self.update_if(key, &update, NEVER).await.map(drop) };
        give_up_soon(Box::pin(call)).await;
    }
}

async fn give_up_soon(call: impl Future<Output = Result<(), StoreError>>) {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the connection is not warm"),
        Err(_) => tracing::warn!("the connection is not warm after half a second"),
    }
}
