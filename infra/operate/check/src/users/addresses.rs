//! How the stored addresses are spelled, and so whether they are found.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use shared::adapters::dynamodb::UserMapping;
use shared::domain::EmailAddress;

use super::{CheckError, Report};

/// Most items that are read, so that a large table is not read whole: at 1 KB an item, this is a
/// few cents.
const MAX_READ: usize = 1_000_000;

/// Addresses that were counted.
#[derive(Default)]
struct Counts {
    addresses: usize,
    unusable: usize,
    only_as_stored: usize,
}

impl Counts {
    fn add(&mut self, mapping: &UserMapping, stored: &str) {
        self.addresses += 1;
        let Ok(email) = EmailAddress::parse(stored) else {
            self.unusable += 1;
            return;
        };
        // What a person types who pays no heed to case.
        let Ok(small) = EmailAddress::parse(email.normalised()) else {
            return;
        };
        if !mapping.spellings(&small).iter().any(|it| it == stored) {
            self.only_as_stored += 1;
        }
    }
}

/// Counts the addresses that people will not be found by.
pub(crate) async fn check(
    client: &Client,
    mapping: &UserMapping,
    report: &mut Report,
) -> Result<(), CheckError> {
    let mut counts = Counts::default();
    let mut read = 0;
    let mut next = None;
    loop {
        let (page, last) = page(client, mapping, next).await?;
        read += page.len();
        for stored in page.iter().filter_map(|item| mapping.email.text(item)) {
            counts.add(mapping, &stored);
        }
        next = last;
        if next.is_none() || read >= MAX_READ {
            break;
        }
    }
    tell(mapping, &counts, report);
    if next.is_some() {
        report.note(format!(
            "only the first {read} items of the table were counted"
        ));
    }
    Ok(())
}

type Item = HashMap<String, AttributeValue>;

/// Some items, and where the next ones begin.
async fn page(
    client: &Client,
    mapping: &UserMapping,
    start: Option<Item>,
) -> Result<(Vec<Item>, Option<Item>), CheckError> {
    let scan = client.scan().table_name(&mapping.table);
    // The outermost name of the path is enough, and needs no other placeholder.
    let names = mapping.email.names().first();
    let scan = names.iter().fold(scan, |scan, name| {
        scan.projection_expression("#email")
            .expression_attribute_names("#email", name.as_str())
    });
    let found = scan.set_exclusive_start_key(start).send().await;
    let found = found.map_err(|error| CheckError::new("read the addresses", error))?;
    Ok((found.items.unwrap_or_default(), found.last_evaluated_key))
}

fn tell(mapping: &UserMapping, counts: &Counts, report: &mut Report) {
    let Counts {
        addresses,
        unusable,
        only_as_stored,
    } = counts;
    if *unusable > 0 {
        report.note(format!(
            "{unusable} of {addresses} addresses are none that mail can be sent to"
        ));
    }
    if *only_as_stored == 0 {
        report.good(format!("{addresses} addresses were counted"));
    } else if mapping.emails_lowercase {
        report.bad(format!(
            "{only_as_stored} of {addresses} addresses are not in lower case, although \
             emails_lowercase is true: nobody is found by them"
        ));
    } else {
        report.note(format!(
            "{only_as_stored} of {addresses} addresses are stored in mixed case: they are found \
             only when they are typed just so; store addresses in lower case"
        ));
    }
}
