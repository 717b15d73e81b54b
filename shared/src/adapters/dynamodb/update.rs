//! Conditional updates of one item: every write to the table but the password change.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, Update as UpdateWrite,
};

use super::backoff::while_contended;
use super::errors::store_error;
use super::items::Item;
use super::{AttributePath, DynamoStore, keys};
use crate::ports::StoreError;

impl DynamoStore {
    /// Applies an update if the condition holds, and says whether it did.
    pub(super) async fn update_if(
        &self,
        key: AttributeValue,
        update: &Update,
        condition: &str,
    ) -> Result<bool, StoreError> {
        let returned = (ReturnValue::None, ReturnValuesOnConditionCheckFailure::None);
        let written = self.send(key, update, condition, returned).await?;
        Ok(matches!(written, UpdateOutcome::New(_)))
    }

    /// Applies an update if the condition holds, and gives the item as it is then, in either case.
    pub(super) async fn update_and_get(
        &self,
        key: AttributeValue,
        update: &Update,
        condition: &str,
    ) -> Result<UpdateOutcome, StoreError> {
        let returned = (
            ReturnValue::AllNew,
            ReturnValuesOnConditionCheckFailure::AllOld,
        );
        self.send(key, update, condition, returned).await
    }

    async fn send(
        &self,
        key: AttributeValue,
        update: &Update,
        condition: &str,
        (returned, returned_if_refused): (ReturnValue, ReturnValuesOnConditionCheckFailure),
    ) -> Result<UpdateOutcome, StoreError> {
        while_contended(|| async {
            let written = self
                .client
                .update_item()
                .table_name(&self.table)
                .key(keys::PK, key.clone())
                .update_expression(update.expression())
                .condition_expression(condition)
                .set_expression_attribute_names(Some(update.names.clone()))
                .set_expression_attribute_values(Some(update.values.clone()))
                .return_values(returned.clone())
                .return_values_on_condition_check_failure(returned_if_refused.clone())
                .send()
                .await;
            match written {
                Ok(output) => Ok(UpdateOutcome::New(output.attributes.unwrap_or_default())),
                Err(error) => match error.as_service_error() {
                    Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                        Ok(UpdateOutcome::Refused(refused.item.clone()))
                    }
                    _ => Err(store_error(&error)),
                },
            }
        })
        .await
    }
}

/// What became of an update.
#[must_use]
pub(super) enum UpdateOutcome {
    /// It was applied; the item as it is then, where that was asked for.
    New(Item),
    /// Its condition did not hold; the item as it is, if there is one and it was asked for.
    Refused(Option<Item>),
}

/// An update expression that is put together piece by piece. Every name is a placeholder, because
/// DynamoDB reserves many words.
#[derive(Debug, Default)]
pub(super) struct Update {
    set: Vec<String>,
    remove: Vec<String>,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Item,
}

impl Update {
    pub(super) fn set(mut self, name: &str, value: AttributeValue) -> Self {
        self.set.push(format!("#{name} = :{name}"));
        self.values.insert(format!(":{name}"), value);
        self.name(name)
    }

    /// Sets every attribute of an item; those that are null are removed.
    pub(super) fn set_all(self, item: Item) -> Self {
        item.into_iter()
            .fold(self, |update, (name, value)| match value {
                AttributeValue::Null(_) => update.remove(&name),
                value => update.set(&name, value),
            })
    }

    /// Sets by an expression of the caller's own.
    pub(super) fn set_expression(mut self, expression: impl Into<String>) -> Self {
        self.set.push(expression.into());
        self
    }

    pub(super) fn remove(self, name: &str) -> Self {
        self.remove_as(name, name)
    }

    /// Removes the attribute `name`, which has a placeholder of the caller's own.
    pub(super) fn remove_as(mut self, placeholder: &str, name: &str) -> Self {
        self.remove.push(format!("#{placeholder}"));
        self.alias(placeholder, name)
    }

    /// Makes `#name` stand for the attribute `name`.
    pub(super) fn name(self, name: &str) -> Self {
        let placeholder = name.to_owned();
        self.alias(&placeholder, name)
    }

    /// Makes `#placeholder` stand for the attribute `name`.
    pub(super) fn alias(mut self, placeholder: &str, name: &str) -> Self {
        self.names
            .insert(format!("#{placeholder}"), name.to_owned());
        self
    }

    /// Makes the path's expression with this placeholder stand for the path.
    pub(super) fn path(self, placeholder: &str, path: &AttributePath) -> Self {
        path.aliases(placeholder)
            .fold(self, |update, (alias, name)| update.alias(&alias, name))
    }

    /// Makes `:name` stand for a value.
    pub(super) fn value(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.insert(format!(":{name}"), value);
        self
    }

    pub(super) fn expression(&self) -> String {
        let clause = |verb: &str, parts: &[String]| {
            let mut parts = parts.to_vec();
            parts.sort();
            (!parts.is_empty()).then(|| format!("{verb} {}", parts.join(", ")))
        };
        [clause("SET", &self.set), clause("REMOVE", &self.remove)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// One write of a transaction: the update, if the condition holds.
pub(super) fn build_update(
    builder: UpdateBuilder,
    update: Update,
    condition: String,
) -> Result<UpdateWrite, StoreError> {
    builder
        .update_expression(update.expression())
        .condition_expression(condition)
        .set_expression_attribute_names(Some(update.names))
        .set_expression_attribute_values(Some(update.values))
        .build()
        .map_err(|error| StoreError::Corrupt(error.to_string()))
}
