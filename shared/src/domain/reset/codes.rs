use std::collections::BTreeMap;

use crate::domain::{CodeHash, CodeSalt, Issued, Timestamp};

/// The short codes of an address that are alive, and the tries that were taken of them.
///
/// The tries are for all codes together. A code that comes when none was taken joins the others; one
/// that comes later begins a new round alone. So no more tries come with a mail than its own code
/// would have had.
#[derive(Clone, Default)]
pub struct Codes {
    /// What their hashes have in common; none before the first.
    pub salt: Option<CodeSalt>,
    /// Each, by its encoded hash.
    pub hashes: BTreeMap<String, Issued>,
    pub attempts: u32,
    /// Counts the rounds, so that a try is given back to the one that it was taken from.
    pub round: u64,
    /// Whether the round began here and is not stored yet.
    pub is_new_round: bool,
}

impl Codes {
    /// Most codes that one address may have alive.
    pub const MAX: usize = 8;

    /// What the next code is to be hashed with, to join those that are alive; none when it begins a
    /// round.
    pub fn salt_to_join(&self, now: Timestamp) -> Option<&CodeSalt> {
        let alive = self.hashes.values().any(|code| code.is_alive(now));
        self.salt.as_ref().filter(|_| alive && self.attempts == 0)
    }

    /// The code with this hash, if it is alive at `now`. Every stored hash is compared, each in
    /// constant time.
    #[must_use]
    pub fn alive(&self, hash: &CodeHash, now: Timestamp) -> Option<&Issued> {
        let found = self.hashes.iter().fold(
            None,
            |found, (stored, code)| {
                if hash.is(stored) { Some(code) } else { found }
            },
        );
        found.filter(|code| code.is_alive(now))
    }

    /// Adds a code that was hashed with `salt`; the oldest give way when there are many.
    pub(super) fn add(&mut self, hash: &CodeHash, salt: &CodeSalt, code: Issued, now: Timestamp) {
        if self.attempts > 0 || self.salt.as_ref() != Some(salt) {
            *self = Self {
                salt: Some(salt.clone()),
                round: self.round + 1,
                is_new_round: true,
                ..Self::default()
            };
        }
        self.hashes.retain(|_, code| code.is_alive(now));
        while self.hashes.len() >= Self::MAX {
            let oldest = self.hashes.iter().min_by_key(|(_, code)| code.expires_at);
            let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) else {
                break;
            };
            self.hashes.remove(&oldest);
        }
        self.hashes.insert(hash.as_str().to_owned(), code);
    }
}
