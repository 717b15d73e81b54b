//! The settings of a users table, by the names that they have in the apps file. In the environment
//! each is `USERS_` and the name in capitals.

use super::disabled::DisabledWhen;
use super::mapping::{EmailLookup, LookupKey, PublicAttributes, UserMapping, WithoutPassword};
use super::path::AttributePath;
use super::pattern::KeyPattern;

/// Every setting.
pub const USER_SETTINGS: [&str; 22] = [
    "table",
    "key_attribute",
    "sort_key_attribute",
    "email_index",
    "email_index_attribute",
    "email_index_sort_attribute",
    "email_key",
    "email_sort_key",
    "emails_lowercase",
    "email_attribute",
    "password_hash_attribute",
    "name_attribute",
    "locale_attribute",
    "disabled_attribute",
    "disabled_values",
    "id_attribute",
    "username_attribute",
    "created_attribute",
    "last_login_attribute",
    "public_attributes",
    "without_password",
    "sign_in_attribute",
];

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// Which of [`USER_SETTINGS`].
    pub setting: &'static str,
    /// A fragment such as `must be set`.
    pub problem: String,
}

/// Reads settings and collects what is wrong with them.
struct Settings<F> {
    setting: F,
    problems: Vec<SettingProblem>,
}

/// Settings do not fit together; the problem has been noted.
struct Unfit;

impl UserMapping {
    /// The mapping with these settings; a setting that is absent has its default.
    ///
    /// # Errors
    ///
    /// Every [`SettingProblem`], not only the first.
    pub fn read(setting: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<SettingProblem>> {
        let mut settings = Settings {
            setting,
            problems: Vec::new(),
        };
        let mapping = settings.mapping();
        match mapping {
            Some(mapping) if settings.problems.is_empty() => Ok(mapping),
            _ => Err(settings.problems),
        }
    }
}

impl<F: Fn(&str) -> Option<String>> Settings<F> {
    fn mapping(&mut self) -> Option<UserMapping> {
        let key = self.or("key_attribute", "id");
        let sort_key = self.optional("sort_key_attribute");
        let email = self.path("email_attribute", "email");
        let lookup = self.lookup(&key, sort_key.as_deref(), email.as_ref());
        let table = self.optional("table");
        if table.is_none() {
            self.problem("table", "must be set");
        }
        let disabled_values = self.or("disabled_values", "");
        // Everything is read before anything is missed, so that all problems are told at once.
        let password_hash = self.path("password_hash_attribute", "password_hash");
        let name = self.path("name_attribute", "name");
        let locale = self.path("locale_attribute", "locale");
        let disabled = self.path("disabled_attribute", "disabled");
        let id = self.path("id_attribute", &key);
        let username = self.path("username_attribute", "username");
        let created = self.path("created_attribute", "created");
        let last_login = self.path("last_login_attribute", "last_login");
        let sign_in = self.path("sign_in_attribute", "provider");
        let emails_lowercase = self.flag("emails_lowercase");
        let public = self.public();
        if let Some(secret) = &password_hash {
            self.keep_apart(
                secret,
                &[
                    ("email_attribute", email.as_ref()),
                    ("name_attribute", name.as_ref()),
                    ("locale_attribute", locale.as_ref()),
                    ("disabled_attribute", disabled.as_ref()),
                    ("id_attribute", id.as_ref()),
                    ("username_attribute", username.as_ref()),
                    ("created_attribute", created.as_ref()),
                    ("last_login_attribute", last_login.as_ref()),
                    ("sign_in_attribute", sign_in.as_ref()),
                ],
            );
            self.keep_writable(secret, &key, sort_key.as_deref(), lookup.as_ref());
        }
        let disabled_when = DisabledWhen::parse(&disabled_values);
        if !disabled_when.fits() {
            self.problem(
                "disabled_values",
                "are too many: DynamoDB compares with a hundred",
            );
        }
        let without_password = self.without_password();
        Some(UserMapping {
            table: table?,
            key,
            sort_key,
            lookup: lookup?,
            emails_lowercase,
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
            public,
            without_password,
            sign_in: sign_in?,
        })
    }

    fn lookup(
        &mut self,
        key: &str,
        sort_key: Option<&str>,
        email: Option<&AttributePath>,
    ) -> Option<EmailLookup> {
        let index = self.optional("email_index");
        let (partition, sort) = if index.is_some() {
            let partition = self.optional("email_index_attribute");
            let sort = self.optional("email_index_sort_attribute");
            (partition.or_else(|| top_level(email?)), sort)
        } else {
            self.check_key_lookup(key, email);
            (Some(key.to_owned()), sort_key.map(str::to_owned))
        };
        if partition.is_none() && email.is_some() {
            self.problem(
                "email_index_attribute",
                "must be set where the address stands inside a map, which no index has for a key",
            );
        }
        let value = self.partition_value();
        let sort = self.sort(index.is_some(), sort).ok()?;
        Some(EmailLookup {
            index,
            partition: LookupKey {
                attribute: partition?,
                value: value?,
            },
            sort,
        })
    }

    fn check_key_lookup(&mut self, key: &str, email: Option<&AttributePath>) {
        let keyed_by_address = email.and_then(top_level).as_deref() == Some(key);
        if !keyed_by_address && self.optional("email_key").is_none() {
            self.problem(
                "email_index",
                "must name an index, or email_key must say how the table's key is made from the \
                 address, when key_attribute is not email_attribute",
            );
        }
        for setting in ["email_index_attribute", "email_index_sort_attribute"] {
            if self.optional(setting).is_some() {
                self.problem(setting, "must not be set without email_index");
            }
        }
    }

    fn partition_value(&mut self) -> Option<KeyPattern> {
        let value = self.or("email_key", "{email}");
        let pattern = KeyPattern::parse(&value).filter(KeyPattern::names_the_address);
        if pattern.is_none() {
            self.problem("email_key", "must hold {email} once, as in EMAIL#{email}");
        }
        pattern
    }

    /// The sort key to look for, if there is one and its settings fit together.
    fn sort(
        &mut self,
        by_index: bool,
        attribute: Option<String>,
    ) -> Result<Option<LookupKey>, Unfit> {
        let value = self.optional("email_sort_key");
        match (attribute, value) {
            (None, None) => Ok(None),
            (Some(attribute), Some(value)) => {
                let value = KeyPattern::parse(&value);
                if value.is_none() {
                    self.problem("email_sort_key", "must hold {email} no more than once");
                }
                let value = value.ok_or(Unfit)?;
                Ok(Some(LookupKey { attribute, value }))
            }
            (Some(_), None) => {
                self.problem("email_sort_key", "must be set: the key has two attributes");
                Err(Unfit)
            }
            (None, Some(_)) => {
                let needed = if by_index {
                    "needs email_index_sort_attribute"
                } else {
                    "needs sort_key_attribute"
                };
                self.problem("email_sort_key", needed);
                Err(Unfit)
            }
        }
    }

    /// What is read must not be the password hash, nor stand around or inside it: people are told
    /// some of it, and writing the hash would destroy the rest.
    fn keep_apart(
        &mut self,
        secret: &AttributePath,
        others: &[(&'static str, Option<&AttributePath>)],
    ) {
        for (setting, path) in others {
            if path.is_some_and(|path| path.overlaps(secret)) {
                self.problem(setting, "must stand apart from password_hash_attribute");
            }
        }
    }

    /// The password hash must be an attribute that can be written, and that nothing else writes.
    fn keep_writable(
        &mut self,
        secret: &AttributePath,
        key: &str,
        sort_key: Option<&str>,
        lookup: Option<&EmailLookup>,
    ) {
        let written = ["credential_version", "sessions_valid_after"];
        let partition = lookup.map(|lookup| lookup.partition.attribute.as_str());
        let sort = lookup.and_then(|lookup| Some(lookup.sort.as_ref()?.attribute.as_str()));
        let others = [Some(key), sort_key, partition, sort].into_iter().flatten();
        let first = secret.names().first().map(String::as_str);
        if others.chain(written).any(|name| Some(name) == first) {
            self.problem(
                "password_hash_attribute",
                "must be neither a key attribute nor one that a reset writes besides",
            );
        }
    }

    fn public(&mut self) -> PublicAttributes {
        let Some(list) = self.optional("public_attributes") else {
            return PublicAttributes::default();
        };
        PublicAttributes::parse(&list).unwrap_or_else(|| {
            let all = PublicAttributes::ALL.join(", ");
            self.problem("public_attributes", format!("must be some of {all}"));
            PublicAttributes::default()
        })
    }

    fn without_password(&mut self) -> WithoutPassword {
        match self.optional("without_password").as_deref() {
            None | Some("set-first") => WithoutPassword::SetFirst,
            Some("tell-how-to-sign-in") => WithoutPassword::TellHowToSignIn,
            Some(_) => {
                self.problem(
                    "without_password",
                    "must be set-first or tell-how-to-sign-in",
                );
                WithoutPassword::default()
            }
        }
    }

    fn flag(&mut self, name: &'static str) -> bool {
        match self.optional(name).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                self.problem(name, "must be true or false");
                false
            }
        }
    }

    fn path(&mut self, name: &'static str, default: &str) -> Option<AttributePath> {
        let path = AttributePath::parse(&self.or(name, default));
        if path.is_none() {
            self.problem(name, "must be names with dots between them");
        }
        path
    }

    fn or(&self, name: &str, default: &str) -> String {
        self.optional(name).unwrap_or_else(|| default.to_owned())
    }

    fn optional(&self, name: &str) -> Option<String> {
        let value = (self.setting)(name)?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    fn problem(&mut self, setting: &'static str, problem: impl Into<String>) {
        self.problems.push(SettingProblem {
            setting,
            problem: problem.into(),
        });
    }
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
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<UserMapping, Vec<SettingProblem>> {
        UserMapping::read(|name| {
            let found = settings.iter().find(|(setting, _)| *setting == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn problems(settings: &[(&str, &str)]) -> Vec<&'static str> {
        let problems = read(settings).err().unwrap_or_default();
        problems.iter().map(|problem| problem.setting).collect()
    }

    #[test]
    fn a_table_and_an_index_are_enough() {
        let mapping = read(&[("table", "users"), ("email_index", "by-email")]);
        let lookup = mapping.expect("good settings").lookup;
        assert_eq!(lookup.partition.attribute, "email");
        assert_eq!(lookup.partition.value, KeyPattern::default());
        assert_eq!(lookup.sort, None);
    }

    #[test]
    fn a_table_may_be_keyed_by_the_address() {
        let keyed = [("table", "users"), ("key_attribute", "email")];
        assert_eq!(read(&keyed).expect("good settings").lookup.index, None);
        assert_eq!(problems(&[("table", "users")]), ["email_index"]);
        let prefixed = [
            ("table", "app"),
            ("key_attribute", "PK"),
            ("sort_key_attribute", "SK"),
            ("email_key", "USER#{email}"),
            ("email_sort_key", "PROFILE"),
        ];
        let lookup = read(&prefixed).expect("good settings").lookup;
        assert_eq!(lookup.partition.value.fill("a@b.c"), "USER#a@b.c");
        assert_eq!(lookup.sort.expect("a sort key").attribute, "SK");
        assert_eq!(problems(&prefixed[..4]), ["email_sort_key"]);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let found = problems(&[
            ("email_index", "by-email"),
            ("email_key", "EMAIL#"),
            ("email_sort_key", "PROFILE"),
            ("name_attribute", "profile."),
            ("emails_lowercase", "yes"),
            ("public_attributes", "id,password_hash"),
            ("without_password", "no"),
        ]);
        let expected = [
            "email_key",
            "email_sort_key",
            "table",
            "name_attribute",
            "emails_lowercase",
            "public_attributes",
            "without_password",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_password_hash_is_never_what_people_are_told() {
        let found = problems(&[
            ("table", "users"),
            ("email_index", "by-email"),
            ("password_hash_attribute", "secret.hash"),
            ("username_attribute", "secret.hash"),
            ("sign_in_attribute", "secret"),
            ("name_attribute", "secret.hint"),
        ]);
        assert_eq!(found, ["username_attribute", "sign_in_attribute"]);
    }

    #[test]
    fn the_password_hash_is_no_key_and_nothing_else_that_is_written() {
        for hash in [
            "id",
            "email",
            "credential_version.x",
            "sessions_valid_after",
        ] {
            let found = problems(&[
                ("table", "users"),
                ("email_index", "by-email"),
                ("id_attribute", "number"),
                ("password_hash_attribute", hash),
            ]);
            assert!(
                found.contains(&"password_hash_attribute"),
                "{hash}: {found:?}"
            );
        }
    }

    #[test]
    fn an_address_inside_a_map_needs_to_be_told_the_index_key() {
        let nested = [
            ("table", "users"),
            ("email_index", "by-email"),
            ("email_attribute", "profile.email"),
        ];
        assert_eq!(problems(&nested), ["email_index_attribute"]);
        let told = [
            nested[0],
            nested[1],
            nested[2],
            ("email_index_attribute", "gsi1"),
        ];
        assert_eq!(problems(&told), [""; 0]);
    }
}
