use std::collections::BTreeMap;

use super::*;

/// A complete environment, whose apps file is the one that ships.
fn complete() -> BTreeMap<&'static str, String> {
    let apps = concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/apps/apps.json");
    BTreeMap::from([
        ("APPS_FILE", apps.to_owned()),
        ("PSEUDONYM_KEY", "k".repeat(32)),
        ("PUBLIC_URL", "https://api.example.com".to_owned()),
        ("REQUEST_RESET_MODE", "mail-worker".to_owned()),
        ("TOKENS_TABLE", "tokens".to_owned()),
        ("USERS_EMAIL_INDEX", "email-index".to_owned()),
        ("USERS_TABLE", "users".to_owned()),
    ])
}

fn lookup(environment: BTreeMap<&'static str, String>) -> impl Lookup {
    move |name: &str| environment.get(name).cloned()
}

fn problems(change: impl FnOnce(&mut BTreeMap<&'static str, String>)) -> Vec<String> {
    let mut environment = complete();
    change(&mut environment);
    let read = RequestResetConfig::read(lookup(environment));
    read.map_or_else(|error| error.problems().to_vec(), |_| Vec::new())
}

#[test]
fn a_complete_environment_is_enough_for_every_function() {
    assert_eq!(problems(|_| ()), Vec::<String>::new());
    assert!(VerifyConfig::read(lookup(complete())).is_ok());
    assert!(ConfirmConfig::read(lookup(complete())).is_ok());
    let http = problems(|environment| {
        environment.insert("REQUEST_RESET_MODE", "http".into());
        environment.remove("USERS_TABLE");
        environment.remove("PUBLIC_URL");
    });
    assert_eq!(http, Vec::<String>::new());
}

#[test]
fn a_service_is_where_its_own_variable_says_else_where_all_are() {
    let mut environment = complete();
    environment.insert("AWS_ENDPOINT_URL", "http://localhost:4566".into());
    environment.insert("AWS_ENDPOINT_URL_SESV2", "http://localhost:8005".into());
    let config = VerifyConfig::read(lookup(environment)).expect("good settings");
    let endpoints = config.common.aws.endpoints;
    assert_eq!(endpoints.dynamodb.as_deref(), Some("http://localhost:4566"));
    assert_eq!(endpoints.ses.as_deref(), Some("http://localhost:8005"));
    let config = VerifyConfig::read(lookup(complete())).expect("good settings");
    assert_eq!(config.common.aws.endpoints, Endpoints::default());
}

#[test]
fn blank_means_not_set() {
    let found = problems(|environment| {
        environment.insert("SES_CONFIGURATION_SET", String::new());
        environment.insert("SOURCE_LIMIT", " ".into());
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn one_message_names_every_bad_variable() {
    let found = problems(|environment| {
        environment.remove("TOKENS_TABLE");
        environment.remove("USERS_TABLE");
        environment.insert("PSEUDONYM_KEY", "short".into());
        environment.insert("LOG_LEVEL", "loud".into());
        environment.insert("LINK_LIFETIME_SECONDS", "1".into());
        environment.insert("SOURCE_LIMIT", "many".into());
        environment.insert("MAILS_PER_HOUR", "59".into());
        environment.insert("PUBLIC_URL", "https://api.example.com/path".into());
        environment.insert("APPS_FILE", "/nowhere/apps.json".into());
        environment.insert("ARGON2_PARALLELISM", "-1".into());
    });
    let mut names: Vec<_> = found
        .iter()
        .filter_map(|problem| problem.split(':').next())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "APPS_FILE",
            "ARGON2_PARALLELISM",
            "LINK_LIFETIME_SECONDS",
            "LOG_LEVEL",
            "MAILS_PER_HOUR",
            "PSEUDONYM_KEY",
            "PUBLIC_URL",
            "SOURCE_LIMIT",
            "TOKENS_TABLE",
            "USERS_TABLE",
        ]
    );
}

#[test]
fn an_index_is_needed_where_the_key_is_not_the_address() {
    let found = problems(|environment| {
        environment.remove("USERS_EMAIL_INDEX");
    });
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("USERS_EMAIL_INDEX"));
    let found = problems(|environment| {
        environment.remove("USERS_EMAIL_INDEX");
        environment.insert("USERS_KEY_ATTRIBUTE", "email".into());
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_code_never_outlives_its_link() {
    let mut environment = complete();
    environment.insert("LINK_LIFETIME_SECONDS", "300".into());
    let config = VerifyConfig::read(lookup(environment)).expect("good settings");
    assert_eq!(config.common.limits.code_lifetime.as_secs(), 300);
}

#[test]
fn the_mode_must_be_one_of_two() {
    for mode in ["", "worker"] {
        let found = problems(|environment| {
            environment.insert("REQUEST_RESET_MODE", mode.into());
        });
        assert_eq!(found.len(), 1, "{mode}: {found:?}");
    }
}

#[test]
fn an_app_s_own_users_table_is_checked_with_everything_else() {
    let folder = std::env::temp_dir().join("apps-with-users-of-their-own.json");
    let shipped = std::fs::read_to_string(&complete()["APPS_FILE"]).expect("the file");
    let mut file: serde_json::Value = serde_json::from_str(&shipped).expect("JSON");
    file["apps"][0]["users"] = serde_json::json!({ "tabel": "people", "email_key": "x" });
    std::fs::write(&folder, file.to_string()).expect("the file is written");
    let found = problems(|environment| {
        environment.insert("APPS_FILE", folder.display().to_string());
        environment.insert("USERS_EMAIL_KEY", "EMAIL#".to_owned());
    });
    let own = |problem: &str| format!("APPS_FILE: app \"main\": users.{problem}");
    assert_eq!(
        found,
        [
            "USERS_EMAIL_KEY: must hold {email} once, as in EMAIL#{email}".to_owned(),
            own("tabel: no such setting"),
            own("email_key: must hold {email} once, as in EMAIL#{email}"),
            own("table: must be set"),
        ]
    );
}

#[test]
fn both_functions_that_tell_the_policy_know_what_the_format_takes() {
    for (format, max_bytes) in [("", None), ("bcrypt", Some(72)), ("scrypt", None)] {
        let mut environment = complete();
        environment.insert("PASSWORD_HASH_FORMAT", format.into());
        let verify = VerifyConfig::read(lookup(environment.clone())).expect("good settings");
        let confirm = ConfirmConfig::read(lookup(environment)).expect("good settings");
        assert_eq!(verify.policy.max_bytes, max_bytes, "{format}");
        assert_eq!(confirm.policy, verify.policy, "{format}");
    }
}

#[test]
fn the_longest_password_is_never_below_64() {
    let mut environment = complete();
    environment.insert("PASSWORD_MAX_LENGTH", "63".into());
    let error = VerifyConfig::read(lookup(environment)).expect_err("too short");
    assert!(error.to_string().contains("PASSWORD_MAX_LENGTH"), "{error}");
}

#[test]
fn an_unknown_format_is_named_once_and_no_cost_is_below_owasp_s() {
    let mut environment = complete();
    environment.insert("PASSWORD_HASH_FORMAT", "md5".into());
    environment.insert("PBKDF2_ITERATIONS", "599999".into());
    let error = ConfirmConfig::read(lookup(environment)).expect_err("bad settings");
    assert_eq!(
        error.problems(),
        [
            "PASSWORD_HASH_FORMAT: must be argon2id, bcrypt, scrypt or pbkdf2-django",
            "PBKDF2_ITERATIONS: must be a whole number from 600000 to 5000000",
        ]
    );
}

#[test]
fn an_edge_needs_its_secret_and_no_edge_needs_none() {
    let read = |mode: &str, secret: &str| {
        let mut environment = complete();
        environment.insert("EDGE_MODE", mode.to_owned());
        environment.insert("EDGE_SECRET", secret.to_owned());
        VerifyConfig::read(lookup(environment)).map(|config| config.edge)
    };
    let secret = "s".repeat(32);
    assert_eq!(read("", ""), Ok(Edge::off()));
    assert_eq!(read("off", &secret), Ok(Edge::off()));
    assert_eq!(read("optional", &secret), Ok(Edge::optional(&secret)));
    assert_eq!(read("required", &secret), Ok(Edge::required(&secret)));
    for (mode, secret, name) in [
        ("required", "", "EDGE_SECRET"),
        ("optional", "short", "EDGE_SECRET"),
        ("on", secret.as_str(), "EDGE_MODE"),
    ] {
        let problems = read(mode, secret).expect_err("a wrong setting");
        assert!(problems.problems()[0].starts_with(name), "{problems}");
    }
}

#[test]
fn noting_reports_needs_neither_users_nor_a_url() {
    let found = problems(|environment| {
        environment.insert("REQUEST_RESET_MODE", "mail-reports".into());
        environment.remove("USERS_TABLE");
        environment.remove("PUBLIC_URL");
    });
    assert_eq!(found, Vec::<String>::new());
}
