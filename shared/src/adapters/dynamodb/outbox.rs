use aws_sdk_dynamodb::types::AttributeValue;

use super::items::{number, to_item};
use super::stream::StoredRequest;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Limits, ResetRequest, Timestamp};
use crate::ports::{Acceptance, RequestOutbox, StoreError};

/// Names the attribute that holds the time of the `n`th last accepted request.
fn accepted_at(n: usize) -> String {
    format!("a{n}")
}

impl RequestOutbox for DynamoStore {
    async fn submit(&self, request: &ResetRequest) -> Result<Acceptance, StoreError> {
        let now = request.requested_at;
        let item = to_item(&StoredRequest::from(request))?;
        let update = shift_times(Update::default().set_all(item), &self.limits)
            .set("a1", number(now.unix_seconds()))
            .set(keys::TTL, number(keep_until(now, &self.limits)))
            .value("cooled", before(now, self.limits.address_cooldown))
            .value("expired", before(now, self.limits.link_lifetime));
        let condition = format!(
            "(attribute_not_exists(#a1) OR #a1 <= :cooled) \
             AND (attribute_not_exists(#a{0}) OR #a{0} <= :expired)",
            self.limits.address_requests
        );
        let key = keys::request(&request.locator());
        let accepted = self.update_if(key, &update, &condition).await?;
        Ok(if accepted {
            Acceptance::Accepted
        } else {
            Acceptance::Throttled
        })
    }
}

/// Moves each remembered time one place back; the expressions all see the item as it was.
fn shift_times(update: Update, limits: &Limits) -> Update {
    (2..=limits.address_requests).fold(update, |update, n| {
        let (to, from) = (accepted_at(n), accepted_at(n - 1));
        update
            .name(&to)
            .value("never", number(0))
            .set_expression(format!("#{to} = if_not_exists(#{from}, :never)"))
    })
}

fn before(now: Timestamp, span: std::time::Duration) -> AttributeValue {
    number(now.minus(span).unix_seconds())
}

/// The limits need the item for as long as its times count.
fn keep_until(now: Timestamp, limits: &Limits) -> i64 {
    let span = limits.link_lifetime.max(limits.address_cooldown);
    (now + span).unix_seconds()
}
