use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// One defect, named after what is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// Mailed links follow `X-Forwarded-Host` and `X-Forwarded-Scheme`.
    LinkFollowsRequest,
    /// A field that is a list stands for its first text.
    ListsAccepted,
    /// Mail goes to the address that was typed.
    MailGoesWhereTyped,
    /// Addresses are folded to their plain letters.
    LookAlikesFold,
    /// A link may go wherever its text begins as an allowed one does.
    RedirectsByPrefix,
    /// The person's name stands in mails as it is.
    NameUntamed,
    /// Answers about accounts take longer.
    TimeTells,
    /// Only accounts are told that they were asked for too often.
    ThrottleTells,
    /// A refusal has other words beside a known address.
    ErrorsTell,
    /// Numbers, objects and nulls are read as text.
    TypesCoerced,
    /// The transaction has no conditions.
    ChangeUnconditional,
    /// A success leaves the other secrets alone.
    SecretsSurvive,
    /// A link opens whatever address it is said to be for.
    AddressIgnored,
    /// A link works for as long as its row is there.
    ExpiryLeftToTtl,
    /// The account is not looked at again before its password is changed, nor by the change.
    AccountNotReread,
    /// Tries of codes are not counted.
    TriesUncounted,
    /// Looking at a link spends it.
    LookingSpends,
    /// A password that is rejected spends the link.
    RejectionSpends,
    TokensLogged,
    /// Answers carry no guarding headers.
    HeadersMissing,
    /// Addresses are mailed as often as anybody asks.
    AddressesUnlimited,
    /// A new link kills the older ones.
    NewestLinkOnly,
    /// A password is hashed before anything else is looked at.
    HashFirst,
    /// Bodies may be of any size.
    BodiesUnbounded,
    /// The worker does not know what it has mailed.
    DeliveriesForgotten,
    /// Passwords are cut after 72 bytes.
    PasswordsCut,
    /// Sessions from before a reset stay valid.
    SessionsSurvive,
    /// Forms of any site are taken.
    ForeignFormsTaken,
    /// Bytes of a form that are no UTF-8 are replaced.
    BytesReplaced,
    /// A domain is lowered as a language lowers words.
    DomainsLoweredByLanguage,
    /// Passwords that are rejected are not counted.
    RejectionsUncounted,
    /// What ends links and codes, other than a success, is not written.
    RevocationsForgotten,
    /// A link is not known to be of the account that it was mailed to.
    OwnersConfused,
    /// Warnings go to the others whom the account names when they are sent.
    WarningsFollowAccount,
    /// Sessions of another person are deleted.
    SessionsOfAnother,
    /// What a reset writes besides is what the request says.
    WritesFollowRequest,
    /// A password that is refused removes the account's lock.
    RefusalsUnlock,
    /// Events name people by their addresses.
    EventsNameAddresses,
}

#[derive(Debug)]
pub struct ActiveDefect {
    pub(super) defect: Defect,
    /// The addresses with accounts, for defects of functions that are not allowed to know.
    known: Vec<String>,
    edits: AtomicUsize,
    memory: Mutex<Memory>,
}

/// What an edit has to know of what passed before.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The origin that the last request claimed.
    pub(super) origin: Option<String>,
    /// The address that was typed last.
    pub(super) typed: Option<String>,
    /// The name of the person who was looked up last.
    pub(super) name: Option<String>,
    /// Whom the account that was looked up last wants to be told.
    pub(super) other: Option<String>,
    /// The time of a change that a request named last.
    pub(super) changed_at: Option<Value>,
    /// How often each known address was asked for.
    pub(super) asked: BTreeMap<String, usize>,
    /// Items as they were when they were read first, by key.
    pub(super) items: BTreeMap<String, Value>,
    /// Whether a link was looked at before.
    pub(super) looked_at: bool,
    /// Whether every link is spent.
    pub(super) spent: bool,
}

impl ActiveDefect {
    /// The defect, for a service in which these addresses have accounts.
    #[must_use]
    pub fn new(defect: Defect, known: &[&str]) -> Arc<Self> {
        Arc::new(Self {
            defect,
            known: known.iter().map(|it| (*it).to_owned()).collect(),
            edits: AtomicUsize::default(),
            memory: Mutex::default(),
        })
    }

    /// How often it has changed what passed. A defect that changes nothing shows nothing.
    #[must_use]
    pub fn edits(&self) -> usize {
        self.edits.load(Ordering::Relaxed)
    }

    pub(super) fn count_edit(&self) {
        self.edits.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn knows(&self, email: &str) -> bool {
        self.known.iter().any(|it| it == email)
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
