//! Kinds of address that nobody outside may tell apart, and what their answers show.
//!
//! Every round asks the same of each kind once, in random order, and nothing is done in between, so
//! that whatever the machine and the connections do befalls all alike.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::app::{Answer, Item, NEW_PASSWORD, OLD_PASSWORD};
use crate::statistics::Comparison;
use crate::{Fault, TestApp};

/// A code that nobody was mailed, but for one chance in 2^40.
const WRONG_CODE: &str = "0000-0000";
/// Rounds after which used tries are given back: fewer than the ten that a code has.
const ROUNDS_OF_TRIES: usize = 8;
/// An answer that took longer than this came at the second try: the SDK waits for 1.5 seconds. On a
/// machine that is so busy, another call says nothing about the address.
const FIRST_TRY: Duration = Duration::from_millis(1400);
/// Rounds that are left out, because connections and caches are cold.
const COLD_ROUNDS: usize = 20;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A reset.
    Request,
    /// Whether a wrong code is alive.
    VerifyByCode,
    /// A new password by a wrong code.
    ConfirmByCode,
}

/// A kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It has an account.
    Known,
    /// It has none.
    Unknown,
    /// Its account is switched off.
    Disabled,
    /// It has an account, and SES was and is down.
    KnownWithoutSes,
    /// It has an account, but was asked for too often, or its tries are used up.
    KnownLimited,
    /// It has none, and the same.
    UnknownLimited,
}

/// All kinds.
pub const KINDS: [Kind; 6] = [
    Kind::Known,
    Kind::Unknown,
    Kind::Disabled,
    Kind::KnownWithoutSes,
    Kind::KnownLimited,
    Kind::UnknownLimited,
];

impl Kind {
    /// Its address: all of one length, so that no item is larger than another.
    #[must_use]
    pub const fn email(self) -> &'static str {
        match self {
            Self::Known => "person-1@example.com",
            Self::Unknown => "person-2@example.com",
            Self::Disabled => "person-3@example.com",
            Self::KnownWithoutSes => "person-4@example.com",
            Self::KnownLimited => "person-5@example.com",
            Self::UnknownLimited => "person-6@example.com",
        }
    }

    const fn has_account(self) -> bool {
        !matches!(self, Self::Unknown | Self::UnknownLimited)
    }

    /// Whether its limits are used up. That somebody was asked for a moment ago says nothing about
    /// an account, and a write that DynamoDB refuses takes another time than one that it does.
    #[must_use]
    pub const fn is_limited(self) -> bool {
        matches!(self, Self::KnownLimited | Self::UnknownLimited)
    }
}

/// The service with one address of each kind.
pub struct Panel {
    app: TestApp,
    operation: Operation,
    /// The record of each kind, with tries left or used up.
    records: Vec<Item>,
    /// A state of the generator of orders.
    random: u64,
}

/// What each kind's requests took, in seconds.
pub struct Times([Vec<f64>; KINDS.len()]);

impl Times {
    /// Compares two kinds.
    #[must_use]
    pub fn compare(&self, one: Kind, other: Kind) -> Comparison {
        let times = |kind: Kind| {
            let place = KINDS.iter().position(|it| *it == kind);
            &self.0[place.expect("one of the kinds")]
        };
        Comparison::of(times(one), times(other))
    }
}

impl Panel {
    /// A service in which a reset was asked for each kind and the worker has done what it could.
    pub async fn start(operation: Operation) -> Self {
        let app = TestApp::builder()
            .set("ARGON2_MEMORY_KIB", "8192")
            .set("ARGON2_ITERATIONS", "1")
            .set("SOURCE_LIMIT", "100000")
            .set("CODE_MAX_TRIES", "10")
            .set("LINK_LIFETIME_SECONDS", "300")
            .set("ADDRESS_COOLDOWN_SECONDS", "1")
            .set("ADDRESS_REQUESTS_PER_LIFETIME", "20")
            .start()
            .await;
        for kind in KINDS {
            if kind.has_account() {
                app.add_user(kind.email(), kind.email(), OLD_PASSWORD).await;
            }
        }
        let off = AttributeValue::Bool(true);
        app.set_user(Kind::Disabled.email(), "disabled", off).await;
        let mut panel = Self {
            app,
            operation,
            records: Vec::new(),
            random: 0x9E37_79B9_7F4A_7C15,
        };
        panel.issue().await;
        panel
    }

    /// Lets the worker do its work for each kind, with SES down where it is to be down.
    async fn issue(&mut self) {
        for kind in KINDS {
            self.app.request_reset(kind.email()).await;
            if kind == Kind::KnownWithoutSes {
                self.break_ses();
            }
            self.app.deliver_once().await;
            self.app.aws.heal();
        }
        // What SES did not take is tried again for as long as the link lives, and holds up those
        // behind it.
        self.app.clock.advance(Duration::from_mins(5));
        self.app.deliver().await;
        for kind in KINDS {
            let record = self.item_of("token#", kind.email()).await;
            self.records.push(with_tries(record, kind));
        }
        for kind in KINDS.into_iter().filter(|kind| kind.is_limited()) {
            let mut request = self.item_of("request#", kind.email()).await;
            request.insert("a1".to_owned(), always());
            self.app.put("TokensTable", request).await;
        }
    }

    fn break_ses(&self) {
        let down = Fault::Refuse(503, "ServiceUnavailable");
        self.app.aws.inject("SendEmail", vec![down; 10]);
    }

    /// Gives back the tries of those who are to have some.
    async fn give_tries_back(&self) {
        for record in &self.records {
            self.app.put("TokensTable", record.clone()).await;
        }
    }

    async fn item_of(&self, prefix: &str, email: &str) -> Item {
        let address = AttributeValue::S(email.to_owned());
        let mut items = self.app.items(prefix).await.into_iter();
        let found = items.find(|item| item["email"] == address);
        found.expect("there is one for every address")
    }

    /// Asks this many times of each kind.
    ///
    /// # Panics
    ///
    /// When an answer or the calls of AWS tell the kinds apart.
    pub async fn measure(&mut self, rounds: usize) -> Times {
        let mut times = Times([const { Vec::new() }; KINDS.len()]);
        for round in 0..COLD_ROUNDS + rounds {
            // So that each may be asked for once more: twenty in five minutes.
            self.app.clock.advance(Duration::from_secs(16));
            if self.operation != Operation::Request && round % ROUNDS_OF_TRIES == 0 {
                self.give_tries_back().await;
            }
            let mut shown = Vec::new();
            for place in self.order() {
                let kind = KINDS[place];
                if kind == Kind::KnownWithoutSes {
                    self.break_ses();
                }
                self.app.aws.forget_calls();
                let start = Instant::now();
                let answer = self.ask(kind).await;
                let took = start.elapsed();
                self.app.aws.heal();
                if took < FIRST_TRY {
                    shown.push((kind, self.app.aws.take_calls(), said(&answer)));
                }
                if round >= COLD_ROUNDS {
                    times.0[place].push(took.as_secs_f64());
                }
            }
            for (kind, calls, said) in &shown {
                assert_eq!((calls, said), (&shown[0].1, &shown[0].2), "{kind:?}");
            }
        }
        times
    }

    async fn ask(&self, kind: Kind) -> Answer {
        let email = kind.email();
        match self.operation {
            Operation::Request => self.app.request_reset(email).await,
            Operation::VerifyByCode => self.app.verify_code(email, WRONG_CODE).await,
            Operation::ConfirmByCode => {
                self.app.confirm_code(email, WRONG_CODE, NEW_PASSWORD).await
            }
        }
    }

    /// A random order of the kinds (Fisher and Yates).
    fn order(&mut self) -> [usize; KINDS.len()] {
        let mut order = std::array::from_fn(|place| place);
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }

    /// A random number below `limit` (xorshift, as Marsaglia has it): nobody has to be unable to
    /// predict it.
    fn below(&mut self, limit: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random >> 33).unwrap_or_default() % limit
    }
}

/// The record with all tries left or none, and a code that no clock of a test outlives.
fn with_tries(mut record: Item, kind: Kind) -> Item {
    let used = if kind.is_limited() { "10" } else { "0" };
    let used = AttributeValue::N(used.to_owned());
    record.insert("code_attempts".to_owned(), used);
    record.insert("code_expires_at".to_owned(), always());
    record
}

/// A time that no test comes to.
fn always() -> AttributeValue {
    AttributeValue::N("4000000000".to_owned())
}

/// What an answer says, without what names this very request.
fn said(answer: &Answer) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers = answer.0.headers.clone();
    headers.retain(|(name, _)| name != "apigw-requestid");
    (answer.status(), headers, answer.0.body.clone())
}
