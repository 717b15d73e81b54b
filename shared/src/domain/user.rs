use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The primary key of one user in the users table.
#[derive(Clone, PartialEq, Eq)]
pub struct UserKey {
    pub partition: ScalarValue,
    pub sort: Option<ScalarValue>,
}

impl UserKey {
    /// The key of a user in a table whose partition key is a string, and that has no sort key.
    pub const fn text(partition: String) -> Self {
        Self {
            partition: ScalarValue::Text(partition),
            sort: None,
        }
    }
}

/// A stored password hash of any format, as the users table holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub const fn new(stored: String) -> Self {
        Self(stored)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A digest of the credential at the moment when a token was issued: of the password hash, and of what
/// moves with every change of it.
///
/// A token whose tag is no longer true is dead: the password has changed since, or somebody who may
/// write to the users table ended what was outstanding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialTag(String);

impl CredentialTag {
    /// The tag where there is no account.
    pub fn without_account() -> Self {
        Self::of([None; 3])
    }

    fn of(parts: [Option<&str>; 3]) -> Self {
        let digest = parts.iter().fold(Sha256::new(), |digest, part| match part {
            Some(text) => digest
                .chain_update([1])
                .chain_update(text.len().to_be_bytes())
                .chain_update(text),
            None => digest.chain_update([0]),
        });
        Self(BASE64_URL_SAFE_NO_PAD.encode(digest.finalize()))
    }

    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The tag as it is stored: 43 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person with an account, as the users table has it at the moment of reading.
#[derive(Clone)]
pub struct User {
    pub key: UserKey,
    /// The stored mail address; the only one that mail goes to.
    pub email: String,
    pub name: Option<String>,
    /// The language that the person chose.
    pub locale: Option<String>,
    /// The stored password hash; none for people who only sign in with another provider.
    pub password_hash: Option<PasswordHash>,
    /// A counter of the changes of the password.
    pub credential_version: Option<ScalarValue>,
    /// The time before which no session is valid.
    pub sessions_valid_after: Option<ScalarValue>,
    /// How the person signs in, where the account has no password and is not to get one.
    pub external_sign_in: Option<ExternalSignIn>,
    pub disabled: bool,
    /// Who else gets a notice, as the users table has it; empty where the attribute has another type.
    pub notice_emails: Vec<String>,
    /// What else the users table says, and the person may see of it.
    pub profile: Profile,
}

/// How somebody signs in who has no password here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExternalSignIn {
    /// Whom they sign in with, as the users table names them; empty when it does not say.
    pub providers: Vec<String>,
}

/// Facts about a person that some frontends show after a reset; what the users table does not have is
/// left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The account's id for software.
    pub id: Option<ScalarValue>,
    pub username: Option<ScalarValue>,
    pub created: Option<ScalarValue>,
    pub last_login: Option<ScalarValue>,
    pub name: Option<ScalarValue>,
    pub email: Option<ScalarValue>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScalarValue {
    Text(String),
    /// A number, in decimal.
    Number(String),
}

impl ScalarValue {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Number(text) => text,
        }
    }
}

impl User {
    /// An account of which no more is known, without a password.
    pub fn new(key: UserKey, email: &str) -> Self {
        Self {
            key,
            email: email.to_owned(),
            name: None,
            locale: None,
            password_hash: None,
            credential_version: None,
            sessions_valid_after: None,
            external_sign_in: None,
            disabled: false,
            notice_emails: Vec::new(),
            profile: Profile::default(),
        }
    }

    pub fn credential_tag(&self) -> CredentialTag {
        CredentialTag::of([
            self.password_hash.as_ref().map(PasswordHash::as_str),
            self.credential_version.as_ref().map(ScalarValue::as_str),
            self.sessions_valid_after.as_ref().map(ScalarValue::as_str),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_follows_each_part_of_the_credential() {
        let parts = [
            [None; 3],
            [Some(""), None, None],
            [Some("$argon2id$one"), None, None],
            [Some("$argon2id$two"), None, None],
            [Some("$argon2id$one"), Some("1"), None],
            [Some("$argon2id$one"), None, Some("1")],
            [Some("$argon2id$one"), Some("2"), None],
            [Some("$argon2id$"), Some("one"), None],
        ];
        for (place, one) in parts.iter().enumerate() {
            assert_eq!(CredentialTag::of(*one), CredentialTag::of(*one));
            for other in &parts[place + 1..] {
                assert_ne!(CredentialTag::of(*one), CredentialTag::of(*other));
            }
        }
    }
}
