use serde::Serialize;
use strum::IntoStaticStr;

use super::{Pseudonym, ReportedState};

/// A security event, as its line of the log says it.
///
/// `infra/schemas/audit-log.schema.json` and `docs/logs.md` are made of this, the comments included.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum AuditEvent<'a> {
    /// Somebody asked for a reset. Whether there is an account is not known here.
    ResetRequested {
        outcome: RequestedOutcome,
        /// The app that was named, or the default one.
        app: &'a str,
        /// The address that was submitted.
        account: Pseudonym,
        #[serde(flatten)]
        caller: Caller<'a>,
    },
    /// A link or a code was looked at. Invalid is unknown, wrong, replaced, expired or out of tries;
    /// replayed is a link that has changed the password before, or died with the one that did.
    TokenVerified {
        outcome: VerifiedOutcome,
        /// The app that was named, or the default one.
        app: &'a str,
        /// What was handed in as the proof.
        by: ProofKind,
        /// The address that was submitted, or the account's; absent where nobody can know it.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Pseudonym>,
        #[serde(flatten)]
        caller: Caller<'a>,
    },
    /// Somebody tried to set a new password; it was changed or it was not. Repeated is a confirmation
    /// that had changed it before, and got the same answer again.
    ResetConfirmed {
        outcome: ConfirmedOutcome,
        /// The app that was named, or the default one.
        app: &'a str,
        /// What was handed in as the proof.
        by: ProofKind,
        /// The address that was submitted, or the account's; absent where nobody can know it.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Pseudonym>,
        #[serde(flatten)]
        caller: Caller<'a>,
    },
    /// Somebody said that it was not them who asked; every link and code of the address is dead, or
    /// the link was before.
    ResetCancelled {
        outcome: CancelledOutcome,
        /// The app that was named, or the default one.
        app: &'a str,
        /// The account's address; absent where nobody can know it.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Pseudonym>,
        #[serde(flatten)]
        caller: Caller<'a>,
    },
    /// A request was refused for its form, before its operation began.
    RequestRefused {
        outcome: Refusal,
        /// The pattern of the path, never the path.
        route: &'static str,
        #[serde(flatten)]
        caller: Caller<'a>,
    },
    /// SES took the mail.
    MailSent {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        /// The id that SES gave it.
        #[cfg_attr(feature = "schema", schemars(length(min = 0)))]
        message_id: &'a str,
        /// Whether several accounts have the address in different spellings. The mail went to the one that
        /// is stored as it was typed, or nearest to that.
        shares_address: bool,
    },
    /// Nobody is to get a mail. An alarm fires for an ambiguous address, and for a repeat over the cap.
    /// One of the account's other notice addresses may be invalid, or there are too many.
    MailSkipped {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        reason: SkipReason,
    },
    /// The record came again after its mail had been dealt with.
    MailDuplicate {
        #[serde(flatten)]
        job: AuditedJob<'a>,
    },
    /// SES refused this recipient; it is not tried again.
    MailRejected {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        /// Why, in SES's words, without addresses.
        reason: &'a str,
    },
    /// It failed and is tried again.
    MailDeferred {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        reason: &'a str,
    },
    /// The cap on mails is reached and the job waits. An alarm fires.
    MailHeld {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        /// When there is room again, in UTC.
        #[cfg_attr(
            feature = "schema",
            schemars(regex(pattern = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"))
        )]
        until: String,
    },
    /// It kept failing by itself and was given up. An alarm fires.
    MailParked {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        /// Its last failure.
        reason: &'a str,
    },
    /// The sessions from before a change of the password are deleted.
    SessionsEnded {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        /// How many there were.
        ended: u32,
        /// How many of them did not say in a known form when they began.
        undated: u32,
    },
    /// The sessions from before a change of the password could not be deleted, or not all of them. An
    /// alarm fires.
    SessionsGivenUp {
        #[serde(flatten)]
        job: AuditedJob<'a>,
        /// The last failure.
        reason: &'a str,
    },
    /// What SES says of a mail that it took: the recipient's server has it, is slow, or sent it back;
    /// the recipient called it spam; SES found a virus.
    MailReported {
        outcome: ReportedState,
        #[serde(flatten)]
        job: AuditedJob<'a>,
        /// The id that SES gave it.
        #[cfg_attr(feature = "schema", schemars(length(min = 0)))]
        message_id: &'a str,
        /// Why, in the words of SES or of the recipient's server, without addresses.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(length(min = 0)))]
        reason: Option<&'a str>,
    },
}

/// Who sent a request, and which one.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Caller<'a> {
    /// The IPv4 address or the IPv6 /64 that asked.
    pub source: Pseudonym,
    /// The id that API Gateway gave the request.
    pub request_id: &'a str,
}

/// The job that a mail is about.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditedJob<'a> {
    /// Which mail the job is about.
    pub mail: MailKind,
    /// The address that the mail is for; absent where nobody can know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Pseudonym>,
    /// The job's name, which its retries share: for a reset the id of the request.
    pub job: &'a str,
}

/// Declares what a field of an event may say. The names are those of the log and, for a refusal, of
/// the reason that it is counted by.
macro_rules! values {
    ($($(#[$doc:meta])* $name:ident { $($value:ident),+ })+) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum $name { $($value),+ }
    )+ };
}

values! {
    /// What became of a request for a reset.
    RequestedOutcome { Accepted, AddressThrottled, SourceLimited }
    /// What a link or a code was found to be.
    VerifiedOutcome { Alive, InvalidToken, Replayed, SourceLimited }
    /// What became of a new password.
    ConfirmedOutcome { PasswordChanged, Repeated, PasswordRejected, RejectionLimited, InvalidToken, Replayed, SourceLimited }
    /// What became of a cancellation.
    CancelledOutcome { Cancelled, InvalidToken }
    /// Why a request never got as far as its operation.
    Refusal { InvalidRequest, UnknownApp, ResetDisabled, ForeignForm, PayloadTooLarge, UnsupportedMediaType }
    /// What a person proves with that the mail reached them.
    ProofKind { Link, Code }
    /// Which mail a job is about.
    MailKind { Reset, Changed, Unknown }
    /// Why nobody gets a mail.
    SkipReason { UnknownAddress, AccountDisabled, AmbiguousAddress, RepeatOverCap, InvalidAddress, TooManyAddresses }
}
