//! Users tables of shapes that teams already have.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use serde_json::Value;

use crate::TestApp;
use crate::app::Item;

/// A table, as its owner made it, and one user in it.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Its name.
    pub table: &'static str,
    /// Its key attributes, the partition key first.
    pub key: &'static [&'static str],
    /// An index and its key attributes.
    pub index: Option<(&'static str, &'static [&'static str])>,
    /// Key attributes that are numbers.
    pub numbers: &'static [&'static str],
    /// The settings that the service is told, by their names in the apps file.
    pub settings: &'static [(&'static str, &'static str)],
    /// One user.
    pub user: Value,
}

impl Shape {
    /// An app whose users are in such a table.
    pub async fn start(&self) -> TestApp {
        let mut builder = TestApp::builder().set("USERS_TABLE", self.table);
        builder = builder.set("USERS_EMAIL_INDEX", "");
        for (name, value) in self.settings {
            builder = builder.set(&format!("USERS_{}", name.to_uppercase()), value);
        }
        // Boxed, so that the whole service counts as one for whoever awaits this.
        let app = Box::pin(builder.start()).await;
        self.create_in(&app).await;
        self.put(&app, &self.user).await;
        app
    }

    /// Makes the table.
    pub async fn create_in(&self, app: &TestApp) {
        let index_key = self.index.map_or(&[][..], |(_, key)| key);
        let mut names: Vec<_> = self.key.iter().chain(index_key).collect();
        names.sort();
        names.dedup();
        let mut create = app
            .dynamodb()
            .create_table()
            .table_name(self.table)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(key_schema(self.key)));
        for name in names {
            create = create.attribute_definitions(self.definition(name));
        }
        if let Some((name, key)) = self.index {
            let projection = Projection::builder().projection_type(ProjectionType::KeysOnly);
            let index = GlobalSecondaryIndex::builder()
                .index_name(name)
                .set_key_schema(Some(key_schema(key)))
                .projection(projection.build());
            create = create.global_secondary_indexes(index.build().expect("an index"));
        }
        create.send().await.expect("the table is made");
    }

    fn definition(&self, name: &str) -> AttributeDefinition {
        let kind = if self.numbers.contains(&name) {
            ScalarAttributeType::N
        } else {
            ScalarAttributeType::S
        };
        let definition = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(kind);
        definition.build().expect("a definition")
    }

    /// Writes an item.
    pub async fn put(&self, app: &TestApp, item: &Value) {
        app.put(self.table, to_item(item)).await;
    }

    /// The item with the key of `like`.
    pub async fn item(&self, app: &TestApp, like: &Value) -> Item {
        let mut key = to_item(like);
        key.retain(|name, _| self.key.contains(&name.as_str()));
        let found = app
            .dynamodb()
            .get_item()
            .table_name(self.table)
            .set_key(Some(key));
        let found = found.send().await.expect("an answer");
        found.item.expect("the item is there")
    }
}

/// An item of an index or a table, from JSON.
#[must_use]
pub fn to_item(item: &Value) -> Item {
    match to_value(item) {
        AttributeValue::M(item) => item,
        other => panic!("{other:?} is no item"),
    }
}

/// A value, from JSON.
#[must_use]
pub fn to_value(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(value) => AttributeValue::Bool(*value),
        Value::Number(value) => AttributeValue::N(value.to_string()),
        Value::String(value) => AttributeValue::S(value.clone()),
        Value::Array(values) => AttributeValue::L(values.iter().map(to_value).collect()),
        Value::Object(values) => AttributeValue::M(
            values
                .iter()
                .map(|(name, value)| (name.clone(), to_value(value)))
                .collect(),
        ),
    }
}

fn key_schema(names: &[&str]) -> Vec<KeySchemaElement> {
    let kinds = [KeyType::Hash, KeyType::Range];
    names
        .iter()
        .zip(kinds)
        .map(|(name, kind)| {
            let element = KeySchemaElement::builder()
                .attribute_name(*name)
                .key_type(kind);
            element.build().expect("a key")
        })
        .collect()
}
