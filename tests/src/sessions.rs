//! Tables of sessions, as teams have them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::TestApp;
use crate::user_tables::Shape;

/// Where the user's sessions are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionsTable {
    /// By an index with nothing but keys.
    Index,
    /// In a partition of the user's.
    Partition,
}

impl SessionsTable {
    pub const NAME: &str = "sessions";

    /// What the service is told of partitions, as JSON.
    pub const PARTITION: &str = r#"{
        "table": "sessions",
        "key_attribute": "user",
        "sort_key_attribute": "sid",
        "user_key": "USER#{key}",
        "began_attribute": "data.created"
    }"#;

    /// What the service is told of it.
    #[must_use]
    pub fn settings(self) -> Value {
        match self {
            Self::Index => json!({
                "table": Self::NAME,
                "key_attribute": "sid",
                "user_index": "by-user",
                "user_index_attribute": "user",
                "began_attribute": "data.created",
            }),
            Self::Partition => serde_json::from_str(Self::PARTITION).expect("JSON"),
        }
    }

    /// An app with such a table.
    pub async fn start(self) -> TestApp {
        let builder = TestApp::builder().setting("users.sessions", self.settings());
        let app = Box::pin(builder.start()).await;
        self.create_in(&app).await;
        app
    }

    pub async fn create_in(self, app: &TestApp) {
        self.shape().create_in(app).await;
    }

    fn shape(self) -> Shape {
        let (key, index): (&'static [&'static str], _) = match self {
            Self::Index => (&["sid"], Some(("by-user", &["user"][..]))),
            Self::Partition => (&["user", "sid"], None),
        };
        Shape {
            table: Self::NAME,
            key,
            index,
            numbers: &[],
            settings: &[],
            user: Value::Null,
        }
    }

    /// A session of a user that began then; `null` says nothing of it.
    #[must_use]
    pub fn session(self, id: &str, user: &str, began: &Value) -> Value {
        let user = match self {
            Self::Index => user.to_owned(),
            Self::Partition => format!("USER#{user}"),
        };
        let data = match began {
            Value::Null => json!({ "cart": 7 }),
            began => json!({ "cart": 7, "created": began }),
        };
        json!({ "sid": id, "user": user, "data": data })
    }

    pub async fn open(self, app: &TestApp, id: &str, user: &str, began: &Value) {
        let session = self.session(id, user, began);
        app.put(Self::NAME, &session).await;
    }

    /// Opens a session of a user from before any change, one from after it, and one of the user
    /// `second`. Their ids are `old`, `new` and `another's`, each with that ending.
    pub async fn open_three(self, app: &TestApp, user: &str, ending: &str) {
        for (name, user, began) in [
            ("old", user, 1),
            ("new", user, 4_000_000_000_i64),
            ("another's", "second", 1),
        ] {
            let id = format!("{name}{ending}");
            self.open(app, &id, user, &json!(began)).await;
        }
    }

    /// The sessions that are there, whoever has them.
    pub async fn ids(self, app: &TestApp) -> BTreeSet<String> {
        let all = app.dynamodb().scan().table_name(Self::NAME);
        let all: Result<Vec<_>, _> = all.into_paginator().items().send().collect().await;
        let all = all.expect("an answer").into_iter();
        all.map(|item| item["sid"].as_s().expect("an id").clone())
            .collect()
    }
}
