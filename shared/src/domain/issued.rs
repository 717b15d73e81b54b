use super::{CredentialTag, Timestamp, User, UserKey};

/// What has become of a link or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretState {
    /// It works until it expires.
    Alive,
    /// It changed the password, or another one of the same account did.
    Used,
    /// It was alive when what was outstanding was cancelled.
    Cancelled,
    /// Something else ended it, for good.
    Killed,
    /// It is no link: the [`ChangeTag`](super::ChangeTag) of a change, which may be repeated until it
    /// expires.
    Repeatable,
}

/// A link or a code that was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issued {
    pub state: SecretState,
    /// The first second at which it is no longer valid.
    pub expires_at: Timestamp,
    /// Whose it is: the place among the owners of its record.
    pub owner: usize,
}

impl Issued {
    /// Whether it works at `now`. What expires at `now` is dead.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        self.state == SecretState::Alive && self.expires_at > now
    }

    /// Ends it, if it is alive and of this owner, or of any where none is named.
    pub(super) fn end(&mut self, owner: Option<usize>, state: SecretState, now: Timestamp) {
        if self.is_alive(now) && owner.is_none_or(|owner| owner == self.owner) {
            self.state = state;
        }
    }
}

/// An account, as it was when links and codes were issued to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Owner {
    /// Nobody's for addresses without a usable account.
    pub user_key: Option<UserKey>,
    pub credential_tag: CredentialTag,
    /// The address that mail went to; for addresses without an account, the submitted one.
    pub email: String,
}

impl Owner {
    /// The owner of what is issued for an address without a usable account.
    pub fn nobody(email: &str) -> Self {
        Self {
            user_key: None,
            credential_tag: CredentialTag::without_account(),
            email: email.to_owned(),
        }
    }

    pub fn of(user: &User) -> Self {
        Self {
            user_key: Some(user.key.clone()),
            credential_tag: user.credential_tag(),
            email: user.email.clone(),
        }
    }

    /// Whether the account is as it was, and may have its password reset.
    #[must_use]
    pub fn is_still(&self, user: &User) -> bool {
        !user.disabled && user.external_sign_in.is_none() && *self == Self::of(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ExternalSignIn, PasswordHash, ScalarValue};

    fn user() -> User {
        User::new(UserKey::text("1".into()), "demo@example.com")
    }

    #[test]
    fn an_account_is_still_the_same_until_anything_of_it_changes() {
        let owner = Owner::of(&user());
        assert!(owner.is_still(&user()));
        assert!(!Owner::nobody("demo@example.com").is_still(&user()));
        let number = || Some(ScalarValue::Number("1".into()));
        for changed in [
            User {
                disabled: true,
                ..user()
            },
            User {
                external_sign_in: Some(ExternalSignIn::default()),
                ..user()
            },
            User {
                password_hash: Some(PasswordHash::new("hash".into())),
                ..user()
            },
            User {
                credential_version: number(),
                ..user()
            },
            User {
                sessions_valid_after: number(),
                ..user()
            },
            User::new(UserKey::text("1".into()), "moved@example.com"),
            User::new(UserKey::text("2".into()), "demo@example.com"),
        ] {
            assert!(!owner.is_still(&changed));
        }
    }
}
