//! Whether a user of the table is found, can be mailed and can be changed.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use shared::adapters::dynamodb::{DynamoUsers, UserMapping, UserTables, WithoutPassword};
use shared::domain::{EmailAddress, OtherRecipients, User, UserLookup};

use super::{CheckError, Report};

/// Items that are read for one that is a user.
const MAX_READ: i32 = 100;

type Item = HashMap<String, AttributeValue>;

pub(crate) async fn check(
    client: &Client,
    mapping: &UserMapping,
    sample: Option<&EmailAddress>,
    report: &mut Report,
) -> Result<(), CheckError> {
    let item = match sample {
        Some(email) => named(client, mapping, email, report).await?,
        None => any(client, mapping, report).await?,
    };
    let Some(item) = item else { return Ok(()) };
    let Some(user) = mapping.user(&item) else {
        tell_why_nobody(mapping, &item, report);
        return Ok(());
    };
    check_address(client, mapping, &user, report).await?;
    check_password(mapping, &user, report);
    check_texts(mapping, &item, report);
    check_disabled(mapping, &item, &user, report);
    tell_what_is_written(mapping, report);
    tell_who_else_is_told(mapping, &user, report);
    Ok(())
}

/// The user with an address, found as the mail worker would.
async fn named(
    client: &Client,
    mapping: &UserMapping,
    email: &EmailAddress,
    report: &mut Report,
) -> Result<Option<Item>, CheckError> {
    let users = users(client, mapping);
    match find(&users, mapping, email).await? {
        UserLookup::Found(user) | UserLookup::Nearest(user) => {
            let key = mapping.key_item(&user.key);
            let found = client.get_item().table_name(&mapping.table);
            let found = found.set_key(Some(key)).consistent_read(true).send().await;
            let found = found.map_err(|error| CheckError::new("read the user", error))?;
            Ok(found.item)
        }
        UserLookup::Nobody => {
            let found = users.find_unchangeable(mapping, email).await;
            let found = found.map_err(|error| CheckError::new("look for the user", error))?;
            if found.is_none() {
                report.bad("nobody is found by the address that you named");
            }
            Ok(found)
        }
        UserLookup::Ambiguous => {
            report.bad("more than one user has the address that you named: neither is mailed");
            Ok(None)
        }
    }
}

fn users(client: &Client, mapping: &UserMapping) -> DynamoUsers {
    let tables = UserTables::new(mapping.clone(), BTreeMap::new());
    DynamoUsers::new(client.clone(), tables)
}

async fn find(
    users: &DynamoUsers,
    mapping: &UserMapping,
    email: &EmailAddress,
) -> Result<UserLookup, CheckError> {
    let found = users.find(mapping, email).await;
    found.map_err(|error| CheckError::new("look for the user", error))
}

/// The first item that is a user or would be one, or the first of all where none is.
async fn any(
    client: &Client,
    mapping: &UserMapping,
    report: &mut Report,
) -> Result<Option<Item>, CheckError> {
    let scan = client.scan().table_name(&mapping.table).limit(MAX_READ);
    let keys = scan.set_index_name(mapping.lookup.index.clone()).send();
    let keys = keys
        .await
        .map_err(|error| CheckError::new("read some items", error))?;
    let mut first = None;
    for found in keys.items() {
        let Some(key) = mapping.user_key(found) else {
            continue;
        };
        let item = client.get_item().table_name(&mapping.table);
        let item = item.set_key(Some(mapping.key_item(&key))).send().await;
        let item = item.map_err(|error| CheckError::new("read an item", error))?;
        let Some(item) = item.item else { continue };
        let would_be = mapping.email.text(&item).and(mapping.obstacle(&item));
        if would_be.is_some() || mapping.user(&item).is_some() {
            return Ok(Some(item));
        }
        first = first.or(Some(item));
    }
    if first.is_none() {
        report.note("there is no user to look at yet");
    }
    Ok(first)
}

fn tell_why_nobody(mapping: &UserMapping, item: &Item, report: &mut Report) {
    if let Some(obstacle) = mapping.obstacle(item) {
        report.bad(format!(
            "{obstacle}: passwords of such users are never reset"
        ));
        return;
    }
    if mapping.lookup.index.is_none() {
        report.note("none of the items that were read is a user; name one with SAMPLE=...");
        return;
    }
    let mut names: Vec<_> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    report.bad(format!(
        "no item that was read has an address in {} (email_attribute); one has {}",
        mapping.email.names().join("."),
        names.join(", ")
    ));
}

async fn check_address(
    client: &Client,
    mapping: &UserMapping,
    user: &User,
    report: &mut Report,
) -> Result<(), CheckError> {
    let Ok(email) = EmailAddress::parse(&user.email) else {
        report.bad("the user's address is none that mail can be sent to");
        return Ok(());
    };
    report.good(format!("a user with the address {}", masked(&email)));
    let lower = email.typed() == email.normalised();
    if !lower && mapping.emails_lowercase {
        report.bad("the address is not in lower case, although emails_lowercase is true");
    }
    match find(&users(client, mapping), mapping, &email).await? {
        UserLookup::Found(found) | UserLookup::Nearest(found) if found.key == user.key => {
            report.good("that address finds that user");
        }
        UserLookup::Found(_) | UserLookup::Nearest(_) => {
            report.bad("that address finds another user");
        }
        UserLookup::Ambiguous => {
            report.bad("that address is another user's too: neither is mailed");
        }
        UserLookup::Nobody => report
            .bad("that address finds nobody: email_key and email_sort_key are not what is stored"),
    }
    Ok(())
}

fn check_password(mapping: &UserMapping, user: &User, report: &mut Report) {
    let name = mapping.password_hash.names().join(".");
    match (&user.password_hash, mapping.without_password) {
        (Some(hash), _) => report.good(format!(
            "{name} has a password hash, {}",
            format_of(hash.as_str())
        )),
        (None, WithoutPassword::SetFirst) => report.note(format!(
            "the user has no password hash in {name}, and may set a first password"
        )),
        (None, WithoutPassword::TellHowToSignIn) => report.note(format!(
            "the user has no password hash in {name}, and is mailed how to sign in"
        )),
    }
}

/// What a stored hash looks like; never any part of what is secret in it.
fn format_of(hash: &str) -> &'static str {
    const FORMATS: [(&str, &str); 8] = [
        ("$argon2id$", "argon2id"),
        ("$argon2", "argon2"),
        ("$2", "bcrypt"),
        ("$scrypt$", "scrypt"),
        ("$pbkdf2", "PBKDF2"),
        ("pbkdf2_", "Django's PBKDF2"),
        ("bcrypt", "Django's bcrypt"),
        ("scrypt", "scrypt"),
    ];
    let known = FORMATS.iter().find(|(prefix, _)| hash.starts_with(prefix));
    known.map_or("of a format that is not known here", |(_, name)| name)
}

fn check_texts(mapping: &UserMapping, item: &Item, report: &mut Report) {
    for (setting, path) in [
        ("name_attribute", &mapping.name),
        ("locale_attribute", &mapping.locale),
    ] {
        let name = path.names().join(".");
        match path.of(item) {
            Some(AttributeValue::S(_)) => report.good(format!("{name} is a text ({setting})")),
            Some(_) => report.note(format!("{name} is no text, and not used ({setting})")),
            None => report.note(format!("the user has no {name} ({setting})")),
        }
    }
}

fn check_disabled(mapping: &UserMapping, item: &Item, user: &User, report: &mut Report) {
    let name = mapping.disabled.names().join(".");
    let has = if mapping.disabled.of(item).is_some() {
        "has"
    } else {
        "does not have"
    };
    let mailed = if user.disabled {
        "counts as switched off: no mail, no reset"
    } else {
        "counts as active"
    };
    report.note(format!(
        "the user {has} {name} (disabled_attribute) and {mailed}"
    ));
}

fn tell_what_is_written(mapping: &UserMapping, report: &mut Report) {
    let list = |names: Vec<&str>| names.join(", ");
    let set: Vec<_> = mapping.on_reset.set.keys().map(String::as_str).collect();
    let removed: Vec<_> = mapping.on_reset.remove.iter().map(String::as_str).collect();
    for (names, verb) in [(set, "sets"), (removed, "removes")] {
        if !names.is_empty() {
            report.note(format!("a reset {verb} {} (on_reset)", list(names)));
        }
    }
}

fn tell_who_else_is_told(mapping: &UserMapping, user: &User, report: &mut Report) {
    let Some(path) = &mapping.notice_emails else {
        return;
    };
    let name = path.names().join(".");
    let others = OtherRecipients::of(&user.email, &user.notice_emails);
    let told: Vec<_> = others
        .as_slice()
        .iter()
        .take(OtherRecipients::MAX)
        .collect();
    let mailed = told.iter().filter(|it| !it.is_empty()).count();
    report.note(format!(
        "{mailed} more addresses are told of a change, of {} values in {name} \
         (notice_emails_attribute)",
        user.notice_emails.len()
    ));
    let unmailable = told.len() - mailed;
    if unmailable > 0 {
        report.bad(format!("{unmailable} values in {name} are no address"));
    }
    if others.as_slice().len() > OtherRecipients::MAX {
        report.bad(format!(
            "{name} has more addresses than the five that are mailed"
        ));
    }
}

/// An address with only as much of it as tells its owner which one is meant.
fn masked(email: &EmailAddress) -> String {
    let (local, domain) = email.typed().rsplit_once('@').unwrap_or_default();
    let first: String = local.chars().take(1).collect();
    format!("{first}***@{domain}")
}
