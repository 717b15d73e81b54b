//! Users tables of shapes that teams already have.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use serde_json::{Value, json};
use shared::adapters::dynamodb::UserMapping;
use shared::settings::{SettingsError, UsersSettings};

use crate::TestApp;
use crate::app::{OLD_PASSWORD, hash};
use crate::items::{from_item, to_item};

/// A table, as its owner made it, and one user in it.
#[derive(Debug, Clone)]
pub struct Shape {
    pub table: &'static str,
    /// Its key attributes, the partition key first.
    pub key: &'static [&'static str],
    /// An index and its key attributes.
    pub index: Option<(&'static str, &'static [&'static str])>,
    /// Key attributes that are numbers.
    pub numbers: &'static [&'static str],
    /// The settings that the service is told, each as JSON or as text.
    pub settings: &'static [(&'static str, &'static str)],
    pub user: Value,
}

impl Shape {
    /// An app whose users are in such a table.
    pub async fn start(&self) -> TestApp {
        let builder = TestApp::builder().setting("users", self.settings());
        // Boxed, so that the whole service counts as one for the code that awaits this.
        let app = Box::pin(builder.start()).await;
        self.create_in(&app).await;
        self.put(&app, &self.user).await;
        app
    }

    /// The settings for it, with `null` for an index that it does not have.
    #[must_use]
    pub fn settings(&self) -> Value {
        let mut settings = json!({ "table": self.table, "email_index": null });
        for (name, value) in self.settings {
            settings[name] = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        }
        settings
    }

    /// Where things are in it.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings.
    pub fn mapping(&self) -> Result<UserMapping, SettingsError> {
        let users: UsersSettings = serde_json::from_value(self.settings()).expect("settings");
        users.user_mapping(None)
    }

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

    pub async fn put(&self, app: &TestApp, item: &Value) {
        app.put(self.table, item).await;
    }

    /// The item with the key of `like`.
    pub async fn item(&self, app: &TestApp, like: &Value) -> Value {
        let mut key = to_item(like);
        key.retain(|name, _| self.key.contains(&name.as_str()));
        let found = app
            .dynamodb()
            .get_item()
            .table_name(self.table)
            .set_key(Some(key));
        let found = found.send().await.expect("an answer");
        from_item(found.item.expect("the item is there"))
    }
}

/// The address of the one user that each shape has.
pub const ANN: &str = "ann@example.com";

/// One of each shape.
#[must_use]
pub fn shapes() -> Vec<Shape> {
    vec![
        by_address(),
        by_id(),
        single_table(),
        single_table_by_address(),
        amplify(),
        auth_js(),
    ]
}

/// Keyed by the address.
#[must_use]
pub fn by_address() -> Shape {
    Shape {
        table: "people",
        key: &["mail"],
        index: None,
        numbers: &[],
        settings: &[
            ("key_attribute", "mail"),
            ("email_attribute", "mail"),
            ("password_hash_attribute", "pw"),
        ],
        user: json!({ "mail": ANN, "pw": hash(OLD_PASSWORD), "plan": "free" }),
    }
}

/// Keyed by a number, with an index on the address.
#[must_use]
pub fn by_id() -> Shape {
    Shape {
        table: "people",
        key: &["uid"],
        index: Some(("by-mail", &["mail"])),
        numbers: &["uid"],
        settings: &[
            ("key_attribute", "uid"),
            ("email_index", "by-mail"),
            ("email_attribute", "mail"),
        ],
        user: json!({ "uid": 4711, "mail": ANN, "password_hash": hash(OLD_PASSWORD), "age": 7 }),
    }
}

/// Everything of one user shares a partition, and the index is shared by many kinds of items.
#[must_use]
pub fn single_table() -> Shape {
    Shape {
        table: "app",
        key: &["PK", "SK"],
        index: Some(("GSI1", &["GSI1PK", "GSI1SK"])),
        numbers: &[],
        settings: &[
            ("key_attribute", "PK"),
            ("sort_key_attribute", "SK"),
            ("email_index", "GSI1"),
            ("email_index_attribute", "GSI1PK"),
            ("email_index_sort_attribute", "GSI1SK"),
            ("email_key", "EMAIL#{email}"),
            ("email_sort_key", "PROFILE"),
            ("email_attribute", "profile.email"),
            ("name_attribute", "profile.name"),
            ("password_hash_attribute", "secrets.password.hash"),
        ],
        user: json!({
            "PK": "USER#1", "SK": "PROFILE", "GSI1PK": "EMAIL#ann@example.com", "GSI1SK": "PROFILE",
            "profile": { "email": ANN, "name": "Ann", "tags": ["a", 1, null] },
            "secrets": { "password": { "hash": hash(OLD_PASSWORD), "since": 5 }, "totp": "JBSW" },
        }),
    }
}

/// A single table whose key is made from the address.
#[must_use]
pub fn single_table_by_address() -> Shape {
    Shape {
        table: "app",
        key: &["PK", "SK"],
        index: None,
        numbers: &[],
        settings: &[
            ("key_attribute", "PK"),
            ("sort_key_attribute", "SK"),
            ("email_key", "USER#{email}"),
            ("email_sort_key", "PROFILE"),
        ],
        user: json!({
            "PK": "USER#ann@example.com", "SK": "PROFILE", "email": ANN,
            "password_hash": hash(OLD_PASSWORD), "theme": "dark",
        }),
    }
}

/// As Amplify and `AppSync` make it.
#[must_use]
pub fn amplify() -> Shape {
    Shape {
        table: "User-abcdefghijkl-dev",
        key: &["id"],
        index: Some(("byEmail", &["email"])),
        numbers: &[],
        settings: &[
            ("email_index", "byEmail"),
            ("password_hash_attribute", "passwordHash"),
            ("created_attribute", "createdAt"),
        ],
        user: json!({
            "id": "8c1e", "email": ANN, "__typename": "User", "passwordHash": hash(OLD_PASSWORD),
            "createdAt": "2026-01-31T09:30:00.000Z", "updatedAt": "2026-01-31T09:30:00.000Z",
            "_version": 3, "_lastChangedAt": 1_769_851_800_000_i64,
        }),
    }
}

/// As the adapter of Auth.js makes it.
#[must_use]
pub fn auth_js() -> Shape {
    Shape {
        table: "next-auth",
        key: &["pk", "sk"],
        index: Some(("GSI1", &["GSI1PK", "GSI1SK"])),
        numbers: &[],
        settings: &[
            ("key_attribute", "pk"),
            ("sort_key_attribute", "sk"),
            ("email_index", "GSI1"),
            ("email_index_attribute", "GSI1PK"),
            ("email_index_sort_attribute", "GSI1SK"),
            ("email_key", "USER#{email}"),
            ("email_sort_key", "USER#{email}"),
            ("id_attribute", "id"),
        ],
        user: json!({
            "pk": "USER#77", "sk": "USER#77", "GSI1PK": "USER#ann@example.com",
            "GSI1SK": "USER#ann@example.com", "type": "USER", "id": "77", "email": ANN,
            "emailVerified": null, "password_hash": hash(OLD_PASSWORD),
        }),
    }
}

/// Makes what was issued first in a record that of the user with this key.
pub fn set_owner(record: &mut Value, key: &str) {
    record["owners"][0]["user_key"] = json!(key);
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
