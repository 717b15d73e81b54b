//! The variables that the template sets are those that the functions read, one for one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use integration_tests::app::template_with;
use integration_tests::apps::settings_file;
use shared::config::{ConfigError, ConfirmConfig, Env, RequestResetConfig, VerifyConfig};

type Environment = BTreeMap<String, String>;

/// The functions of the template, and how each reads its settings.
const FUNCTIONS: [&str; 5] = [
    "RequestResetFunction",
    "VerifyTokenFunction",
    "ConfirmResetFunction",
    "MailWorkerFunction",
    "MailReportsFunction",
];

fn read(function: &str, lookup: impl Env) -> Result<(), ConfigError> {
    match function {
        "VerifyTokenFunction" => VerifyConfig::read(lookup).map(drop),
        "ConfirmResetFunction" => ConfirmConfig::read(lookup).map(drop),
        _ => RequestResetConfig::read(lookup).map(drop),
    }
}

/// What the template sets for a function behind an edge, without which its secret is not read.
fn set(function: &str) -> Environment {
    let parameters = [("HostMode", "edge"), ("PublicHostName", "auth.example.com")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let template = template_with(BTreeMap::from(parameters));
    let mut environment = template.functions[function].environment.clone();
    // The layer is mounted on AWS alone.
    let file = settings_file().display().to_string();
    let layer = environment.insert("SETTINGS_FILE".into(), file);
    assert_eq!(layer.as_deref(), Some("/opt/settings.json"));
    environment
}

/// Variables that are set and not read, or read and not set, each with which of the two it is.
fn differences(function: &str, environment: &Environment) -> Vec<String> {
    let looked_up = RefCell::new(BTreeSet::new());
    let result = read(function, |name: &str| {
        looked_up.borrow_mut().insert(name.to_owned());
        environment.get(name).cloned()
    });
    let mut looked_up = looked_up.into_inner();
    // Lambda's own, those by which all of AWS's SDKs are pointed elsewhere, and what only this machine
    // may set.
    looked_up.retain(|name| !name.starts_with("AWS_") && name != "SETTINGS_OVERRIDES");
    let set: BTreeSet<_> = environment.keys().cloned().collect();
    let idle = set
        .difference(&looked_up)
        .map(|name| format!("{name} is not read"));
    let missing = looked_up
        .difference(&set)
        .map(|name| format!("{name} is not set"));
    let wrong = result.err().map(|error| error.to_string());
    idle.chain(missing).chain(wrong).collect()
}

#[test]
fn every_variable_of_the_template_is_read_and_every_other_one_is_not() {
    let template = template_with(BTreeMap::new());
    let functions: BTreeSet<_> = template.functions.keys().map(String::as_str).collect();
    assert_eq!(functions, BTreeSet::from(FUNCTIONS));
    for function in FUNCTIONS {
        let found = differences(function, &set(function));
        assert!(found.is_empty(), "{function}: {found:?}");
    }
}

#[test]
fn a_variable_too_many_too_few_or_of_another_name_is_noticed() {
    for function in FUNCTIONS {
        let mut environment = set(function);
        let lifetime = environment.remove("LINK_LIFETIME_SECONDS");
        environment.insert("LINK_LIFETIME".to_owned(), lifetime.expect("it is set"));
        let found = differences(function, &environment);
        assert_eq!(
            found,
            [
                "LINK_LIFETIME is not read",
                "LINK_LIFETIME_SECONDS is not set"
            ]
        );
    }
}
