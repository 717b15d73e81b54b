use std::net::IpAddr;

use super::items::number;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::Timestamp;
use crate::ports::{SourceDecision, SourceLimiter, StoreError};

/// One item counts a whole IPv6 /48 and each /64 in it, so that both limits cost one write; its
/// size is bounded by the limit of the /48. For IPv4 it counts one address.
impl SourceLimiter for DynamoStore {
    async fn count(&self, ip: IpAddr, now: Timestamp) -> Result<SourceDecision, StoreError> {
        let (start, end) = self.limits.source_window_at(now);
        let source = self.pseudonymizer.source(ip);
        let group = self.pseudonymizer.source_group(ip);
        let total_limit = match group {
            Some(_) => self.limits.source_group_limit(),
            None => self.limits.source_limit,
        };
        let mut update = Update::default()
            .set(keys::TTL, number(end.unix_seconds()))
            .alias("total", "total")
            .value("one", number(1))
            .value("zero", number(0))
            .value("total_limit", number(total_limit))
            .set_expression("#total = if_not_exists(#total, :zero) + :one");
        let mut condition = "(attribute_not_exists(#total) OR #total < :total_limit)".to_owned();
        if group.is_some() {
            update = update
                .alias("own", &format!("from:{source}"))
                .value("limit", number(self.limits.source_limit))
                .set_expression("#own = if_not_exists(#own, :zero) + :one");
            condition.push_str(" AND (attribute_not_exists(#own) OR #own < :limit)");
        }
        let key = keys::source(group.as_ref().unwrap_or(&source), start.unix_seconds());
        let counted = self.update_if(key, &update, &condition).await?;
        Ok(if counted {
            SourceDecision::Allowed
        } else {
            SourceDecision::LimitedUntil(end)
        })
    }
}
