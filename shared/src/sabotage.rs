//! Holes that tests put into the service on purpose, one at a time.
//!
//! The attack suite says that the service repels an attack. That is worth something only if the
//! suite would notice an attack that succeeds, so each line of it is also run against a service
//! that has just the hole in question. The holes are behind the feature `sabotage`, which no
//! function that is deployed turns on: without it `sabotaged!` is the word `false` and
//! `sabotage!` is its sound half, and nothing of this module is compiled. A test looks for it in
//! the functions' features and binaries all the same.
//!
//! A hole is open in one thread, so that tests beside each other do not meet.

/// Whether this hole is open.
#[cfg(feature = "sabotage")]
macro_rules! sabotaged {
    ($hole:ident) => {
        $crate::sabotage::is_open($crate::sabotage::Hole::$hole)
    };
}

/// Whether this hole is open: never, in this build.
#[cfg(not(feature = "sabotage"))]
macro_rules! sabotaged {
    ($hole:ident) => {
        false
    };
}

/// What the service does when this hole is open, and what it does otherwise.
#[cfg(feature = "sabotage")]
macro_rules! sabotage {
    ($hole:ident => $broken:expr) => {
        if sabotaged!($hole) {
            $broken
        }
    };
    ($hole:ident => $broken:expr, else $sound:expr) => {
        if sabotaged!($hole) { $broken } else { $sound }
    };
}

/// What the service does: in this build, the sound thing alone.
#[cfg(not(feature = "sabotage"))]
macro_rules! sabotage {
    ($hole:ident => $broken:expr) => {};
    ($hole:ident => $broken:expr, else $sound:expr) => {
        $sound
    };
}

#[cfg(feature = "sabotage")]
pub use holes::{
    Hole, Opened, fold, is_open, open, overhear, overheard_origin, pause_for_account,
    pause_if_known, spend, told, told_by_limit, was_looked_at, was_spent,
};

#[cfg(feature = "sabotage")]
mod holes {
    use std::cell::{Cell, RefCell};
    use std::time::Duration;

    use lambda_http::http::HeaderMap;
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;

    use crate::domain::{EmailAddress, ResetRecord, ResetRequest};
    use crate::ports::Acceptance;
    use crate::use_cases::RequestOutcome;

    /// How much longer an answer takes that tells by its time.
    const PAUSE: Duration = Duration::from_millis(10);

    /// One hole, named after what is broken.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Hole {
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
        /// Values stand in mails as they are.
        ValuesUntamed,
        /// Answers about accounts take longer.
        TimeTells,
        /// Only accounts are told that they were asked for too often.
        ThrottleTells,
        /// A refusal of a field has other words beside a known address.
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
        /// The account is not looked at again before its password is changed.
        AccountNotReread,
        /// Tries of codes are not limited.
        TriesUncounted,
        /// Looking at a link spends it.
        LookingSpends,
        /// A password that is rejected spends the link.
        RejectionSpends,
        /// Link tokens are logged.
        TokensLogged,
        /// Answers carry no guarding headers.
        HeadersMissing,
        /// Addresses are mailed as often as anybody asks.
        AddressesUnlimited,
        /// A new link kills the older ones.
        NewestLinkOnly,
        /// The password is hashed before anything else is looked at.
        HashFirst,
        /// Bodies may be of any size.
        BodiesUnbounded,
        /// The worker does not know what it has mailed.
        DeliveriesForgotten,
        /// Passwords are cut after 72 bytes.
        PasswordsCut,
        /// Sessions from before a reset stay valid.
        SessionsSurvive,
    }

    thread_local! {
        static OPEN: Cell<Option<Hole>> = const { Cell::new(None) };
        static KNOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
        static OVERHEARD: Cell<Option<&'static str>> = const { Cell::new(None) };
        static LOOKED_AT: Cell<bool> = const { Cell::new(false) };
        static SPENT: Cell<bool> = const { Cell::new(false) };
    }

    /// A hole that is open in this thread until this is dropped.
    #[derive(Debug)]
    pub struct Opened(());

    /// Opens a hole. `known` are the addresses with accounts, for holes in functions that are not
    /// allowed to know.
    #[must_use]
    pub fn open(hole: Hole, known: &[&str]) -> Opened {
        close();
        OPEN.set(Some(hole));
        KNOWN.set(known.iter().map(|it| (*it).to_owned()).collect());
        Opened(())
    }

    impl Drop for Opened {
        fn drop(&mut self) {
            close();
        }
    }

    fn close() {
        OPEN.set(None);
        KNOWN.take();
        OVERHEARD.set(None);
        LOOKED_AT.set(false);
        SPENT.set(false);
    }

    /// Whether a hole is open.
    #[must_use]
    pub fn is_open(hole: Hole) -> bool {
        OPEN.get() == Some(hole)
    }

    fn is_known(email: &EmailAddress) -> bool {
        KNOWN.with_borrow(|known| known.iter().any(|it| it == email.normalised()))
    }

    /// Remembers where a request says that it went.
    pub fn overhear(headers: &HeaderMap) {
        let header = |name| headers.get(name)?.to_str().ok();
        // API Gateway writes `X-Forwarded-Proto` itself, so that a stranger's arrives nowhere.
        let proto = header("x-forwarded-scheme");
        let host = header("x-forwarded-host");
        if proto.is_some() || host.is_some() {
            let (proto, host) = (proto.unwrap_or("https"), host.unwrap_or("api.example.com"));
            // It lives as long as the test's process.
            OVERHEARD.set(Some(format!("{proto}://{host}").leak()));
        }
    }

    /// The origin that the last request claimed.
    #[must_use]
    pub fn overheard_origin(configured: &str) -> &str {
        OVERHEARD.get().unwrap_or(configured)
    }

    /// The text in plain letters: no accents, no other alphabets' twins, lower case.
    #[must_use]
    pub fn fold(text: &str) -> &'static str {
        let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
        let plain = plain.collect::<String>().to_lowercase();
        plain.replace('\u{131}', "i").leak()
    }

    /// Takes as long as a careless look into the users table would, if there is an account.
    pub async fn pause_if_known(email: &EmailAddress) {
        pause_if(is_known(email)).await;
    }

    /// The same where a code was found.
    pub async fn pause_for_account(reserved: Option<&ResetRecord>) {
        pause_if(reserved.is_some_and(|it| it.user_key.is_some())).await;
    }

    async fn pause_if(known: bool) {
        if known {
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What is said beside this address: one thing if it is known, another if it is not.
    pub fn told<T>(email: &EmailAddress, known: T, unknown: T) -> T {
        if is_known(email) { known } else { unknown }
    }

    /// Refuses those with an account for what nobody else is refused for.
    #[must_use]
    pub fn told_by_limit(request: &ResetRequest, acceptance: Acceptance) -> RequestOutcome {
        if acceptance == Acceptance::Throttled && is_known(&request.email) {
            return RequestOutcome::SourceLimited(request.requested_at);
        }
        RequestOutcome::Accepted(acceptance)
    }

    /// Whether a link was looked at before; from now on it was.
    #[must_use]
    pub fn was_looked_at() -> bool {
        LOOKED_AT.replace(true)
    }

    /// Spends every link.
    pub fn spend() {
        SPENT.set(true);
    }

    /// Whether every link was spent.
    #[must_use]
    pub fn was_spent() -> bool {
        SPENT.get()
    }
}
