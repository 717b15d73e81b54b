//! The stored form of a link or code: a letter for its state, ten digits for its expiry, and one for its
//! owner, `v18000018000`.
//!
//! It has one length whatever became of it, and of two the greater one, as text, is the one that is
//! alive and lives longer: so one comparison in a condition tells whether it is alive.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::items::text;
use crate::domain::{Issued, SecretState, Timestamp};
use crate::ports::StoreError;

/// The letters of the states; that of what is alive is the last in the alphabet.
const LETTERS: [(char, SecretState); 5] = [
    ('v', SecretState::Alive),
    ('u', SecretState::Used),
    ('c', SecretState::Cancelled),
    ('k', SecretState::Killed),
    ('r', SecretState::Repeatable),
];
/// Greater than any digit.
const BEYOND_OWNERS: char = '~';

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct StoredSecret(pub(super) Issued);

impl From<StoredSecret> for String {
    fn from(StoredSecret(issued): StoredSecret) -> Self {
        let letter = LETTERS.iter().find(|(_, state)| *state == issued.state);
        let letter = letter.map_or('k', |(letter, _)| *letter);
        let expires_at = issued.expires_at.unix_seconds();
        format!("{letter}{expires_at:010}{}", issued.owner)
    }
}

impl TryFrom<String> for StoredSecret {
    type Error = StoreError;

    fn try_from(stored: String) -> Result<Self, StoreError> {
        let parse = || {
            let letter = stored.chars().next()?;
            let (_, state) = LETTERS.iter().find(|(it, _)| *it == letter)?;
            Some(Issued {
                state: *state,
                expires_at: Timestamp::from_unix_seconds(stored.get(1..11)?.parse().ok()?),
                owner: stored.get(11..)?.parse().ok()?,
            })
        };
        let issued = parse().ok_or_else(|| StoreError::Corrupt("no such secret".to_owned()))?;
        Ok(Self(issued))
    }
}

/// What the stored form of everything that is alive at `now` is greater than.
pub(super) fn alive_at(now: Timestamp) -> AttributeValue {
    let now = now.unix_seconds();
    text(format!("v{now:010}{BEYOND_OWNERS}"))
}

/// Links or codes as they were stored, of which none is alive that expires after `last`.
pub(super) fn issued(
    stored: BTreeMap<String, StoredSecret>,
    last: Timestamp,
) -> BTreeMap<String, Issued> {
    let issued = stored.into_iter().map(|(hash, StoredSecret(issued))| {
        let killed = issued.state == SecretState::Alive && issued.expires_at > last;
        let state = if killed {
            SecretState::Killed
        } else {
            issued.state
        };
        (hash, Issued { state, ..issued })
    });
    issued.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_800_000_000);
    const LATER: Timestamp = Timestamp::from_unix_seconds(1_800_000_001);

    fn stored(state: SecretState, expires_at: Timestamp, owner: usize) -> String {
        String::from(StoredSecret(Issued {
            state,
            expires_at,
            owner,
        }))
    }

    #[test]
    fn what_is_alive_is_greater_and_nothing_else_is() {
        let alive = alive_at(NOW);
        let alive = alive.as_s().expect("a text");
        for owner in 0..4 {
            for (_, state) in LETTERS {
                let later = stored(state, LATER, owner);
                assert_eq!(later > *alive, state == SecretState::Alive, "{later}");
                assert!(stored(state, NOW, owner) < *alive);
                assert_eq!(later.len(), 12);
            }
        }
    }

    #[test]
    fn it_is_read_as_it_was_written_unless_it_was_killed_without_being_read() {
        let secrets = LETTERS.map(|(letter, state)| {
            let stored = StoredSecret::try_from(stored(state, LATER, 3)).expect("a good form");
            assert_eq!(
                (stored.0.state, stored.0.expires_at, stored.0.owner),
                (state, LATER, 3)
            );
            (letter.to_string(), stored)
        });
        for (last, alive) in [(LATER, 1), (NOW, 0)] {
            let read = issued(secrets.clone().into(), last);
            assert_eq!(read.len(), LETTERS.len());
            let count = read.values().filter(|it| it.is_alive(NOW)).count();
            assert_eq!(count, alive);
        }
        for bad in ["", "v", "x18000000010", "v1800000001", "v18000000\u{e9}10"] {
            assert!(StoredSecret::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
