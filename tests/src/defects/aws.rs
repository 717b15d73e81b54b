use serde_json::{Value, json};

use super::{ActiveDefect, Defect};
use crate::aws_proxy::Edit;

/// The origin that mailed links have.
const ORIGIN: &str = "https://api.example.com";
const USERS: &str = "UsersTable";
/// What an ending writes.
const ENDED: [&str; 4] = ["links", "links_expire_at", "codes", "codes_expire_at"];
/// A condition that holds whatever is there.
const ALWAYS: &str = "attribute_exists(pk) OR attribute_not_exists(pk)";
const DAY: i64 = 24 * 60 * 60;

impl Edit for ActiveDefect {
    fn call(&self, operation: &str, call: &mut Value) {
        let was = call.clone();
        match operation {
            "SendEmail" => self.edit_mail(call),
            "UpdateItem" => self.edit_update(call),
            "Query" | "DeleteItem" if self.defect == Defect::SessionsOfAnother => {
                let mut user = call.pointer_mut("/ExpressionAttributeValues/:user/S");
                if let Some(user) = &mut user {
                    **user = json!("USER#second@example.com");
                }
            }
            "TransactWriteItems" => {
                let items = call["TransactItems"].as_array_mut();
                let writes = items.into_iter().flatten().filter_map(Value::as_object_mut);
                for write in writes.flat_map(|item| item.values_mut()) {
                    self.edit_change(write);
                }
            }
            _ => {}
        }
        if *call != was {
            self.count_edit();
        }
    }

    fn reply(&self, operation: &str, call: &Value, reply: &mut Value) {
        let Some(item) = reply.get_mut("Item").filter(|_| operation == "GetItem") else {
            return;
        };
        let was = item.clone();
        let is_user = call["TableName"] == USERS;
        match self.defect {
            // What many at once may read: all of it from before the first of them wrote.
            Defect::ChangeUnconditional => self.remembered(call, item),
            Defect::AccountNotReread if is_user => self.remembered(call, item),
            Defect::NameUntamed if is_user => {
                self.memory().name = item["name"]["S"].as_str().map(str::to_owned);
            }
            Defect::WarningsFollowAccount if is_user => {
                let other = item.pointer("/contacts/L/0/S").and_then(Value::as_str);
                self.memory().other = other.map(str::to_owned);
            }
            _ if !is_user => self.edit_record(item),
            _ => {}
        }
        if *item != was {
            self.count_edit();
        }
    }
}

impl ActiveDefect {
    fn edit_mail(&self, mail: &mut Value) {
        let memory = self.memory();
        let body = &mut mail["Content"]["Simple"]["Body"];
        match self.defect {
            Defect::LinkFollowsRequest => {
                let origin = memory.origin.as_deref().unwrap_or(ORIGIN);
                edit_data(&mut body["Text"], |text| text.replace(ORIGIN, origin));
                edit_data(&mut body["Html"], |html| html.replace(ORIGIN, origin));
            }
            Defect::NameUntamed => {
                let name = memory.name.as_deref().unwrap_or_default();
                edit_data(&mut body["Text"], |text| format!("Hello {name},\n{text}"));
                edit_data(&mut body["Html"], |html| {
                    format!("<p>Hello {name},</p>{html}")
                });
            }
            Defect::WarningsFollowAccount => {
                let to = &mut mail["Destination"]["ToAddresses"][0];
                if !to.as_str().is_some_and(|to| self.knows(to)) {
                    *to = json!(memory.other);
                }
            }
            Defect::MailGoesWhereTyped => {
                mail["Destination"]["ToAddresses"] = json!([memory.typed]);
            }
            _ => {}
        }
    }

    /// A write of one item by itself.
    fn edit_update(&self, update: &mut Value) {
        let text = |name: &str| update[name].as_str().unwrap_or_default();
        let is_request = text("ConditionExpression").contains(":cooled");
        let is_try = text("UpdateExpression").contains("#code_attempts + :one");
        let is_rejection = text("UpdateExpression").contains("#rejections[");
        let sets = text("UpdateExpression");
        let is_ending = sets.contains("#links = :links") && !sets.contains("#owners");
        match self.defect {
            Defect::RejectionsUncounted if is_rejection => {
                if let Some(one) = value(update, "/:one/N") {
                    *one = json!("0");
                }
            }
            Defect::RefusalsUnlock if is_rejection => {
                *update = json!({
                    "TableName": USERS,
                    "Key": { "id": { "S": "demo" } },
                    "UpdateExpression": "REMOVE locked_until",
                });
            }
            Defect::RevocationsForgotten if is_ending => {
                for name in ENDED {
                    keep(update, &format!("#{name}"), &format!(":{name}"));
                }
            }
            Defect::OwnersConfused => {
                let links = value(update, "/:links/M").and_then(Value::as_object_mut);
                for link in links.into_iter().flat_map(|links| links.values_mut()) {
                    let stored = link["S"].as_str().expect("a link");
                    *link = json!({ "S": format!("{}0", &stored[..11]) });
                }
            }
            Defect::AddressesUnlimited if is_request => always(update),
            Defect::TriesUncounted if is_try => {
                update["ExpressionAttributeValues"][":one"]["N"] = json!("0");
            }
            Defect::ExpiryLeftToTtl => {
                for place in ["/:links/M", "/:codes/M"] {
                    let times = value(update, place).and_then(Value::as_object_mut);
                    let times = times.into_iter().flatten();
                    times.for_each(|(_, time)| postpone(time));
                }
                for place in ["/:links_expire_at", "/:codes_expire_at"] {
                    if let Some(time) = value(update, place) {
                        postpone_number(time);
                    }
                }
            }
            Defect::NewestLinkOnly => {
                let links = value(update, "/:links/M").and_then(Value::as_object_mut);
                if let Some(links) = links {
                    // As text, what is alive and lives longest is the greatest.
                    let newest = links.values().filter_map(|it| it["S"].as_str()).max();
                    let newest = newest.map(str::to_owned);
                    links.retain(|_, it| it["S"].as_str() == newest.as_deref());
                }
            }
            _ => {}
        }
    }

    /// A write of the transaction that changes a password.
    fn edit_change(&self, write: &mut Value) {
        match self.defect {
            Defect::ChangeUnconditional => always(write),
            Defect::AccountNotReread if write["TableName"] == USERS => always(write),
            Defect::SecretsSurvive => {
                for name in ENDED {
                    keep(write, &format!("#{name}"), &format!(":{name}"));
                }
            }
            Defect::SessionsSurvive => keep(write, "#valid_after", ":now"),
            Defect::WritesFollowRequest => {
                let named = self.memory().changed_at.clone();
                // The second by name.
                if let Some((time, named)) = value(write, "/:on_reset_1").zip(named) {
                    *time = json!({ "N": named.to_string() });
                }
            }
            Defect::EventsNameAddresses => {
                if let Some(notice) = write.get_mut("Item") {
                    notice["user_key"] = notice["email"].clone();
                }
            }
            _ => {}
        }
    }

    /// Makes an item that is read what it was when it was read first.
    fn remembered(&self, call: &Value, item: &mut Value) {
        let mut memory = self.memory();
        let first = memory.items.entry(call["Key"].to_string());
        *item = first.or_insert_with(|| item.clone()).clone();
    }

    /// A record of links and codes that is read.
    fn edit_record(&self, item: &mut Value) {
        let mut memory = self.memory();
        let is_dead = match self.defect {
            Defect::LookingSpends => std::mem::replace(&mut memory.looked_at, true),
            Defect::RejectionSpends => memory.spent,
            _ => false,
        };
        if is_dead {
            item["links"] = json!({ "M": {} });
        }
        if self.defect == Defect::DeliveriesForgotten {
            item["deliveries"] = json!({ "M": {} });
        }
    }
}

/// One of the values that an update's expressions name.
fn value<'u>(update: &'u mut Value, place: &str) -> Option<&'u mut Value> {
    update.pointer_mut(&format!("/ExpressionAttributeValues{place}"))
}

fn edit_data(part: &mut Value, edit: impl FnOnce(&str) -> String) {
    if let Some(text) = part["Data"].as_str() {
        part["Data"] = json!(edit(text));
    }
}

/// Lets a write happen whatever is there. What its condition names stays in it, because DynamoDB
/// refuses names and values that nothing uses.
fn always(write: &mut Value) {
    if let Some(condition) = write["ConditionExpression"].as_str() {
        write["ConditionExpression"] = json!(format!("({condition}) OR {ALWAYS}"));
    }
}

/// Lets a write leave an attribute alone that it would set.
fn keep(write: &mut Value, name: &str, value: &str) {
    if let Some(expression) = write["UpdateExpression"].as_str() {
        let (set, kept) = (
            format!("{name} = {value}"),
            format!("{name} = if_not_exists({name}, {value})"),
        );
        write["UpdateExpression"] = json!(expression.replace(&set, &kept));
    }
}

/// Lets a link or a code expire later: a letter, ten digits of its expiry, and whose it is.
fn postpone(secret: &mut Value) {
    let stored = secret["S"].as_str().expect("a link or a code");
    let later = stored[1..11].parse::<i64>().expect("a time in seconds") + DAY;
    secret["S"] = json!(format!("{}{later:010}{}", &stored[..1], &stored[11..]));
}

fn postpone_number(time: &mut Value) {
    let digits = time["N"].as_str().unwrap_or_default();
    let later = digits.parse::<i64>().expect("a time in seconds") + DAY;
    time["N"] = json!(later.to_string());
}
