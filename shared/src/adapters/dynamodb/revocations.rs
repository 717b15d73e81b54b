use serde_json::{Map, Value, json};

use super::decoys::{LONG_AGO, filled_up, last_expiry};
use super::items::{number, to_attribute};
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Codes, Locator, ResetRecord};
use crate::ports::{Revocations, SaveOutcome, StoreError};

/// True while a record is the one that was read.
pub(super) const UNCHANGED: &str = "#revision = :expected";
/// True where there is a record.
const IS_THERE: &str = "attribute_exists(#revision)";

impl Revocations for DynamoStore {
    async fn save_ended(
        &self,
        locator: &Locator,
        record: &ResetRecord,
    ) -> Result<SaveOutcome, StoreError> {
        let update = ended(record)?;
        let saved = self
            .update_if(keys::token(locator), &update, UNCHANGED)
            .await?;
        Ok(if saved {
            SaveOutcome::Saved
        } else {
            SaveOutcome::Outdated
        })
    }

    async fn revoke_all(&self, locator: &Locator) -> Result<(), StoreError> {
        // Refused only when there is nothing to kill.
        self.update_if(keys::token(locator), &all_revoked(), IS_THERE)
            .await?;
        Ok(())
    }
}

/// What kills every link and code there is, in the words of DynamoDB, for operators: a scan that finds the
/// records of which somebody could use one at `:now`, and the update of each.
pub fn revocation() -> Value {
    json!({"scan": alive(), "update": update_item()})
}

fn alive() -> Value {
    let owners: Vec<_> = (0..ResetRecord::OWNERS)
        .map(|owner| format!("attribute_exists(#owners[{owner}].#user_key)"))
        .collect();
    let of_an_account = owners.join(" OR ");
    let unexpired = "#links_expire_at > :now OR #codes_expire_at > :now";
    json!({
        "FilterExpression":
            format!("begins_with(#pk, :token) AND ({of_an_account}) AND ({unexpired})"),
        "ProjectionExpression": "#pk",
        "ExpressionAttributeNames": {
            "#pk": keys::PK,
            "#owners": "owners",
            "#user_key": "user_key",
            "#links_expire_at": "links_expire_at",
            "#codes_expire_at": "codes_expire_at",
        },
        "ExpressionAttributeValues": {":token": {"S": keys::TOKEN}},
    })
}

fn update_item() -> Value {
    let update = all_revoked();
    let values = update.values.iter();
    let values: Map<_, _> = values
        .filter_map(|(name, value)| Some((name.clone(), json!({"N": value.as_n().ok()?}))))
        .collect();
    json!({
        "UpdateExpression": update.expression(),
        "ConditionExpression": IS_THERE,
        "ExpressionAttributeNames": update.names,
        "ExpressionAttributeValues": values,
    })
}

fn all_revoked() -> Update {
    // An entry that expires after `links_expire_at` counts as dead.
    let update = Update::default()
        .set("links_expire_at", number(LONG_AGO.unix_seconds()))
        .set("codes_expire_at", number(LONG_AGO.unix_seconds()));
    revised(update)
}

/// Writes which links and codes of a record are alive, and that it was changed.
pub(super) fn ended(record: &ResetRecord) -> Result<Update, StoreError> {
    let codes = &record.codes.hashes;
    let links = to_attribute(&filled_up(&record.links, ResetRecord::MAX_LINKS))?;
    let update = Update::default()
        .set("links", links)
        .set(
            "links_expire_at",
            number(last_expiry(&record.links).unix_seconds()),
        )
        .set("codes", to_attribute(&filled_up(codes, Codes::MAX))?)
        .set("codes_expire_at", number(last_expiry(codes).unix_seconds()))
        .value("expected", number(record.revision));
    Ok(revised(update))
}

/// Counts one more change of the record.
pub(super) fn revised(update: Update) -> Update {
    update
        .name("revision")
        .value("one", number(1))
        .set_expression("#revision = #revision + :one")
}
