use super::{EmailAddress, User};

/// The account that an address finds.
#[must_use]
pub enum UserLookup {
    /// One account has it.
    Found(Box<User>),
    /// Several accounts have it in different spellings, and this one's is the nearest to what was typed.
    Nearest(Box<User>),
    /// No account has it.
    Nobody,
    /// More than one account: nobody can tell whose it is.
    Ambiguous,
}

impl UserLookup {
    /// Who has an address, of those who have it in one spelling or another: an active account rather
    /// than one that is disabled, and of several active ones the one whose stored spelling is the
    /// first under which the address may be stored.
    pub fn among(users: Vec<User>, email: &EmailAddress) -> Self {
        let spellings = email.spellings();
        let rank = |user: &User| spellings.iter().position(|it| *it == user.email);
        let (mut active, mut disabled): (Vec<_>, Vec<_>) =
            users.into_iter().partition(|user| !user.disabled);
        active.sort_by_key(|user| rank(user).unwrap_or(spellings.len()));
        let is_shared = active.len() > 1;
        let is_tie = is_shared && rank(&active[0]) == rank(&active[1]);
        match active.into_iter().next() {
            Some(_) if is_tie => Self::Ambiguous,
            Some(user) if is_shared => Self::Nearest(Box::new(user)),
            Some(user) => Self::Found(Box::new(user)),
            None => disabled
                .pop()
                .map_or(Self::Nobody, |user| Self::Found(Box::new(user))),
        }
    }
}
