//! Kinds of address that nobody outside may tell apart, and what their answers show.
//!
//! Every round asks the same of each kind once, in random order, and nothing is done in between, so
//! that whatever the machine and the connections do befalls all alike.

use std::time::{Duration, Instant};

use local_stack::api_gateway::ApiRequest;
use serde_json::{Value, json};
use shared::ports::Clock as _;

use crate::app::{Answer, NEW_PASSWORD, OLD_PASSWORD, is_of_address};
use crate::random::Random;
use crate::statistics::Comparison;
use crate::{Fault, TestApp, TestAppBuilder};

/// A code that nobody was mailed, but for one chance in 2^40.
const WRONG_CODE: &str = "0000-0000";
/// A key that nobody else has.
const KEY: &str = "mSqVCJHsRxy0Vq3mXy8bJA";
/// Rounds after which used tries are given back: fewer than the ten that a code has.
const ROUNDS_OF_TRIES: usize = 8;
/// An answer that took longer than this came at the second try: the SDK waits for 1.5 seconds. On a
/// machine that is so busy, another call says nothing about the address.
const FIRST_TRY: Duration = Duration::from_millis(1400);
/// A source that asks too often.
const BUSY_SOURCE: &str = "192.0.2.9";
/// Time between two rounds, so that each address may be asked for once more: twenty in five minutes.
const PAUSE: Duration = Duration::from_secs(16);
/// Length of a window in which sources are counted, in seconds.
const SOURCE_WINDOW: i64 = 3600;
/// Most requests of a source in a window: more than there are rounds in it.
const SOURCE_LIMIT: u64 = 240;
/// A time that no test comes to.
const NEVER: i64 = 4_000_000_000;
/// Rounds that are left out, because connections and caches are cold.
const COLD_ROUNDS: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Request,
    /// Whether a wrong code is alive.
    VerifyByCode,
    /// A new password by a wrong code.
    ConfirmByCode,
    /// The same under a key, as if it were sent once more.
    RepeatByCode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Known,
    Unknown,
    /// Its account is switched off.
    Disabled,
    /// It has an account, and SES was and is down.
    KnownWithoutSes,
    /// As above, without an account.
    UnknownWithoutSes,
    /// It has an account, but was asked for too often, or its tries are used up.
    KnownLimited,
    /// As above, without an account.
    UnknownLimited,
    /// It has an account, and the caller has asked too often.
    KnownFromBusySource,
    /// As above, without an account.
    UnknownFromBusySource,
}

/// What an answer may show, because it says nothing about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No limit is reached.
    Free,
    /// The address's limits are used up. Nothing that is said shows that; but a write that
    /// DynamoDB refuses takes another time than one that it does.
    AddressLimited,
    /// The source's limit is used up, and it is told so.
    SourceLimited,
}

pub const KINDS: [Kind; 9] = [
    Kind::Known,
    Kind::Unknown,
    Kind::Disabled,
    Kind::KnownWithoutSes,
    Kind::UnknownWithoutSes,
    Kind::KnownLimited,
    Kind::UnknownLimited,
    Kind::KnownFromBusySource,
    Kind::UnknownFromBusySource,
];

impl Kind {
    /// Its address: all of one length, so that no item is larger than another.
    #[must_use]
    pub fn email(self) -> String {
        format!("person-{}@example.com", self as usize)
    }

    const fn has_account(self) -> bool {
        matches!(
            self,
            Self::Known
                | Self::Disabled
                | Self::KnownWithoutSes
                | Self::KnownLimited
                | Self::KnownFromBusySource
        )
    }

    const fn is_without_ses(self) -> bool {
        matches!(self, Self::KnownWithoutSes | Self::UnknownWithoutSes)
    }

    /// Which limits are used up.
    #[must_use]
    pub const fn standing(self) -> Standing {
        match self {
            Self::KnownLimited | Self::UnknownLimited => Standing::AddressLimited,
            Self::KnownFromBusySource | Self::UnknownFromBusySource => Standing::SourceLimited,
            _ => Standing::Free,
        }
    }

    const fn is_from_busy_source(self) -> bool {
        matches!(self.standing(), Standing::SourceLimited)
    }

    /// Where it is asked from: from an address of its own, so that no limit is reached by asking
    /// for others, unless it is to be reached.
    fn source(self) -> String {
        if self.is_from_busy_source() {
            return BUSY_SOURCE.to_owned();
        }
        format!("192.0.2.{}", self as usize)
    }
}

/// The service with one address of each kind.
pub struct IndistinguishabilityTest {
    app: TestApp,
    operation: Operation,
    /// The record of each kind, with tries left or used up.
    records: Vec<Value>,
    /// What draws the orders.
    random: Random,
}

/// What each kind's requests took, in seconds.
pub struct Times([Vec<f64>; KINDS.len()]);

impl Times {
    #[must_use]
    pub fn compare(&self, one: Kind, other: Kind) -> Comparison {
        let times = |kind: Kind| {
            let place = KINDS.iter().position(|it| *it == kind);
            &self.0[place.expect("one of the kinds")]
        };
        Comparison::of(times(one), times(other))
    }
}

impl IndistinguishabilityTest {
    /// A service in which a reset was asked for each kind and the worker has done what it could.
    pub async fn start(operation: Operation) -> Self {
        Self::start_with(operation, TestApp::builder()).await
    }

    /// The same, of a service that a test has begun to build.
    pub async fn start_with(operation: Operation, builder: TestAppBuilder) -> Self {
        let app = builder
            .setting("limits.source_requests", SOURCE_LIMIT)
            .setting("limits.source_window_seconds", SOURCE_WINDOW)
            .setting("codes.max_tries", 10)
            .set("LINK_LIFETIME_SECONDS", "300")
            .setting("limits.address_cooldown_seconds", 1)
            .setting("limits.address_requests", 20)
            .start()
            .await;
        for kind in KINDS {
            if kind.has_account() {
                app.add_user(&kind.email(), &kind.email(), OLD_PASSWORD)
                    .await;
            }
        }
        app.disable_user(&Kind::Disabled.email()).await;
        let mut test = Self {
            app,
            operation,
            records: Vec::new(),
            random: Random::new(1),
        };
        test.issue().await;
        test
    }

    /// Lets the worker do its work for each kind, with SES down where it is to be down.
    async fn issue(&mut self) {
        for kind in KINDS {
            self.request(&kind.email(), &kind.source()).await;
            if kind.is_without_ses() {
                self.break_ses();
            }
            self.app.deliver_once().await;
            self.app.aws.clear_faults();
        }
        // What SES did not take is tried again for as long as the link lives, and holds up those
        // behind it.
        self.app.clock.advance(Duration::from_mins(5));
        self.app.deliver().await;
        for kind in KINDS {
            let record = self.item_of("token#", &kind.email()).await;
            self.records.push(with_tries(record, kind));
        }
        for kind in KINDS
            .into_iter()
            .filter(|kind| kind.standing() == Standing::AddressLimited)
        {
            let mut request = self.item_of("request#", &kind.email()).await;
            request["a1"] = json!(NEVER);
            self.app.put("TokensTable", &request).await;
        }
    }

    fn break_ses(&self) {
        let down = Fault::Refuse(503, "ServiceUnavailable", "");
        self.app.aws.inject("SendEmail", vec![down; 10]);
    }

    /// Gives back the tries of those who are to have some.
    async fn give_tries_back(&self) {
        for record in &self.records {
            self.app.put("TokensTable", record).await;
        }
    }

    async fn item_of(&self, prefix: &str, email: &str) -> Value {
        let mut items = self.app.items(prefix).await.into_iter();
        let found = items.find(|item| is_of_address(item, email));
        found.expect("there is one for every address")
    }

    /// Asks this many times of each kind.
    ///
    /// # Panics
    ///
    /// When an answer or the calls of AWS tell the kinds apart.
    pub async fn measure(&mut self, rounds: usize) -> Times {
        self.measure_only(&KINDS, rounds).await
    }

    /// Asks this many times of each of these kinds.
    ///
    /// # Panics
    ///
    /// When an answer or the calls of AWS tell the kinds apart.
    pub async fn measure_only(&mut self, kinds: &[Kind], rounds: usize) -> Times {
        let any_busy = kinds.iter().any(|kind| kind.is_from_busy_source());
        let mut times = Times([const { Vec::new() }; KINDS.len()]);
        let mut used_up = None;
        for round in 0..COLD_ROUNDS + rounds {
            self.app.clock.advance(PAUSE);
            let window = Some(self.app.clock.now().unix_seconds() / SOURCE_WINDOW);
            if any_busy && used_up != window {
                self.use_up_busy_source().await;
                used_up = window;
            }
            if self.operation != Operation::Request && round % ROUNDS_OF_TRIES == 0 {
                self.give_tries_back().await;
            }
            let mut shown = Vec::new();
            for place in self.order() {
                let kind = KINDS[place];
                if !kinds.contains(&kind) {
                    continue;
                }
                if kind.is_without_ses() {
                    self.break_ses();
                }
                self.app.aws.forget_calls();
                let start = Instant::now();
                let answer = self.ask(kind).await;
                let took = start.elapsed();
                self.app.aws.clear_faults();
                if took < FIRST_TRY {
                    shown.push((kind, self.app.aws.take_calls(), answer.without_ids()));
                }
                if round >= COLD_ROUNDS {
                    times.0[place].push(took.as_secs_f64());
                }
            }
            assert_alike(&shown, self.operation);
        }
        times
    }

    /// Lets the busy source ask until it is told that it asks too often.
    async fn use_up_busy_source(&self) {
        let anybody = "anybody-1@example.com";
        while self.request(anybody, BUSY_SOURCE).await.status() != 429 {}
    }

    async fn request(&self, email: &str, source: &str) -> Answer {
        let request = ApiRequest::new("POST", "/v1/request-reset");
        let request = request.json(&json!({ "email": email }));
        self.app.send(request.source_ip(source)).await
    }

    async fn ask(&self, kind: Kind) -> Answer {
        let email = kind.email();
        let (path, body) = match self.operation {
            Operation::Request => ("/v1/request-reset", json!({ "email": email })),
            Operation::VerifyByCode => (
                "/v1/verify-token",
                json!({ "email": email, "code": WRONG_CODE }),
            ),
            Operation::ConfirmByCode | Operation::RepeatByCode => (
                "/v1/confirm-reset",
                json!({ "email": email, "code": WRONG_CODE, "password": NEW_PASSWORD }),
            ),
        };
        let mut request = ApiRequest::new("POST", path).json(&body);
        if self.operation == Operation::RepeatByCode {
            request = request.header("idempotency-key", KEY);
        }
        self.app.send(request.source_ip(&kind.source())).await
    }

    /// A random order of the kinds.
    fn order(&mut self) -> [usize; KINDS.len()] {
        let mut order = std::array::from_fn(|place| place);
        self.random.shuffle(&mut order);
        order
    }
}

/// What an answer says, without what names this very request.
type VisibleAnswer = (u16, Vec<(String, String)>, Vec<u8>);

/// Compares what the kinds of one round were told, and the calls that were made for them. That a
/// source asks too often is told, and costs fewer calls; where no try of a code is left, a repetition
/// is waited for, which costs more. Nothing else may show.
fn assert_alike(shown: &[(Kind, Vec<String>, VisibleAnswer)], operation: Operation) {
    let waits = operation == Operation::RepeatByCode;
    let standing = |kind: &Kind| match kind.standing() {
        Standing::AddressLimited if !waits => Standing::Free,
        standing => standing,
    };
    for group in [
        Standing::Free,
        Standing::AddressLimited,
        Standing::SourceLimited,
    ] {
        let alike = shown.iter().filter(|(kind, ..)| standing(kind) == group);
        let mut alike = alike.map(|(kind, calls, said)| (kind, (calls, said)));
        let Some((_, first)) = alike.next() else {
            continue;
        };
        let is_limited = group == Standing::SourceLimited;
        assert_eq!(first.1.0 == 429, is_limited, "{:?}", first.1);
        for (kind, other) in alike {
            assert_eq!(other, first, "{kind:?}");
        }
    }
}

/// The record with all tries left or none, and a code that no clock of a test outlives.
fn with_tries(mut record: Value, kind: Kind) -> Value {
    let limited = kind.standing() == Standing::AddressLimited;
    record["code_attempts"] = json!(if limited { 10 } else { 0 });
    record["codes_expire_at"] = json!(NEVER);
    record
}
