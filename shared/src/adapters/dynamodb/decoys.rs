//! What fills a record up, so that its size says nothing.
//!
//! A mail of which nobody knows whether it was sent is sent again with another link, which an address
//! without an account never is. Were the links of a record as many as its mails, reading it would
//! take longer. So each record has as many links and codes as there may be, most of them decoys.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::items::text;
use super::stored_secret::StoredSecret;
use crate::domain::{Issued, SecretState, Timestamp};

/// When what is dead expired: long ago, in as many digits as any other time. No zero is at its end,
/// which DynamoDB would not store.
pub(super) const LONG_AGO: Timestamp = Timestamp::from_unix_seconds(1_000_000_001);

const DEAD: Issued = Issued {
    state: SecretState::Killed,
    expires_at: LONG_AGO,
    owner: 0,
};

/// The stored form of a link or code that nobody was mailed.
pub(super) fn dead() -> AttributeValue {
    text(String::from(StoredSecret(DEAD)))
}

/// The decoy of this number, in the form of an encoded hash. It decodes as one, so that comparing it
/// takes as long; nobody knows a secret that it would be the hash of, and it has expired.
fn decoy(place: usize) -> String {
    format!("{place:042}0")
}

/// Links or codes as they are stored, filled up with decoys. Those that are there already count as any
/// other.
pub(super) fn filled_up(
    issued: &BTreeMap<String, Issued>,
    size: usize,
) -> BTreeMap<String, StoredSecret> {
    let stored = issued.iter();
    let mut stored: BTreeMap<_, _> = stored
        .map(|(hash, issued)| (hash.clone(), StoredSecret(*issued)))
        .collect();
    let mut decoys = (0..size).map(decoy);
    while stored.len() < size {
        let Some(decoy) = decoys.next() else { break };
        stored.entry(decoy).or_insert(StoredSecret(DEAD));
    }
    stored
}

/// When the last of them expires that was not ended before.
pub(super) fn last_expiry(issued: &BTreeMap<String, Issued>) -> Timestamp {
    let alive = issued.values().filter(|it| it.state == SecretState::Alive);
    alive.map(|it| it.expires_at).max().unwrap_or(LONG_AGO)
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
        let of = |places: std::ops::Range<usize>| places.map(|it| (decoy(it), DEAD)).collect();
        for some in [of(0..0), of(0..32), of(7..9), of(100..103)] {
            let filled = filled_up(&some, 32);
            assert_eq!(filled.len(), 32);
        }
    }
}
