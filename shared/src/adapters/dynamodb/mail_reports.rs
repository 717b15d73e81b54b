use aws_sdk_dynamodb::types::AttributeValue;

use super::errors::store_error;
use super::items::{number, text};
use super::notices::{DELIVERIES, DELIVERY};
use super::records::delivery_from;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Delivery, DeliveryState, MailReference, MailReport, Timestamp};
use crate::ports::{MailReports, ReportOutcome, StoreError};

/// Where the delivery of a mail stands.
struct DeliveryPath<'a> {
    key: AttributeValue,
    /// The path, of placeholders.
    path: &'static str,
    /// What the placeholders stand for.
    names: Vec<(&'static str, &'a str)>,
    /// Whether the item counts its changes, by which the worker notices them.
    counted: bool,
}

impl<'a> DeliveryPath<'a> {
    fn of(reference: &'a MailReference) -> Self {
        let (key, id, counted) = match reference {
            MailReference::Reset { locator, request } => {
                (keys::token(locator), Some(request.as_str()), true)
            }
            MailReference::Changed(id) => (keys::notice(id), id.other(), false),
        };
        let (path, names) = match id {
            Some(id) => (
                "#deliveries.#id",
                vec![("deliveries", DELIVERIES), ("id", id)],
            ),
            None => ("#delivery", vec![("delivery", DELIVERY)]),
        };
        Self {
            key,
            path,
            names,
            counted,
        }
    }
}

impl MailReports for DynamoStore {
    async fn record_report(
        &self,
        report: &MailReport,
        now: Timestamp,
    ) -> Result<ReportOutcome, StoreError> {
        let place = DeliveryPath::of(&report.reference);
        let Some(known) = self.delivery_at(&place).await? else {
            return Ok(ReportOutcome::Ignored);
        };
        if matches!(
            known.state,
            DeliveryState::Pending | DeliveryState::Deferred
        ) {
            return Ok(ReportOutcome::NotYetSent);
        }
        let reported = report.state.into();
        if !known.state.is_followed_by(reported) {
            return Ok(ReportOutcome::Ignored);
        }
        let detail = report.reason.as_deref().unwrap_or(&report.message_id);
        let next = Delivery::new(reported, now, Some(detail));
        let recorded = self.replace_delivery(place, known.state, &next).await?;
        // Somebody else recorded something in between; the next try sees it.
        Ok(if recorded {
            ReportOutcome::Recorded
        } else {
            ReportOutcome::NotYetSent
        })
    }
}

impl DynamoStore {
    /// The delivery alone: the role that records reports has no right to read more.
    async fn delivery_at(&self, place: &DeliveryPath<'_>) -> Result<Option<Delivery>, StoreError> {
        let mut get = self
            .get(place.key.clone())
            .projection_expression(place.path);
        for (placeholder, name) in &place.names {
            get = get.expression_attribute_names(format!("#{placeholder}"), *name);
        }
        let found = get.send().await.map_err(|error| store_error(&error))?;
        let mut value = found.item.map(AttributeValue::M);
        for (_, name) in &place.names {
            value = match value {
                Some(AttributeValue::M(mut map)) => map.remove(*name),
                _ => None,
            };
        }
        delivery_from(value)
    }

    async fn replace_delivery(
        &self,
        place: DeliveryPath<'_>,
        known: DeliveryState,
        next: &Delivery,
    ) -> Result<bool, StoreError> {
        let path = place.path;
        let detail = next.detail.as_deref().unwrap_or_default();
        let mut update = Update::default()
            .name("state")
            .name("at")
            .name("detail")
            .value("known", text(known.as_str()))
            .value("state", text(next.state.as_str()))
            .value("at", number(next.at.unix_seconds()))
            .value("detail", text(detail))
            .set_expression(format!("{path}.#state = :state"))
            .set_expression(format!("{path}.#at = :at"))
            .set_expression(format!("{path}.#detail = :detail"));
        if place.counted {
            update = update
                .name("revision")
                .value("one", number(1))
                .set_expression("#revision = #revision + :one");
        }
        for (placeholder, name) in &place.names {
            update = update.alias(placeholder, name);
        }
        let condition = format!("{path}.#state = :known");
        self.update_if(place.key, &update, &condition).await
    }
}
