//! What fills a record up, so that its size says nothing.
//!
//! A mail of which nobody knows whether it was sent is sent again with another link, which an address
//! without an account never is. Were the links of a record as many as its mails, reading it would
//! take longer. So each record has as many links and codes as there may be, most of them decoys.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::items::number;
use crate::domain::{Codes, ResetRecord, Timestamp};

/// When what is dead expired: long ago, in as many digits as any other time. No zero is at its end,
/// which DynamoDB would not store.
pub(super) const LONG_AGO: Timestamp = Timestamp::from_unix_seconds(1_000_000_001);

/// The decoy of this number, in the form of an encoded hash. It decodes as one, so that comparing it
/// takes as long; nobody knows a secret that it would be the hash of, and it has expired.
fn decoy(place: usize) -> String {
    format!("{place:042}0")
}

/// What stands where no hash does.
pub(super) fn no_hash() -> String {
    decoy(0)
}

/// The hashes, filled up with decoys. Those that are there already count as any other.
pub(super) fn filled_up(
    mut hashes: BTreeMap<String, Timestamp>,
    size: usize,
) -> BTreeMap<String, Timestamp> {
    let mut decoys = (0..size).map(decoy);
    while hashes.len() < size {
        let Some(decoy) = decoys.next() else { break };
        hashes.entry(decoy).or_insert(LONG_AGO);
    }
    hashes
}

/// Links of which none is alive.
pub(super) fn no_links() -> AttributeValue {
    decoys(ResetRecord::MAX_LINKS)
}

/// Codes of which none is alive.
pub(super) fn no_codes() -> AttributeValue {
    decoys(Codes::MAX)
}

fn decoys(size: usize) -> AttributeValue {
    let expired = number(LONG_AGO.unix_seconds());
    AttributeValue::M(
        (0..size)
            .map(|place| (decoy(place), expired.clone()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{LinkSecret, SecretHash};

    #[test]
    fn decoys_have_the_form_of_hashes() {
        for place in [0, 7, 31] {
            assert!(SecretHash::decode(&decoy(place)).is_some());
            assert_eq!(
                decoy(place).len(),
                LinkSecret::from_bytes([1; 32]).hash().encoded().len()
            );
        }
    }

    #[test]
    fn whatever_there_is_is_filled_up_to_the_size() {
        let of = |places: std::ops::Range<usize>| places.map(|it| (decoy(it), LONG_AGO)).collect();
        for some in [of(0..0), of(0..32), of(7..9), of(100..103)] {
            let filled = filled_up(some, 32);
            assert_eq!(filled.len(), 32);
        }
    }
}
