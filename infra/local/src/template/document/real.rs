//! The project's own template must be one that can be stood in for.

use super::*;
use crate::clock::SystemClock;
use crate::dynamodb::in_memory;
use crate::front_door::FrontDoor;
use crate::pump::Pump;

fn template(parameters: &[(&str, &str)]) -> Template {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../template.yaml"));
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let options = Options {
        parameters,
        ..Options::default()
    };
    Template::load(path, options).expect("can be stood in for")
}

#[test]
fn everything_that_it_deploys_can_be_set_up_here() {
    let template = template(&[]);
    FrontDoor::new(&template.api).expect("its routes are valid");
    let database = in_memory(&template.tables, SystemClock::arc()).expect("its tables are valid");
    assert!(!template.streams.is_empty());
    for mapping in &template.streams {
        let pump = Pump::new(
            database.clone(),
            mapping.clone(),
            SystemClock::arc(),
            |_| (),
        );
        pump.expect("its filter is known");
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
fn an_existing_users_table_takes_the_place_of_the_created_one() {
    let template = template(&[("UsersTableName", "company-users")]);
    assert!(template.table("UsersTable").is_none());
    let environment = &template.functions["MailWorkerFunction"].environment;
    assert_eq!(environment["USERS_TABLE"], "company-users");
}
