//! The project's own template must be one that can be stood in for. That all of it can be set up is seen by the
//! integration tests, which start from it.

use std::time::Duration;

use super::*;
use crate::template::LOCAL_SECRET;

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml");

fn load(parameters: &[(&str, &str)]) -> Result<Template> {
    let given = parameters.iter();
    let given = given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let options = Options {
        parameters: given.collect(),
        ..Options::default()
    };
    Template::load(Path::new(TEMPLATE), options)
}

fn template(parameters: &[(&str, &str)]) -> Template {
    load(parameters).expect("can be stood in for")
}

#[test]
fn an_existing_users_table_takes_the_place_of_the_created_one() {
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/company-users";
    let template = template(&[("UsersTableArns", arn)]);
    assert!(template.table("UsersTable").is_none());
    let environment = &template.functions["MailWorkerFunction"].environment;
    assert_eq!(environment["USERS_TABLE"], "company-users");
}

#[test]
fn a_parameter_takes_what_a_deployment_would_take() {
    for origins in [
        "http://localhost:5173",
        "https://a.example",
        "http://intranet.example,https://a.example:8443",
    ] {
        let cors = template(&[("AllowedOrigins", origins)]).api.cors;
        let allowed = cors.expect("CORS").allow_origins;
        assert_eq!(allowed.join(","), origins);
    }
    assert!(template(&[("AllowedOrigins", "")]).api.cors.is_none());
    for wrong in ["*", "https://*.example", "https://a.example/", "null"] {
        let error = load(&[("AllowedOrigins", wrong)]).expect_err(wrong);
        let said = error.to_string();
        let place = said.starts_with("Parameters.AllowedOrigins: ");
        assert!(place && said.contains("no wildcard"), "{said}");
    }
}

#[test]
fn variables_and_bounds_are_those_of_a_deployment() {
    let template = template(&[("LinkLifetimeSeconds", "3600")]);
    let worker = &template.functions["MailWorkerFunction"];
    assert_eq!(worker.binary, "request-reset");
    assert_eq!(worker.timeout, Duration::from_mins(5));
    for (name, value) in [
        ("LINK_LIFETIME_SECONDS", "3600"),
        ("PSEUDONYM_KEY", LOCAL_SECRET),
        ("PUBLIC_URL", Options::default().api_url.as_str()),
        ("SES_CONFIGURATION_SET", "ConfigurationSet"),
        ("TOKENS_TABLE", "TokensTable"),
        ("USERS_TABLE", "UsersTable"),
    ] {
        assert_eq!(worker.environment[name], value, "{name}");
    }
    let outbox = template.streams.iter().find(|mapping| mapping.lanes > 1);
    let outbox = outbox.expect("it has lanes");
    assert_eq!(outbox.function, "MailWorkerFunction");
    assert_eq!((outbox.batch_size, outbox.window.as_secs()), (100, 1));
    assert_eq!(outbox.max_age, Duration::from_hours(1));
}

#[test]
fn an_error_names_its_place() {
    let text = read(Path::new(TEMPLATE)).expect("a template");
    let lifetime = "Globals.Function.Environment.Variables.LINK_LIFETIME_SECONDS";
    let mapping =
        |key| format!("Resources.MailWorkerFunction.Properties.Events.Outbox.Properties.{key}");
    for (from, to, place) in [
        (
            "!Ref LinkLifetimeSeconds",
            "!Ref Lifetime",
            lifetime.to_owned(),
        ),
        (
            "!Ref LinkLifetimeSeconds",
            "!FindInMap [a, b, c]",
            lifetime.to_owned(),
        ),
        // A parameter without a default matters where it is used.
        (
            "!Ref LinkLifetimeSeconds",
            "!Ref SenderIdentity",
            lifetime.to_owned(),
        ),
        ("BatchSize: 100", "BatchSize: 0", mapping("BatchSize")),
        ("TRIM_HORIZON", "LATEST", mapping("StartingPosition")),
        (
            "MaximumBatchingWindow",
            "TumblingWindow",
            mapping("TumblingWindowInSeconds"),
        ),
        (
            "!Equals [!Ref UsersTableArns, \"\"]",
            "!Equals [1]",
            "Conditions.CreateUsersTable".to_owned(),
        ),
    ] {
        let wrong = text.replace(from, to);
        let error = Template::parse(&wrong, Options::default()).expect_err(to);
        assert!(
            error.to_string().starts_with(&format!("{place}: ")),
            "{error}"
        );
    }
}
