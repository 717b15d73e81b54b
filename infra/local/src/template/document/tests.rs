use std::time::Duration;

use serde_json::json;

use super::*;
use crate::template::LOCAL_SECRET;

const TEMPLATE: &str = include_str!("../../../testdata/template.yaml");

fn parse(parameters: &[(&str, &str)]) -> Result<Template> {
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Template::parse(
        TEMPLATE,
        Options {
            parameters,
            api_url: "http://127.0.0.1:4711".to_owned(),
            ..Options::default()
        },
    )
}

fn template() -> Template {
    parse(&[]).expect("valid")
}

#[test]
fn routes_come_from_the_functions_events() {
    let template = template();
    let mut routes: Vec<_> = template
        .api
        .routes
        .iter()
        .map(|route| (route.key(), route.function.clone()))
        .collect();
    routes.sort();
    assert_eq!(
        routes,
        [
            ("$default", "Reader"),
            ("GET /things/{id}", "Reader"),
            ("POST /things", "Writer"),
        ]
        .map(|(key, function)| (key.to_owned(), function.to_owned()))
    );
}

#[test]
fn a_binary_is_named_by_metadata() {
    let template = template();
    assert_eq!(template.functions["Writer"].binary, "writer-bin");
    assert_eq!(template.functions["Reader"].binary, "reader-bin");
}

#[test]
fn a_timeout_is_the_functions_own_or_lambdas() {
    let template = template();
    assert_eq!(template.functions["Reader"].timeout.as_secs(), 25);
    assert_eq!(template.functions["Writer"].timeout.as_secs(), 3);
}

#[test]
fn environment_variables_are_resolved() {
    let template = template();
    let environment = &template.functions["Worker"].environment;
    let expected = [
        ("API", "http://127.0.0.1:4711/base"),
        ("API_ATTRIBUTE", "http://127.0.0.1:4711"),
        ("GREETING", "hello"),
        ("LITERAL", "${kept} for Things"),
        ("LOG_LEVEL", "debug"),
        ("PEOPLE", "People"),
        ("SECRET", LOCAL_SECRET),
        ("SECONDS", "1800"),
        ("TABLE", "Things"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(environment, &BTreeMap::from(expected));
}

#[test]
fn a_table_becomes_its_create_request() {
    let template = template();
    let things = template.table("Things").expect("exists");
    assert_eq!(
        things.request,
        json!({
            "TableName": "Things",
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        })
    );
    assert_eq!(things.ttl_attribute.as_deref(), Some("ttl"));
}

#[test]
fn a_table_whose_condition_is_false_is_left_out_and_the_other_branch_is_used() {
    let template = parse(&[("PeopleTableName", "company-people")]).expect("valid");
    assert!(template.table("People").is_none());
    let environment = &template.functions["Worker"].environment;
    assert_eq!(environment["PEOPLE"], "company-people");
}

#[test]
fn the_mapping_is_read_whole() {
    let template = template();
    let [mapping] = template.streams.as_slice() else {
        panic!("one mapping");
    };
    assert_eq!(mapping.function, "Worker");
    assert_eq!(mapping.table, "Things");
    assert_eq!(mapping.batch_size, 10);
    assert!(mapping.bisect && mapping.has_failure_destination && mapping.reports_item_failures);
    assert_eq!(mapping.max_retries, None);
    assert_eq!(mapping.max_age, Some(Duration::from_mins(30)));
    assert_eq!(mapping.filters[0]["eventName"], json!(["INSERT", "MODIFY"]));
}

#[test]
fn cors_lists_come_from_parameters_too() {
    let cors = parse(&[("Origins", "https://a.example, https://b.example")])
        .expect("valid")
        .api
        .cors
        .expect("configured");
    assert_eq!(
        cors.allow_origins,
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(cors.allow_methods, ["GET", "POST"]);
    assert_eq!(cors.max_age, Some(600));
}

#[test]
fn an_error_names_its_place() {
    for (from, to, place) in [
        (
            "!Ref Lifetime",
            "!Ref Lifetim",
            "Resources.Worker.Properties.Environment.Variables.SECONDS: ",
        ),
        (
            "!Ref Lifetime",
            "!FindInMap [a, b, c]",
            "Resources.Worker.Properties.Environment.Variables.SECONDS: ",
        ),
        (
            "BatchSize: 10",
            "BatchSize: 0",
            "Resources.Worker.Properties.Events.Things.Properties.BatchSize: ",
        ),
        (
            "StartingPosition: TRIM_HORIZON",
            "StartingPosition: LATEST",
            "Resources.Worker.Properties.Events.Things.Properties.StartingPosition: ",
        ),
        (
            "BatchSize: 10",
            "TumblingWindowInSeconds: 10",
            "Resources.Worker.Properties.Events.Things.Properties.TumblingWindowInSeconds: ",
        ),
        (
            "!Equals [!Ref PeopleTableName, '']",
            "!Equals [1]",
            "Conditions.CreatePeople: ",
        ),
    ] {
        let text = TEMPLATE.replace(from, to);
        let error = Template::parse(&text, Options::default()).expect_err(place);
        assert!(error.to_string().starts_with(place), "{error}");
    }
}

#[test]
fn a_parameter_without_default_matters_only_where_it_is_used() {
    let text = TEMPLATE.replace("!Ref Lifetime", "!Ref Sender");
    let error = Template::parse(&text, Options::default()).expect_err("no value");
    assert!(
        error.to_string().contains("Sender has no default"),
        "{error}"
    );
}
