//! The stored form of the passwords of an account that were rejected: one number, `1800000600007`, the
//! end of the window in seconds and behind it three digits of how many.
//!
//! As a number it is counted up in one write by many at once, and it has one length.

use serde::{Deserialize, Serialize};

use super::decoys::LONG_AGO;
use super::items::number;
use super::update::Update;
use super::{DynamoStore, keys};
use crate::domain::{Locator, Rejections, ResetRecord, Timestamp};
use crate::ports::{RejectionLog, StoreError};

/// More than are counted in one window.
const COUNTS: i64 = 1000;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct StoredRejections(i64);

impl StoredRejections {
    /// Those of accounts that nothing was rejected of. The number does not end in a zero, which DynamoDB
    /// would not store.
    pub(super) const NONE: Self = Self(LONG_AGO.unix_seconds() * COUNTS + 1);

    /// The first of a window that ends then.
    const fn first(until: Timestamp) -> Self {
        Self(until.unix_seconds() * COUNTS + 1)
    }
}

impl From<StoredRejections> for Rejections {
    fn from(StoredRejections(stored): StoredRejections) -> Self {
        Self {
            until: Timestamp::from_unix_seconds(stored.div_euclid(COUNTS)),
            count: u32::try_from(stored.rem_euclid(COUNTS)).unwrap_or_default(),
        }
    }
}

impl RejectionLog for DynamoStore {
    async fn count_rejection(
        &self,
        locator: &Locator,
        record: &ResetRecord,
        owner: usize,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let count = format!("#rejections[{owner}]");
        // Greater than any number of a window that is over.
        let over = number(now.unix_seconds() * COUNTS + COUNTS - 1);
        let update = || {
            Update::default()
                .name("rejections")
                .value("over", over.clone())
        };
        let another = update()
            .value("one", number(1))
            .set_expression(format!("{count} = {count} + :one"));
        let first = StoredRejections::first(now + self.limits.source_window);
        let first = update()
            .value("first", number(first.0))
            .set_expression(format!("{count} = :first"));
        let mut writes = [
            (another, format!("{count} > :over")),
            (first, format!("{count} <= :over")),
        ];
        let known = record.rejections.get(owner);
        if known.is_none_or(|known| known.until <= now) {
            writes.reverse();
        }
        for (update, condition) in writes {
            // Refused when another one has begun the window, or ended it.
            if self
                .update_if(keys::token(locator), &update, &condition)
                .await?
            {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_window_and_a_count() {
        let until = Timestamp::from_unix_seconds(1_800_000_600);
        let StoredRejections(first) = StoredRejections::first(until);
        let read = |stored| Rejections::from(StoredRejections(stored));
        assert_eq!(read(first), Rejections { until, count: 1 });
        assert_eq!(read(first + 19), Rejections { until, count: 20 });
        assert_eq!(Rejections::from(StoredRejections::NONE).until, LONG_AGO);
        assert_eq!(
            first.to_string().len(),
            StoredRejections::NONE.0.to_string().len()
        );
    }
}
