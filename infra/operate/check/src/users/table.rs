//! Whether the table's description is what the settings say.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, GlobalSecondaryIndexDescription, IndexStatus, KeySchemaElement, KeyType,
    ScalarAttributeType, SseType, TableDescription, TableStatus,
};
use shared::adapters::dynamodb::{LookupKey, UserMapping};

use super::{CheckError, Report};

/// Looks at the description. `false` when a user cannot even be looked for.
pub(crate) async fn check(
    client: &Client,
    mapping: &UserMapping,
    report: &mut Report,
) -> Result<bool, CheckError> {
    let Some(table) = describe(client, &mapping.table).await? else {
        report.bad(format!("there is no table {:?} here", mapping.table));
        return Ok(false);
    };
    check_status(&table, report);
    check_encryption(&table, report);
    check_key(&table, mapping, report);
    check_lookup(&table, mapping, report);
    check_on_reset(&table, mapping, report);
    Ok(report.is_good())
}

pub(super) async fn describe(
    client: &Client,
    table: &str,
) -> Result<Option<TableDescription>, CheckError> {
    let described = client.describe_table().table_name(table).send().await;
    match described {
        Ok(described) => Ok(described.table),
        Err(SdkError::ServiceError(error))
            if matches!(
                error.err(),
                DescribeTableError::ResourceNotFoundException(_)
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(CheckError::new("describe the table", error)),
    }
}

fn check_status(table: &TableDescription, report: &mut Report) {
    match table.table_status() {
        Some(TableStatus::Active | TableStatus::Updating) => report.good("the table is there"),
        other => report.bad(format!("the table is not active: {other:?}")),
    }
}

fn check_encryption(table: &TableDescription, report: &mut Report) {
    let sse = table.sse_description();
    let key = sse.filter(|sse| sse.sse_type() == Some(&SseType::Kms));
    if let Some(key) = key.and_then(|sse| sse.kms_master_key_arn()) {
        report.note(format!(
            "the table is encrypted with {key}; if that is a key of your own, its policy has to \
             let the roles of the mail worker and of confirm-reset use it through DynamoDB"
        ));
    }
}

fn check_key(table: &TableDescription, mapping: &UserMapping, report: &mut Report) {
    let schema = table.key_schema();
    let partition = name_of(schema, &KeyType::Hash);
    let sort = name_of(schema, &KeyType::Range);
    if partition == Some(mapping.key.as_str()) && sort == mapping.sort_key.as_deref() {
        report.good(format!("its key is {}", shown(partition, sort)));
    } else {
        report.bad(format!(
            "its key is {}, but the settings say {} (key_attribute, sort_key_attribute)",
            shown(partition, sort),
            shown(Some(&mapping.key), mapping.sort_key.as_deref()),
        ));
    }
    for name in [partition, sort].into_iter().flatten() {
        if kind_of(table, name) == Some(&ScalarAttributeType::B) {
            report.bad(format!(
                "{name} is binary; keys are strings or numbers here"
            ));
        }
    }
}

fn check_lookup(table: &TableDescription, mapping: &UserMapping, report: &mut Report) {
    let lookup = &mapping.lookup;
    match &lookup.index {
        Some(index) => {
            let found = table.global_secondary_indexes().iter();
            let found = found.clone().find(|it| it.index_name() == Some(index));
            match found {
                Some(found) => check_index(found, mapping, report),
                None => report.bad(format!(
                    "there is no global index {index:?} (email_index); there are {:?}",
                    index_names(table)
                )),
            }
        }
        None => report.good(format!(
            "an address is looked for in the table's own key, as {}",
            sought(mapping)
        )),
    }
    for part in parts(mapping) {
        if kind_of(table, &part.attribute).is_some_and(|kind| *kind != ScalarAttributeType::S) {
            report.bad(format!(
                "{} is not a string, so that no address can be found by it",
                part.attribute
            ));
        }
    }
}

/// An attribute of an index must keep its type, or DynamoDB refuses the whole reset.
fn check_on_reset(table: &TableDescription, mapping: &UserMapping, report: &mut Report) {
    for name in mapping.on_reset.set.keys() {
        if kind_of(table, name).is_some() {
            report.bad(format!(
                "{name} is the key of an index, which on_reset must not set"
            ));
        }
    }
}

fn check_index(
    index: &GlobalSecondaryIndexDescription,
    mapping: &UserMapping,
    report: &mut Report,
) {
    let name = index.index_name().unwrap_or_default();
    let partition = name_of(index.key_schema(), &KeyType::Hash);
    let sort = name_of(index.key_schema(), &KeyType::Range);
    let lookup = &mapping.lookup;
    if partition != Some(lookup.partition.attribute.as_str()) {
        report.bad(format!(
            "the index {name:?} has the partition key {}, but the settings say {} \
             (email_index_attribute)",
            partition.unwrap_or("none"),
            lookup.partition.attribute,
        ));
    }
    if let Some(part) = &lookup.sort
        && sort != Some(part.attribute.as_str())
    {
        report.bad(format!(
            "the index {name:?} has the sort key {}, but the settings say {} \
             (email_index_sort_attribute)",
            sort.unwrap_or("none"),
            part.attribute,
        ));
    }
    match index.index_status() {
        Some(IndexStatus::Active | IndexStatus::Updating) => {}
        other => report.bad(format!("the index {name:?} is not active: {other:?}")),
    }
    if report.is_good() {
        report.good(format!(
            "an address is looked for in the index {name:?}, as {}",
            sought(mapping)
        ));
    }
}

fn parts(mapping: &UserMapping) -> impl Iterator<Item = &LookupKey> {
    let lookup = &mapping.lookup;
    [Some(&lookup.partition), lookup.sort.as_ref()]
        .into_iter()
        .flatten()
}

/// What an address is looked for by.
fn sought(mapping: &UserMapping) -> String {
    let parts: Vec<_> = parts(mapping)
        .map(|part| format!("{} = {:?}", part.attribute, part.value.fill("{email}")))
        .collect();
    parts.join(" and ")
}

pub(super) fn name_of<'a>(schema: &'a [KeySchemaElement], kind: &KeyType) -> Option<&'a str> {
    let element = schema.iter().find(|element| element.key_type() == kind);
    element.map(KeySchemaElement::attribute_name)
}

fn kind_of<'a>(table: &'a TableDescription, name: &str) -> Option<&'a ScalarAttributeType> {
    let definitions = table.attribute_definitions().iter();
    let mut named = definitions.filter(|definition| definition.attribute_name() == name);
    named.next().map(AttributeDefinition::attribute_type)
}

fn index_names(table: &TableDescription) -> Vec<&str> {
    let indexes = table.global_secondary_indexes().iter();
    indexes.filter_map(|index| index.index_name()).collect()
}

pub(super) fn shown(partition: Option<&str>, sort: Option<&str>) -> String {
    let names: Vec<_> = [partition, sort].into_iter().flatten().collect();
    names.join(" and ")
}
