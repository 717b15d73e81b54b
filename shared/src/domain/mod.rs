//! What the service is about, free of I/O: addresses, tokens, codes, passwords, users, apps.

mod app;
mod audit;
mod clock;
mod code;
mod email;
mod idempotency;
mod issued;
mod job;
mod limits;
mod locator;
mod mail_report;
mod notice;
mod page_urls;
mod password;
mod password_format;
mod pasted;
mod pseudonym;
mod redacted;
mod reset;
mod token;
mod user;
mod user_lookup;
mod wire_format;

pub use app::{
    AccentColor, App, AppId, Apps, Branding, Image, LinkTemplate, LinkValues, Mailbox, RESERVED,
    RedirectRefusal, RedirectRule, is_fixed_url, is_loopback, is_single_line,
};
pub use audit::{
    AuditEvent, AuditedJob, Caller, CancelledOutcome, ConfirmedOutcome, MailKind, ProofKind,
    Refusal, RequestedOutcome, SkipReason, VerifiedOutcome,
};
pub use clock::Timestamp;
pub use code::{CodeHash, CodeSalt, ShortCode};
pub use email::{EmailAddress, InvalidEmailAddress};
pub use idempotency::{ChangeTag, IdempotencyKey};
pub use issued::{Issued, Owner, SecretState};
pub use job::{Job, JobTask};
pub use limits::{Limits, MailCap, Rejections};
pub use locator::Locator;
pub use mail_report::{MailId, MailReference, MailReport, ReportedState};
pub use notice::{Notice, NoticeId, OtherRecipients};
pub use page_urls::PageUrls;
pub use password::{NewPassword, PasswordContext, PasswordPolicy, RejectionReason};
pub use password_format::PasswordHashFormat;
pub(crate) use pasted::is_invisible;
pub use pseudonym::{Pseudonym, Pseudonymizer};
pub use reset::{
    ClientInfo, Codes, Delivery, DeliveryState, IssuedSecrets, RequestId, ResetRecord, ResetRequest,
};
pub use token::{LinkSecret, LinkToken, SecretHash};
pub use user::{CredentialTag, ExternalSignIn, PasswordHash, Profile, ScalarValue, User, UserKey};
pub use user_lookup::UserLookup;
pub use wire_format::WireFormat;
