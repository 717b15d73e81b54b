use std::collections::BTreeMap;

use serde::Deserialize;
use strum::VariantArray as _;

use super::problems::{SettingPath, SettingsError, finish};
use super::{SessionsSettings, Settings};
use crate::adapters::dynamodb::{
    AttributePath, DisabledWhen, EmailLookup, KeyPattern, LookupKey, OnReset, PublicAttribute,
    UserMapping, UserTables, WithoutPassword,
};
use crate::domain::AppId;

/// A users table: where things are in it. An attribute inside a map is written with dots between
/// the names (`profile.email`).
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct UsersSettings {
    /// Name of the table. Where the table of all apps has none here, it is the one that the template
    /// makes or `UsersTableArns` begins with.
    pub table: Option<String>,
    /// Partition key of the table.
    pub key_attribute: String,
    /// Sort key of the table, if it has one.
    pub sort_key_attribute: Option<String>,
    /// Index on the address. None is needed only where the table's key is made from the address.
    pub email_index: Option<String>,
    /// Partition key of the index; `email_attribute` where none is given.
    pub email_index_attribute: Option<String>,
    /// Sort key of the index, where users share the partition with other items.
    pub email_index_sort_attribute: Option<String>,
    /// Value of the partition key, of the index or else of the table, that an address is looked for
    /// by, such as `EMAIL#{email}`; the address itself where none is given.
    pub email_key: Option<String>,
    /// Value of the sort key that it is looked for by, such as PROFILE; it may hold `{email}`.
    pub email_sort_key: Option<String>,
    /// Whether every stored address is in lower case, its domain in ASCII. Otherwise an address is
    /// looked for as it was typed first.
    pub emails_lowercase: bool,
    /// Address.
    pub email_attribute: String,
    /// Password hash.
    pub password_hash_attribute: String,
    /// Name to greet with.
    pub name_attribute: String,
    /// Language of mails, a tag such as de or pt-BR.
    pub locale_attribute: String,
    /// Says whether an account is switched off.
    pub disabled_attribute: String,
    /// Its values that mean so, as text, whether they are stored as strings, booleans or numbers.
    /// Without any, all mean so but false and NULL.
    pub disabled_values: Vec<String>,
    /// What software calls a user, as id in Backstack's answer; `key_attribute` where none is given.
    pub id_attribute: Option<String>,
    /// The name that a user logs in with.
    pub username_attribute: String,
    /// Time when a user was created.
    pub created_attribute: String,
    /// Time of a user's last login.
    pub last_login_attribute: String,
    /// What Backstack's answer, which names the user, says of them.
    pub public_attributes: Vec<PublicAttribute>,
    /// What becomes of people without a password hash, who sign in elsewhere.
    pub without_password: WithoutPassword,
    /// Whom they sign in with: a string, a list or a set.
    pub sign_in_attribute: String,
    /// What a reset writes into the user besides the password, at most ten attributes: for instance
    /// `{"set": {"email_verified": true}, "remove": ["failed_logins", "locked_until"]}`.
    pub on_reset: OnReset,
    /// Other addresses that get a mail when the password was changed: a text, a list or a set, of which
    /// five are mailed. Only the account's own address gets one where none is given.
    pub notice_emails_attribute: Option<String>,
    /// A table of its own that holds the sessions. Without it no session is deleted.
    pub sessions: Option<SessionsSettings>,
}

impl Default for UsersSettings {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            table: None,
            key_attribute: text("id"),
            sort_key_attribute: None,
            email_index: None,
            email_index_attribute: None,
            email_index_sort_attribute: None,
            email_key: None,
            email_sort_key: None,
            emails_lowercase: false,
            email_attribute: text("email"),
            password_hash_attribute: text("password_hash"),
            name_attribute: text("name"),
            locale_attribute: text("locale"),
            disabled_attribute: text("disabled"),
            disabled_values: Vec::new(),
            id_attribute: None,
            username_attribute: text("username"),
            created_attribute: text("created"),
            last_login_attribute: text("last_login"),
            public_attributes: PublicAttribute::VARIANTS.to_vec(),
            without_password: WithoutPassword::default(),
            sign_in_attribute: text("provider"),
            on_reset: OnReset::default(),
            notice_emails_attribute: None,
            sessions: None,
        }
    }
}

impl Settings {
    /// The users table of each app. `made` is the one that the template names, for where the file
    /// names none.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] with every problem.
    pub fn user_tables(&self, made: Option<&str>) -> Result<UserTables, SettingsError> {
        let mut problems = Vec::new();
        let mut place = SettingPath::new("users".to_owned(), &mut problems);
        let default = self.users.mapping(made, &mut place);
        let mut own = BTreeMap::new();
        for (id, app) in &self.apps {
            let mut place = SettingPath::new(format!("apps.{id}.users"), &mut problems);
            let mapping = app
                .users
                .as_ref()
                .and_then(|it| it.mapping(None, &mut place));
            own.extend(AppId::new(id).zip(mapping));
        }
        let tables = default.map(|default| UserTables::new(default, own));
        if let Some(tables) = &tables {
            keep_users(tables, &mut problems);
        }
        finish(tables, problems)
    }
}

impl UsersSettings {
    /// Where things are in this table; in `made`, if it has no name here.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] with every problem.
    pub fn user_mapping(&self, made: Option<&str>) -> Result<UserMapping, SettingsError> {
        let mut problems = Vec::new();
        let mapping = self.mapping(
            made,
            &mut SettingPath::new("users".to_owned(), &mut problems),
        );
        finish(mapping, problems)
    }

    fn mapping(&self, made: Option<&str>, place: &mut SettingPath<'_>) -> Option<UserMapping> {
        let table = self.table.as_deref().or(made);
        let table = place.need("table", table, "must be set");
        // Everything is read before anything is missed, so that all problems are reported at once.
        let password_hash =
            place.attribute("password_hash_attribute", &self.password_hash_attribute);
        // What is read must not be the password hash, nor stand around or inside it: answers show some of
        // it, and writing the hash would destroy the rest.
        let mut path = |name, text: &str| {
            let path = place.attribute(name, text)?;
            let hash = password_hash.as_ref();
            let apart = hash.is_none_or(|hash| !path.overlaps(hash));
            place.require(apart, name, "must stand apart from password_hash_attribute");
            Some(path)
        };
        let email = path("email_attribute", &self.email_attribute);
        let name = path("name_attribute", &self.name_attribute);
        let locale = path("locale_attribute", &self.locale_attribute);
        let disabled = path("disabled_attribute", &self.disabled_attribute);
        let id = self.id_attribute.as_ref().unwrap_or(&self.key_attribute);
        let id = path("id_attribute", id);
        let username = path("username_attribute", &self.username_attribute);
        let created = path("created_attribute", &self.created_attribute);
        let last_login = path("last_login_attribute", &self.last_login_attribute);
        let sign_in = path("sign_in_attribute", &self.sign_in_attribute);
        let notice_emails = self.notice_emails_attribute.as_ref();
        let notice_emails = notice_emails.and_then(|text| path("notice_emails_attribute", text));
        let lookup = self.lookup(email.as_ref(), place);
        let has_sort_key = self.sort_key_attribute.is_some();
        let sessions = self.sessions.as_ref();
        let sessions = sessions.and_then(|it| it.mapping(has_sort_key, place));
        if let Some(hash) = &password_hash {
            self.keep_writable(hash, lookup.as_ref(), place);
        }
        let kept = [password_hash.as_ref(), email.as_ref(), disabled.as_ref()];
        let kept = kept.into_iter().flatten().filter_map(first_name);
        self.check_on_reset(kept.collect(), lookup.as_ref(), place);
        let disabled_when = DisabledWhen::one_of(self.disabled_values.clone());
        let fits = disabled_when.fits();
        let problem = "are too many: DynamoDB compares with a hundred";
        place.require(fits, "disabled_values", problem);
        Some(UserMapping {
            table: table?.to_owned(),
            key: self.key_attribute.clone(),
            sort_key: self.sort_key_attribute.clone(),
            lookup: lookup?,
            emails_lowercase: self.emails_lowercase,
            email: email?,
            password_hash: password_hash?,
            name: name?,
            locale: locale?,
            disabled: disabled?,
            disabled_when,
            id: id?,
            username: username?,
            created: created?,
            last_login: last_login?,
            public: self.public_attributes.clone(),
            without_password: self.without_password,
            sign_in: sign_in?,
            on_reset: self.on_reset.clone(),
            notice_emails,
            sessions,
        })
    }

    fn lookup(
        &self,
        email: Option<&AttributePath>,
        place: &mut SettingPath<'_>,
    ) -> Option<EmailLookup> {
        let (partition, sort) = if self.email_index.is_some() {
            let partition = self.email_index_attribute.clone();
            let sort = self.email_index_sort_attribute.clone();
            (partition.or_else(|| top_level(email?)), sort)
        } else {
            self.check_key_lookup(email, place);
            (
                Some(self.key_attribute.clone()),
                self.sort_key_attribute.clone(),
            )
        };
        place.require(
            partition.is_some() || email.is_none(),
            "email_index_attribute",
            "must be set where the address stands inside a map, which no index has for a key",
        );
        let value = match &self.email_key {
            None => Some(KeyPattern::default()),
            Some(text) => KeyPattern::parse(text).filter(KeyPattern::names_the_address),
        };
        let problem = "must hold {email} once, as in EMAIL#{email}";
        let value = place.need("email_key", value, problem);
        let sort = self.sort(sort, place);
        Some(EmailLookup {
            index: self.email_index.clone(),
            partition: LookupKey {
                attribute: partition?,
                value: value?,
            },
            sort,
        })
    }

    fn check_key_lookup(&self, email: Option<&AttributePath>, place: &mut SettingPath<'_>) {
        let keyed_by_address = email.and_then(top_level).as_ref() == Some(&self.key_attribute);
        place.require(
            keyed_by_address || self.email_key.is_some(),
            "email_index",
            "must name an index, or email_key must say how the table's key is made from the address, \
             when key_attribute is not email_attribute",
        );
        for (name, value) in [
            ("email_index_attribute", &self.email_index_attribute),
            (
                "email_index_sort_attribute",
                &self.email_index_sort_attribute,
            ),
        ] {
            place.require(value.is_none(), name, "must not be set without email_index");
        }
    }

    /// The sort key to look for, if the key has two attributes.
    fn sort(&self, attribute: Option<String>, place: &mut SettingPath<'_>) -> Option<LookupKey> {
        let name = "email_sort_key";
        match (attribute, &self.email_sort_key) {
            (None, None) => None,
            (Some(attribute), Some(text)) => {
                let value = KeyPattern::parse(text);
                let value = place.need(name, value, "must hold {email} no more than once")?;
                Some(LookupKey { attribute, value })
            }
            (Some(_), None) => {
                place.problem(name, "must be set: the key has two attributes");
                None
            }
            (None, Some(_)) => {
                let needed = match self.email_index {
                    Some(_) => "needs email_index_sort_attribute",
                    None => "needs sort_key_attribute",
                };
                place.problem(name, needed);
                None
            }
        }
    }

    /// The password hash must be an attribute that can be written, and that nothing else writes.
    fn keep_writable(
        &self,
        secret: &AttributePath,
        lookup: Option<&EmailLookup>,
        place: &mut SettingPath<'_>,
    ) {
        let first = first_name(secret);
        place.require(
            self.reserved(lookup).all(|name| Some(name) != first),
            "password_hash_attribute",
            "must be neither a key attribute nor one that a reset writes besides",
        );
    }

    /// Attributes that are keys, or that every reset writes.
    fn reserved<'a>(&'a self, lookup: Option<&'a EmailLookup>) -> impl Iterator<Item = &'a str> {
        let partition = lookup.map(|lookup| lookup.partition.attribute.as_str());
        let sort = lookup.and_then(|lookup| Some(lookup.sort.as_ref()?.attribute.as_str()));
        let keys = [
            Some(self.key_attribute.as_str()),
            self.sort_key_attribute.as_deref(),
            partition,
            sort,
        ];
        let written = ["credential_version", "sessions_valid_after"];
        keys.into_iter().flatten().chain(written)
    }

    /// What a reset writes besides must be attributes of the team's own, each once, whole: one
    /// inside a map that is missing would make DynamoDB refuse the whole reset.
    fn check_on_reset(
        &self,
        kept: Vec<&str>,
        lookup: Option<&EmailLookup>,
        place: &mut SettingPath<'_>,
    ) {
        let mut seen: Vec<_> = kept.into_iter().chain(self.reserved(lookup)).collect();
        for name in self.on_reset.names() {
            let whole = AttributePath::parse(name)
                .as_ref()
                .and_then(top_level)
                .is_some();
            place.require(
                whole,
                "on_reset",
                format!("{name:?} must be a name without dots"),
            );
            place.require(
                !seen.contains(&name),
                "on_reset",
                format!(
                    "{name:?} must be neither a key, the address, the password hash nor the flag \
                     of a disabled account, nor be written twice"
                ),
            );
            seen.push(name);
        }
        let few = self.on_reset.names().count() <= OnReset::MAX;
        place.require(few, "on_reset", "must write no more than ten attributes");
    }
}

/// A right to delete sessions must never be one to delete users.
fn keep_users(tables: &UserTables, problems: &mut Vec<String>) {
    for (app, users) in tables.all() {
        let Some(sessions) = &users.sessions else {
            continue;
        };
        let path = app.map(|app| format!("apps.{}.users", app.as_str()));
        let path = path.unwrap_or_else(|| "users".to_owned());
        SettingPath::new(path, problems).require(
            tables.all().all(|(_, it)| it.table != sessions.table),
            "sessions.table",
            "must not be a users table: where both stand in one, compare sessions_valid_after",
        );
    }
}

/// The name of the attribute, or of the outermost map around it.
fn first_name(path: &AttributePath) -> Option<&str> {
    path.names().first().map(String::as_str)
}

/// The name of an attribute that stands in no map.
fn top_level(path: &AttributePath) -> Option<String> {
    match path.names() {
        [name] => Some(name.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(settings: &Value) -> (Option<UserMapping>, Vec<String>) {
        let settings: UsersSettings = serde_json::from_value(settings.clone()).expect("settings");
        let mut problems = Vec::new();
        let mapping = settings.mapping(None, &mut SettingPath::new(String::new(), &mut problems));
        (mapping, problems)
    }

    fn good(settings: &Value) -> EmailLookup {
        let (mapping, problems) = read(settings);
        assert_eq!(problems, [""; 0]);
        mapping.expect("good settings").lookup
    }

    fn problems(settings: &Value) -> Vec<String> {
        let (_, problems) = read(settings);
        let names = problems.iter().filter_map(|it| it.split(':').next());
        names.map(str::to_owned).collect()
    }

    #[test]
    fn a_table_and_an_index_are_enough() {
        let lookup = good(&json!({ "table": "users", "email_index": "by-email" }));
        assert_eq!(lookup.partition.attribute, "email");
        assert_eq!(lookup.partition.value, KeyPattern::default());
        assert_eq!(lookup.sort, None);
    }

    #[test]
    fn a_table_may_be_keyed_by_the_address() {
        let keyed = json!({ "table": "users", "key_attribute": "email" });
        assert_eq!(good(&keyed).index, None);
        assert_eq!(problems(&json!({ "table": "users" })), ["email_index"]);
        let mut prefixed = json!({
            "table": "app",
            "key_attribute": "PK",
            "sort_key_attribute": "SK",
            "email_key": "USER#{email}",
            "email_sort_key": "PROFILE",
        });
        let lookup = good(&prefixed);
        assert_eq!(lookup.partition.value.fill("a@b.c"), "USER#a@b.c");
        assert_eq!(lookup.sort.expect("a sort key").attribute, "SK");
        prefixed["email_sort_key"] = Value::Null;
        assert_eq!(problems(&prefixed), ["email_sort_key"]);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let found = problems(&json!({
            "email_index": "by-email",
            "email_key": "EMAIL#",
            "email_sort_key": "PROFILE",
            "name_attribute": "profile.",
            "notice_emails_attribute": ".contacts",
        }));
        let expected = [
            "table",
            "name_attribute",
            "notice_emails_attribute",
            "email_key",
            "email_sort_key",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_password_hash_is_never_what_people_are_told() {
        let found = problems(&json!({
            "table": "users",
            "email_index": "by-email",
            "password_hash_attribute": "secret.hash",
            "username_attribute": "secret.hash",
            "sign_in_attribute": "secret",
            "name_attribute": "secret.hint",
            "notice_emails_attribute": "secret",
        }));
        let expected = [
            "username_attribute",
            "sign_in_attribute",
            "notice_emails_attribute",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_password_hash_is_no_key_and_nothing_else_that_is_written() {
        for hash in [
            "id",
            "email",
            "credential_version.x",
            "sessions_valid_after",
        ] {
            let found = problems(&json!({
                "table": "users",
                "email_index": "by-email",
                "id_attribute": "number",
                "password_hash_attribute": hash,
            }));
            let named = found.iter().any(|it| it == "password_hash_attribute");
            assert!(named, "{hash}: {found:?}");
        }
    }

    #[test]
    fn a_reset_writes_attributes_of_the_team_s_own_besides() {
        let with = |on_reset: Value| {
            let (_, found) = read(&json!({
                "table": "users",
                "email_index": "by-email",
                "password_hash_attribute": "secret.hash",
                "on_reset": on_reset,
            }));
            found
        };
        let good = json!({
            "set": { "email_verified": true, "changed": "{now}", "level": -1 },
            "remove": ["failed_logins", "locked_until"],
        });
        assert_eq!(with(good), [""; 0]);
        for name in [
            "id",
            "email",
            "secret",
            "disabled",
            "credential_version",
            "sessions_valid_after",
            "profile.verified",
            "",
        ] {
            let set = with(json!({ "set": { name: true } }));
            let removed = with(json!({ "remove": [name] }));
            assert_eq!((set.len(), removed.len()), (1, 1), "{name}: {set:?}");
            assert!(
                set[0].starts_with(&format!("on_reset: {name:?} must be")),
                "{set:?}"
            );
        }
        let twice = json!({ "set": { "locked": false }, "remove": ["locked"] });
        assert_eq!(with(twice).len(), 1);
        let eleven: Vec<_> = (0..11).map(|n| format!("a{n}")).collect();
        assert_eq!(with(json!({ "remove": eleven })).len(), 1);
    }

    #[test]
    fn an_address_inside_a_map_needs_to_be_told_the_index_key() {
        let mut nested = json!({
            "table": "users",
            "email_index": "by-email",
            "email_attribute": "profile.email",
        });
        assert_eq!(problems(&nested), ["email_index_attribute"]);
        nested["email_index_attribute"] = json!("gsi1");
        assert_eq!(problems(&nested), [""; 0]);
    }
}
