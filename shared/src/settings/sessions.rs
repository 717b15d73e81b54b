use serde::Deserialize;

use super::problems::SettingPath;
use crate::adapters::dynamodb::{SessionUserKey, SessionsMapping};

/// A table of sessions. A reset deletes the user's sessions that began before it.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(deny_unknown_fields)]
pub struct SessionsSettings {
    /// Name of the table, which holds nothing but sessions. The parameter `SessionsTableArns` has to name
    /// it too.
    pub table: String,
    /// Partition key of the table.
    pub key_attribute: String,
    /// Sort key of the table, if it has one.
    #[serde(default)]
    pub sort_key_attribute: Option<String>,
    /// Index on the user. None is needed where the table's own partition key names the user.
    #[serde(default)]
    pub user_index: Option<String>,
    /// Partition key of the index, which names the user; without an index it is `key_attribute`.
    #[serde(default)]
    pub user_index_attribute: Option<String>,
    /// How a session names its user, such as `USER#{key}`: `{key}` stands for the user's partition key,
    /// `{sort_key}` for the sort key. Without it, it is the partition key as it is.
    #[serde(default)]
    pub user_key: Option<String>,
    /// Says when a session began: seconds or milliseconds since 1970, or a time in ISO 8601. A session
    /// that does not say so is deleted too.
    pub began_attribute: String,
}

impl SessionsSettings {
    /// Where things are in it, for users with a sort key or without one.
    pub(super) fn mapping(
        &self,
        users_have_sort_key: bool,
        place: &mut SettingPath<'_>,
    ) -> Option<SessionsMapping> {
        let began = place.attribute("sessions.began_attribute", &self.began_attribute);
        let user = match (&self.user_index, &self.user_index_attribute) {
            (Some(_), attribute) => place.need(
                "sessions.user_index_attribute",
                attribute.clone(),
                "must be set with user_index",
            ),
            (None, None) => Some(self.key_attribute.clone()),
            (None, Some(_)) => {
                place.problem("sessions.user_index_attribute", "needs user_index");
                None
            }
        };
        let user_key = self.user_key.as_deref().and_then(|pattern| {
            place.need(
                "sessions.user_key",
                SessionUserKey::parse(pattern),
                "must hold {key} once, and {sort_key} no more than once",
            )
        });
        let names_sort_key = user_key
            .as_ref()
            .is_some_and(SessionUserKey::names_sort_key);
        place.require(
            users_have_sort_key || !names_sort_key,
            "sessions.user_key",
            "{sort_key} needs sort_key_attribute",
        );
        // Users of one partition must not end each other's sessions because nobody thought of it.
        place.require(
            !users_have_sort_key || self.user_key.is_some(),
            "sessions.user_key",
            "must be set: the key of users has two attributes",
        );
        Some(SessionsMapping {
            table: self.table.clone(),
            key: self.key_attribute.clone(),
            sort_key: self.sort_key_attribute.clone(),
            index: self.user_index.clone(),
            user: user?,
            user_key,
            began: began?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn problems(more: &Value, users_have_sort_key: bool) -> Vec<String> {
        let mut settings = json!({ "table": "s", "key_attribute": "sid", "began_attribute": "at" });
        for (name, value) in more.as_object().expect("an object") {
            settings[name] = value.clone();
        }
        let settings: SessionsSettings = serde_json::from_value(settings).expect("settings");
        let mut problems = Vec::new();
        let mut place = SettingPath::new(String::new(), &mut problems);
        let mapping = settings.mapping(users_have_sort_key, &mut place);
        assert!(mapping.is_some() || !problems.is_empty());
        let names = problems.iter().filter_map(|it| it.split(':').next());
        names.map(str::to_owned).collect()
    }

    #[test]
    fn what_names_the_user_is_said_once_and_fits_the_users_key() {
        let with_index = json!({ "user_index": "by-user", "user_index_attribute": "user" });
        let keyed = json!({ "user_key": "USER#{key}" });
        for good in [json!({}), with_index, keyed.clone()] {
            assert_eq!(problems(&good, false), [""; 0], "{good}");
        }
        assert_eq!(problems(&keyed, true), [""; 0]);
        for (bad, has_sort_key, name) in [
            (
                json!({ "user_index": "by-user" }),
                false,
                "user_index_attribute",
            ),
            (
                json!({ "user_index_attribute": "user" }),
                false,
                "user_index_attribute",
            ),
            (json!({ "user_key": "USER#" }), false, "user_key"),
            (json!({ "user_key": "{key}#{sort_key}" }), false, "user_key"),
            (json!({}), true, "user_key"),
            (
                json!({ "began_attribute": "a..b" }),
                false,
                "began_attribute",
            ),
        ] {
            let expected = [format!("sessions.{name}")];
            assert_eq!(problems(&bad, has_sort_key), expected, "{bad}");
        }
    }
}
