//! `DynamoDB`: an embedded emulator with the template's tables, in memory.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use dynoxide::Database;
use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::actions::update_time_to_live::{TimeToLiveSpecification, UpdateTimeToLiveRequest};
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::server::Server;
use crate::template::Table;

/// `DynamoDB` in this process, reached by HTTP or directly.
pub struct DynamoDb {
    database: Database,
    server: Server,
}

impl DynamoDb {
    /// Creates the tables in memory and serves them on `listener`, by the time of `clock`.
    pub fn start(listener: TcpListener, tables: &[Table], clock: Arc<dyn Clock>) -> Result<Self> {
        let database = in_memory(tables, clock)?;
        let shared = database.clone();
        let server = Server::spawn(listener, |listener, stop| async move {
            let _ = dynoxide::server::serve_with_shutdown(listener, shared, stop).await;
        })?;
        Ok(Self { database, server })
    }

    /// The database behind the endpoint, for direct calls.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The URL for `AWS_ENDPOINT_URL_DYNAMODB`.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Deletes every item whose time to live is over, and says how many there were.
    pub fn sweep(&self) -> Result<usize> {
        Ok(self.database.sweep_ttl()?)
    }
}

/// A database in memory with the template's tables, without an endpoint.
pub fn in_memory(tables: &[Table], clock: Arc<dyn Clock>) -> Result<Database> {
    let database = Database::memory_with_clock(clock)?;
    for table in tables {
        create(&database, table).with_context(|| format!("table {}", table.name))?;
    }
    Ok(database)
}

fn create(database: &Database, table: &Table) -> Result<()> {
    let request: CreateTableRequest = serde_json::from_value(table.request.clone())?;
    database.create_table(request)?;
    if let Some(attribute) = &table.ttl_attribute {
        database.update_time_to_live(UpdateTimeToLiveRequest {
            table_name: table.name.clone(),
            time_to_live_specification: TimeToLiveSpecification {
                attribute_name: attribute.clone(),
                enabled: true,
            },
        })?;
    }
    Ok(())
}

/// Sweeps every `interval`, until the future is dropped; failures go to `report`.
pub async fn sweep_forever(database: Database, interval: Duration, report: impl Fn(&str)) {
    loop {
        tokio::time::sleep(interval).await;
        let database = database.clone();
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => report(&format!("the sweep of expired items failed: {error}")),
            Err(error) => report(&format!("the sweep of expired items failed: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::SystemClock;

    fn table() -> Table {
        Table {
            name: "Things".to_owned(),
            request: json!({
                "TableName": "Things",
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            }),
            ttl_attribute: Some("ttl".to_owned()),
        }
    }

    #[tokio::test]
    async fn the_endpoint_answers_and_stops_when_dropped() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let dynamodb = DynamoDb::start(listener, &[table()], SystemClock::arc()).expect("starts");
        let url = dynamodb.url().to_owned();
        let answer = reqwest::get(&url).await.expect("answers");
        assert!(answer.status().is_success());
        drop(answer);
        drop(dynamodb);
        for _ in 0..100 {
            if reqwest::get(&url).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("still answers");
    }

    #[test]
    fn an_invalid_table_is_named() {
        let mut table = table();
        table.request["KeySchema"] = json!([]);
        let error = in_memory(&[table], SystemClock::arc())
            .err()
            .expect("refused");
        assert!(error.to_string().starts_with("table Things"), "{error:#}");
    }
}
