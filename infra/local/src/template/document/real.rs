//! The project's own template must be one that can be stood in for.

use super::*;
use crate::api_gateway::ApiGateway;
use crate::clock::SystemClock;
use crate::dynamodb::in_memory;
use crate::events::InputTemplate;
use crate::stream_poller::{Filter, StreamPoller};

fn load(parameters: &[(&str, &str)]) -> Result<Template> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml"));
    let given = |name: &str| {
        let found = parameters.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let options = Options {
        parameters: Template::parameters(path, given)?,
        ..Options::default()
    };
    Template::load(path, options)
}

fn template(parameters: &[(&str, &str)]) -> Template {
    load(parameters).expect("can be stood in for")
}

#[test]
fn everything_that_it_deploys_can_be_set_up_here() {
    let template = template(&[]);
    ApiGateway::new(&template.api).expect("its routes are valid");
    let database = in_memory(&template.tables, SystemClock::arc()).expect("its tables are valid");
    assert!(!template.streams.is_empty());
    for mapping in &template.streams {
        let poller = StreamPoller::new(
            database.clone(),
            mapping.clone(),
            SystemClock::arc(),
            |_| (),
        );
        poller.expect("its filter is known");
    }
    assert!(
        template
            .table("TokensTable")
            .is_some_and(|table| table.ttl_attribute.is_some())
    );
    assert!(
        template
            .api
            .routes
            .iter()
            .any(|route| route.key() == "$default")
    );
}

#[test]
fn a_pipe_of_a_nested_stack_can_be_set_up_here_and_is_there_with_a_bus_alone() {
    let table = "arn:aws:dynamodb:us-east-1:000000000000:table/company-users";
    let template = template(&[("EventBusName", "company"), ("UsersTableArns", table)]);
    let [pipe] = template.pipes.as_slice() else {
        panic!("one pipe and not {:?}", template.pipes);
    };
    assert_eq!(pipe.bus, "company");
    assert_eq!((pipe.mapping.batch_size, pipe.mapping.bisect), (10, true));
    assert!(pipe.mapping.has_failure_destination);
    InputTemplate::compile(&pipe.input_template).expect("its input template is known");
    for filter in &pipe.mapping.filters {
        Filter::compile(filter).expect("its filter is known");
    }
    assert!(load(&[]).expect("a template").pipes.is_empty());
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
