use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::adapters::aws::Endpoints;
use crate::http::Edge;

/// A complete environment, whose settings file is the one that ships.
fn complete() -> BTreeMap<&'static str, String> {
    let settings = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../infra/settings/settings.json"
    );
    BTreeMap::from([
        ("KNOWN_PASSWORDS_FILE", "/opt/known-passwords".to_owned()),
        ("PSEUDONYM_KEY", "k".repeat(32)),
        ("PUBLIC_URL", "https://api.example.com".to_owned()),
        ("REQUEST_RESET_MODE", "mail-worker".to_owned()),
        ("SETTINGS_FILE", settings.to_owned()),
        ("TOKENS_TABLE", "tokens".to_owned()),
        ("USERS_TABLE", "users".to_owned()),
    ])
}

fn lookup(environment: BTreeMap<&'static str, String>) -> impl Env {
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
    // Neither asks about users, or makes links.
    for mode in ["http", "mail-reports"] {
        let found = problems(|environment| {
            environment.insert("REQUEST_RESET_MODE", mode.into());
            environment.remove("USERS_TABLE");
            environment.remove("PUBLIC_URL");
        });
        assert_eq!(found, Vec::<String>::new(), "{mode}");
    }
}

#[test]
fn a_service_is_where_its_own_variable_says_else_where_all_are() {
    let mut environment = complete();
    environment.insert("AWS_ENDPOINT_URL", "http://localhost:4566".into());
    environment.insert("AWS_ENDPOINT_URL_SESV2", "http://localhost:8005".into());
    let config = VerifyConfig::read(lookup(environment)).expect("good settings");
    let endpoints = config.http.common.aws.endpoints;
    assert_eq!(endpoints.dynamodb.as_deref(), Some("http://localhost:4566"));
    assert_eq!(endpoints.ses.as_deref(), Some("http://localhost:8005"));
    let config = VerifyConfig::read(lookup(complete())).expect("good settings");
    assert_eq!(config.http.common.aws.endpoints, Endpoints::default());
}

#[test]
fn blank_means_not_set() {
    let found = problems(|environment| {
        environment.insert("SES_CONFIGURATION_SET", String::new());
        environment.insert("LINK_LIFETIME_SECONDS", " ".into());
    });
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn one_message_names_every_bad_variable() {
    let found = problems(|environment| {
        environment.remove("TOKENS_TABLE");
        environment.insert("PSEUDONYM_KEY", "short".into());
        environment.insert("LINK_LIFETIME_SECONDS", "1".into());
        environment.insert("PUBLIC_URL", "https://api.example.com/path".into());
        environment.insert("SETTINGS_FILE", "/nowhere/settings.json".into());
    });
    let mut names: Vec<_> = found
        .iter()
        .filter_map(|problem| problem.split(':').next())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "LINK_LIFETIME_SECONDS",
            "PSEUDONYM_KEY",
            "PUBLIC_URL",
            "SETTINGS_FILE",
            "TOKENS_TABLE",
        ]
    );
}

#[test]
fn an_unknown_mode_is_refused() {
    for mode in ["", "worker"] {
        let found = problems(|environment| {
            environment.insert("REQUEST_RESET_MODE", mode.into());
        });
        assert_eq!(found.len(), 1, "{mode}: {found:?}");
    }
}

/// DynamoDB on this machine, and a patch of the settings.
fn local(patch: &str) -> BTreeMap<&'static str, String> {
    let mut environment = complete();
    environment.insert("AWS_ENDPOINT_URL", "http://127.0.0.1:8000".into());
    environment.insert("SETTINGS_OVERRIDES", patch.into());
    environment
}

#[test]
fn settings_are_overridden_on_this_machine_alone() {
    let config = ConfirmConfig::read(lookup(local(r#"{"enabled": false}"#)));
    assert!(!config.expect("good settings").http.reset_enabled);
    for (url, said) in [
        (None, "SETTINGS_OVERRIDES"),
        (
            Some("https://dynamodb.eu-central-1.amazonaws.com"),
            "SETTINGS_OVERRIDES",
        ),
        (
            Some("http://127.0.0.1.example.com:8000"),
            "SETTINGS_OVERRIDES",
        ),
        (Some("127.0.0.1:8000"), "SETTINGS_OVERRIDES"),
        (Some("http://localhost:8000"), ""),
        (Some("http://[::1]:8000"), ""),
    ] {
        let found = problems(|environment| {
            environment.extend(local("{}"));
            environment.remove("AWS_ENDPOINT_URL");
            environment.extend(url.map(|url| ("AWS_ENDPOINT_URL_DYNAMODB", url.to_owned())));
        });
        let names: Vec<_> = found.iter().filter_map(|it| it.split(':').next()).collect();
        assert_eq!(names.join(" "), said, "{url:?}");
    }
}

#[test]
fn what_the_settings_mean_wrongly_is_told_beside_wrong_variables() {
    let patch = r#"{"apps": {"main": {"sender": "x"}}, "users": {"email_key": "x"}}"#;
    let mut environment = local(patch);
    environment.remove("USERS_TABLE");
    environment.remove("TOKENS_TABLE");
    let error = ConfirmConfig::read(lookup(environment)).expect_err("bad settings");
    let problems = error.problems().iter();
    let names: Vec<_> = problems.filter_map(|it| it.split(':').next()).collect();
    let expected = [
        "TOKENS_TABLE",
        "apps.main.sender",
        "users.table",
        "users.email_key",
    ];
    assert_eq!(names, expected);
}

#[test]
fn known_passwords_are_those_of_the_layer_of_another_file_or_of_none() {
    let read = |passwords: &str| {
        let environment = local(&format!(r#"{{"passwords": {passwords}}}"#));
        let told = VerifyConfig::read(lookup(environment.clone())).map(|it| it.http.policy);
        let confirm = ConfirmConfig::read(lookup(environment));
        assert_eq!(
            told,
            confirm.clone().map(|it| it.http.policy),
            "{passwords}"
        );
        confirm.map(|it| (it.known_passwords, it.http.policy.known_passwords_refused))
    };
    let file = |path: &str| Some(PathBuf::from(path));
    for (passwords, expected) in [
        ("{}", (file("/opt/known-passwords"), true)),
        (
            r#"{"known_list": "on", "min_strength": 0}"#,
            (file("/opt/known-passwords"), true),
        ),
        (
            r#"{"known_list": "/mnt/ours", "min_strength": 0}"#,
            (file("/mnt/ours"), true),
        ),
        (r#"{"known_list": "off", "min_strength": 2}"#, (None, false)),
    ] {
        assert_eq!(read(passwords), Ok(expected), "{passwords}");
    }
    for (passwords, name) in [
        (
            r#"{"known_list": "off", "min_strength": 1}"#,
            "passwords.min_strength: must be 2 or more",
        ),
        (
            r#"{"known_list": "ours"}"#,
            "passwords.known_list: must be on, off or the path",
        ),
    ] {
        let error = read(passwords).expect_err("wrong settings");
        assert_eq!(error.problems().len(), 1, "{error}");
        assert!(error.problems()[0].starts_with(name), "{error}");
    }
}

#[test]
fn an_edge_needs_its_secret_and_no_edge_needs_none() {
    let read = |mode: &str, secret: &str| {
        let mut environment = complete();
        environment.insert("EDGE_MODE", mode.to_owned());
        environment.insert("EDGE_SECRET", secret.to_owned());
        VerifyConfig::read(lookup(environment)).map(|config| config.http.edge)
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
