//! Whether sessions are found and say when they began.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeyType;
use shared::adapters::dynamodb::UserMapping;

use super::table::{describe, name_of, shown};
use super::{CheckError, Report};

/// Sessions that are looked at.
const MAX_READ: i32 = 100;

pub(crate) async fn check(
    client: &Client,
    mapping: &UserMapping,
    report: &mut Report,
) -> Result<(), CheckError> {
    let Some(sessions) = &mapping.sessions else {
        return Ok(());
    };
    let name = &sessions.table;
    let Some(table) = describe(client, name).await? else {
        report.bad(format!("there is no table {name:?} here (sessions.table)"));
        return Ok(());
    };
    let schema = table.key_schema();
    let key = [&KeyType::Hash, &KeyType::Range].map(|kind| name_of(schema, kind));
    let said = [Some(sessions.key.as_str()), sessions.sort_key.as_deref()];
    if key != said {
        report.bad(format!(
            "the key of {name} is {}, but the settings say {} (sessions.key_attribute, \
             sort_key_attribute)",
            shown(key[0], key[1]),
            shown(said[0], said[1]),
        ));
    }
    let index = sessions.index.as_ref().map(|index| {
        let mut found = table.global_secondary_indexes().iter();
        let found = found.find(|it| it.index_name() == Some(index));
        (
            index,
            found.and_then(|it| name_of(it.key_schema(), &KeyType::Hash)),
        )
    });
    match index {
        Some((index, partition)) if partition != Some(&sessions.user) => report.bad(format!(
            "{name} has no global index {index:?} with the partition key {} \
             (sessions.user_index, user_index_attribute)",
            sessions.user
        )),
        _ => report.good(format!(
            "the sessions of a user are found in {name} by {}",
            sessions.user
        )),
    }
    let found = client.scan().table_name(name).limit(MAX_READ).send().await;
    let found = found.map_err(|error| CheckError::new("read some sessions", error))?;
    let undated = found.items().iter().filter(|it| !sessions.is_dated(it));
    let (undated, all) = (undated.count(), found.items().len());
    if undated == 0 {
        report.good(format!("{all} of {all} sessions say when they began"));
    } else {
        report.bad(format!(
            "{undated} of {all} sessions do not say in {} when they began: every reset ends them \
             (sessions.began_attribute)",
            sessions.began.names().join(".")
        ));
    }
    Ok(())
}
