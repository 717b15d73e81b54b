use thiserror::Error;

use crate::domain::{
    AppId, ChangeTag, EmailAddress, IdempotencyKey, Issued, LinkToken, Locator, NewPassword, Owner,
    ProofKind, ResetRecord, ShortCode, Timestamp,
};
use crate::ports::{HashError, SpentSecret, StoreError};

/// The proof that a mail reached a person.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The link that was mailed.
    Link {
        /// `None`: something that cannot be a token.
        token: Option<LinkToken>,
        /// The address that the frontend says the token is for, if it says so.
        email: Option<EmailAddress>,
    },
    /// The address and the short code that was mailed to it. `None`: something that cannot be a
    /// code.
    Code(EmailAddress, Option<ShortCode>),
}

impl Proof {
    pub fn link(token: &str) -> Self {
        Self::Link {
            token: LinkToken::parse(token),
            email: None,
        }
    }

    /// A link with the address that the caller says it is for.
    pub fn link_for(token: &str, email: EmailAddress) -> Self {
        Self::Link {
            token: LinkToken::parse(token),
            email: Some(email),
        }
    }

    /// An address and a code, as they were handed in. A link in the code's place is as good a proof.
    pub fn code(email: EmailAddress, code: &str) -> Self {
        if LinkToken::parse(code).is_some() {
            return Self::link_for(code, email);
        }
        Self::Code(email, ShortCode::parse(code))
    }

    /// How it is proved, as logs say it.
    pub const fn kind(&self) -> ProofKind {
        match self {
            Self::Link { .. } => ProofKind::Link,
            Self::Code(..) => ProofKind::Code,
        }
    }

    /// The tag by which a change to this password with this proof is recognised; none for an invalid proof.
    pub fn change_tag(&self, key: &IdempotencyKey, password: &NewPassword) -> Option<ChangeTag> {
        match self {
            Self::Link { token, .. } => Some(token.as_ref()?.change_tag(key, password)),
            Self::Code(_, code) => Some(code.as_ref()?.change_tag(key, password)),
        }
    }

    /// The address that was handed in with it.
    pub const fn email(&self) -> Option<&EmailAddress> {
        match self {
            Self::Link { email, .. } => email.as_ref(),
            Self::Code(email, _) => Some(email),
        }
    }
}

/// A link or code that was found alive.
#[derive(Debug, Clone)]
pub struct VerifiedProof {
    pub locator: Locator,
    /// The secret that a change of the password spends.
    pub secret: SpentSecret,
    pub record: ResetRecord,
    pub issued: Issued,
    pub owner: Owner,
}

/// Why a link or code opens nothing.
#[derive(Debug, Error)]
pub enum ProofError {
    /// Unknown, wrong, replaced, killed, or overtaken by a change of the account; or a code, whatever
    /// became of it: the answer does not say which.
    #[error("the link or code is not alive")]
    Invalid,
    /// No try of the codes is left; the answer does not say that either.
    #[error("no try of the codes is left")]
    OutOfTries,
    /// The same request has changed the password a moment ago.
    #[error("the request is a repetition")]
    Repeated {
        app: AppId,
        /// Whose password it changed.
        owner: Box<Owner>,
    },
    /// The link has changed the password before, or died with the one that did.
    #[error("the link was used before")]
    Used { app: AppId },
    #[error("the link has expired")]
    Expired {
        app: AppId,
        /// The address that it was mailed to.
        email: String,
    },
    /// The link has cancelled, has not expired since, and may do so again; it does nothing else.
    #[error("the link was cancelled")]
    Cancelled(Box<VerifiedProof>),
    /// The source tries too many codes, and may try again at this time.
    #[error("the source asks too often")]
    SourceLimited(Timestamp),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Hash(#[from] HashError),
}
