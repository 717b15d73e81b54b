use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use strum::{EnumString, IntoStaticStr};

use super::{
    AppId, CodeHash, CodeSalt, CredentialTag, EmailAddress, Limits, Locator, SecretHash, Timestamp,
    User, UserKey,
};

/// Most deliveries that are remembered of one address.
const MAX_DELIVERIES: usize = 32;
/// A link that lives so much longer is as good as a new one.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// The id of one HTTP request, as API Gateway gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(String);

impl RequestId {
    /// The id with this text, cut to 128 characters.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.chars().take(128).collect())
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a request came from, as the mail shows it; cut to what a mail has room for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClientInfo {
    /// The IP address.
    pub ip: String,
    /// The browser's own words, at most 256 characters.
    pub user_agent: String,
}

/// A request for a reset that passed the limits: what request-reset writes and the worker reads.
#[derive(Clone)]
pub struct ResetRequest {
    /// The HTTP request's id, and the job's.
    pub id: RequestId,
    /// The app that it was made for.
    pub app: AppId,
    /// The address that was submitted.
    pub email: EmailAddress,
    /// The language that the frontend asked for.
    pub locale: Option<String>,
    /// The link that the frontend asked for; it has passed the app's allow list.
    pub reset_url: Option<String>,
    /// Who asked.
    pub client: ClientInfo,
    /// When.
    pub requested_at: Timestamp,
}

impl ResetRequest {
    /// Where the request and the token that answers it are stored.
    #[must_use]
    pub fn locator(&self) -> Locator {
        Locator::new(&self.app, &self.email)
    }
}

/// The short codes of an address that are alive, and the tries that were taken of them.
///
/// The tries are for all codes together. A code that comes when none was taken joins the others; one
/// that comes later begins a new round alone. So no more tries come with a mail than its own code
/// would have had.
#[derive(Clone, Default)]
pub struct Codes {
    /// What their hashes have in common; none before the first.
    pub salt: Option<CodeSalt>,
    /// The encoded hash of each, and the first second at which it is no longer valid.
    pub hashes: BTreeMap<String, Timestamp>,
    /// Tries that were taken of them.
    pub attempts: u32,
    /// Counts the rounds, so that a try is given back to the one that it was taken from.
    pub round: u64,
    /// Whether the round began here and is not stored yet.
    pub is_new_round: bool,
}

impl Codes {
    /// Most codes that one address may have alive.
    pub const MAX: usize = 8;

    /// What the next code is to be hashed with, to join those that are alive; none when it begins a
    /// round.
    #[must_use]
    pub fn salt_to_join(&self, now: Timestamp) -> Option<&CodeSalt> {
        let alive = self.hashes.values().any(|expires_at| *expires_at > now);
        self.salt.as_ref().filter(|_| alive && self.attempts == 0)
    }

    /// When the code with this hash expires, if it is alive at `now`. Every stored hash is compared,
    /// each in constant time.
    #[must_use]
    pub fn alive(&self, hash: &CodeHash, now: Timestamp) -> Option<Timestamp> {
        self.hashes
            .iter()
            .fold(None, |found, (stored, expires_at)| {
                if hash.is(stored) {
                    Some(*expires_at)
                } else {
                    found
                }
            })
            .filter(|expires_at| *expires_at > now)
    }

    /// The first second at which none is valid.
    #[must_use]
    pub fn expire_at(&self) -> Timestamp {
        self.hashes.values().copied().max().unwrap_or_default()
    }

    /// Adds a code that was hashed with `salt`; the oldest give way when there are many.
    fn add(&mut self, hash: &CodeHash, salt: &CodeSalt, expires_at: Timestamp, now: Timestamp) {
        if self.attempts > 0 || self.salt.as_ref() != Some(salt) {
            *self = Self {
                salt: Some(salt.clone()),
                round: self.round + 1,
                is_new_round: true,
                ..Self::default()
            };
        }
        self.hashes.retain(|_, expires_at| *expires_at > now);
        while self.hashes.len() >= Self::MAX {
            let oldest = self
                .hashes
                .iter()
                .min_by_key(|(_, expires_at)| **expires_at);
            let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) else {
                break;
            };
            self.hashes.remove(&oldest);
        }
        self.hashes.insert(hash.as_str().to_owned(), expires_at);
    }
}

/// What was issued for one mail, as it is stored.
#[derive(Debug, Clone)]
pub struct IssuedSecrets {
    /// The link's hash.
    pub link: SecretHash,
    /// The code's.
    pub code: CodeHash,
    /// What the code was hashed with.
    pub salt: CodeSalt,
}

/// How far the mail of one request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum DeliveryState {
    /// About to be handed to SES; what happened next is not known.
    Pending,
    /// SES did not take it and will be asked again.
    Deferred,
    /// SES took it.
    Sent,
    /// Nobody is to get one.
    Skipped,
    /// It will not be sent.
    Failed,
    /// The recipient's server is slow to take it; SES goes on trying.
    Delayed,
    /// The recipient's server took it.
    Delivered,
    /// The recipient's server sent it back, or SES gave up trying.
    Bounced,
    /// The recipient called it spam.
    Complained,
    /// SES took it, and then found a virus in it.
    Rejected,
}

impl DeliveryState {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The state with this stored form.
    #[must_use]
    pub fn from_stored(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub const fn is_final(self) -> bool {
        self.was_sent() || matches!(self, Self::Skipped | Self::Failed)
    }

    /// Whether SES took it, whatever became of it then.
    #[must_use]
    pub const fn was_sent(self) -> bool {
        match self {
            Self::Sent
            | Self::Delayed
            | Self::Delivered
            | Self::Bounced
            | Self::Complained
            | Self::Rejected => true,
            Self::Pending | Self::Deferred | Self::Skipped | Self::Failed => false,
        }
    }

    /// Whether the mail is on its way or in the inbox, as far as is known.
    #[must_use]
    pub const fn is_with_recipient(self) -> bool {
        self.was_sent() && !matches!(self, Self::Bounced | Self::Rejected)
    }

    /// Whether a report of `next` says more than is known. Reports come in any order and more than
    /// once.
    #[must_use]
    pub const fn is_followed_by(self, next: Self) -> bool {
        match self {
            Self::Sent | Self::Delayed => !matches!(next, Self::Sent),
            // A server may take a mail and send it back all the same.
            Self::Delivered => matches!(next, Self::Bounced | Self::Complained),
            _ => false,
        }
    }
}

/// What became of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How far it has come.
    pub state: DeliveryState,
    /// Since when.
    pub at: Timestamp,
    /// Why it was skipped, deferred or failed; or the message id that SES gave.
    pub detail: Option<String>,
    /// Encoded hash of the link that was issued for it; none of a notice's.
    pub link: Option<String>,
    /// Tries before this one of which nobody knows whether SES took the mail.
    pub unclear_tries: u32,
}

impl Delivery {
    /// The wait before the second retry after an unclear outcome. The first comes at once, and each
    /// wait is three times the one before.
    const FIRST_WAIT: Duration = Duration::from_secs(10);
    /// No wait is longer than the life of a link divided by this.
    const WAITS_IN_LIFE: u32 = 4;
    /// Before the stream gives a job up there is one more try.
    const LAST_TRY: Duration = Duration::from_mins(1);

    /// A delivery that has come to `state` at `at`.
    #[must_use]
    pub fn new(state: DeliveryState, at: Timestamp, detail: Option<&str>) -> Self {
        Self {
            state,
            at,
            detail: detail.map(str::to_owned),
            link: None,
            unclear_tries: 0,
        }
    }

    /// The same, of the mail that this link was issued for.
    #[must_use]
    pub fn of_link(self, link: &SecretHash) -> Self {
        Self {
            link: Some(link.encoded()),
            ..self
        }
    }

    /// The same, after so many tries with an unclear outcome.
    #[must_use]
    pub fn after_unclear_tries(self, unclear_tries: u32) -> Self {
        Self {
            unclear_tries,
            ..self
        }
    }

    /// The tries with an unclear outcome, with this one if it is one.
    fn unclear_tries_with_this(&self) -> u32 {
        self.unclear_tries + u32::from(self.state == DeliveryState::Pending)
    }

    /// When the mail may be tried again.
    ///
    /// A try whose outcome is unclear leaves a link alive, since it may be in an inbox. So the tries
    /// come less and less often: where links live for up to four hours, three requests of one address
    /// find room for the links of all their tries, for as long as the stream brings them.
    #[must_use]
    pub fn due(&self, requested_at: Timestamp, link_lifetime: Duration) -> Timestamp {
        if self.state != DeliveryState::Pending || self.unclear_tries == 0 {
            return self.at;
        }
        let longest = link_lifetime / Self::WAITS_IN_LIFE;
        let wait = Self::FIRST_WAIT * 3_u32.saturating_pow((self.unclear_tries - 1).min(10));
        let due = self.at + wait.min(longest);
        let last = (requested_at + link_lifetime).minus(Self::LAST_TRY);
        if self.at < last { due.min(last) } else { due }
    }
}

/// Everything that is outstanding for one address of one app.
///
/// It exists for addresses without an account too, so that nothing about it tells them apart.
#[derive(Clone)]
pub struct ResetRecord {
    /// The app; a token works in no other.
    pub app: AppId,
    /// The address that mail went to; for addresses without an account, the submitted one.
    pub email: String,
    /// Whose password it is about; nobody's for addresses without a usable account.
    pub user_key: Option<UserKey>,
    /// The credential at issue.
    pub credential_tag: CredentialTag,
    /// Encoded hash of each link's secret, and when it expires.
    pub links: BTreeMap<String, Timestamp>,
    /// The codes.
    pub codes: Codes,
    /// Encoded hash of the link that last changed the password, so that a log can tell a link that
    /// is tried again from one that never was.
    pub spent: Option<String>,
    /// Encoded hash of the link that last cancelled, so that cancelling once more is no failure.
    pub cancelled: Option<String>,
    /// What became of the mail of each request, by request id.
    pub deliveries: BTreeMap<RequestId, Delivery>,
    /// Counts changes, so that of two concurrent ones the second is noticed.
    pub revision: u64,
}

/// Shows no address and no hash.
impl fmt::Debug for ResetRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResetRecord")
            .field("app", &self.app)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

impl ResetRecord {
    /// Most links that one address may have alive; three are usual, the rest is room for tries
    /// whose outcome is unclear.
    pub const MAX_LINKS: usize = 32;

    /// The record of an address for which nothing is outstanding.
    #[must_use]
    pub fn empty(app: AppId, email: String) -> Self {
        Self {
            app,
            email,
            user_key: None,
            credential_tag: CredentialTag::of(None),
            links: BTreeMap::new(),
            codes: Codes::default(),
            spent: None,
            cancelled: None,
            deliveries: BTreeMap::new(),
            revision: 0,
        }
    }

    /// When the link with this hash expires, if it is alive at `now`.
    ///
    /// Every stored hash is compared, each in constant time. A link that expires at `now` is dead.
    #[must_use]
    pub fn live_link(&self, hash: &SecretHash, now: Timestamp) -> Option<Timestamp> {
        self.links
            .iter()
            .fold(None, |found, (stored, expires_at)| {
                let same = SecretHash::decode(stored).is_some_and(|stored| stored == *hash);
                if same { Some(*expires_at) } else { found }
            })
            .filter(|expires_at| *expires_at > now)
    }

    /// Whether the link with this hash is the one that was spent last.
    #[must_use]
    pub fn was_spent(&self, hash: &SecretHash) -> bool {
        is_hash(self.spent.as_deref(), hash)
    }

    /// Whether the link with this hash is the one that cancelled last.
    #[must_use]
    pub fn was_cancelled_by(&self, hash: &SecretHash) -> bool {
        is_hash(self.cancelled.as_deref(), hash)
    }

    /// Makes the record that of `user` (or of nobody), killing what was issued under another
    /// credential, address or account.
    pub fn assign(&mut self, user: Option<&User>, submitted: &EmailAddress) {
        let user_key = user.map(|user| user.key.clone());
        let tag = user.map_or_else(|| CredentialTag::of(None), User::credential_tag);
        let email = user.map_or_else(|| submitted.normalised(), |user| user.email.as_str());
        if self.user_key != user_key || self.credential_tag != tag || self.email != email {
            self.links.clear();
            self.codes.hashes.clear();
        }
        email.clone_into(&mut self.email);
        self.user_key = user_key;
        self.credential_tag = tag;
    }

    /// Whether a mail that was sent, and has not bounced, holds a link that lives for ten minutes
    /// more: then another one would tell its reader nothing new.
    #[must_use]
    pub fn is_answered(&self, now: Timestamp) -> bool {
        self.deliveries.values().any(|delivery| {
            let link = delivery.link.as_ref().and_then(|link| self.links.get(link));
            delivery.state.is_with_recipient()
                && link.is_some_and(|expires_at| *expires_at >= now + GOOD_FOR)
        })
    }

    /// Adds a link and a code. `false`, and nothing changed, when there is no room:
    /// a live link that may be in an inbox is never evicted.
    #[must_use]
    pub fn add_secrets(
        &mut self,
        secrets: &IssuedSecrets,
        limits: &Limits,
        now: Timestamp,
    ) -> bool {
        self.links.retain(|_, expires_at| *expires_at > now);
        if self.links.len() >= Self::MAX_LINKS {
            return false;
        }
        self.links
            .insert(secrets.link.encoded(), now + limits.link_lifetime);
        let expires_at = now + limits.code_lifetime;
        self.codes
            .add(&secrets.code, &secrets.salt, expires_at, now);
        true
    }

    /// Tries of this request's mail of which nobody knows whether SES took it.
    #[must_use]
    pub fn unclear_tries(&self, id: &RequestId) -> u32 {
        let delivery = self.deliveries.get(id);
        delivery.map_or(0, Delivery::unclear_tries_with_this)
    }

    /// Notes how far the mail of a request has come, forgetting the oldest when there are many.
    pub fn record_delivery(&mut self, id: RequestId, delivery: Delivery) {
        self.deliveries.insert(id, delivery);
        while self.deliveries.len() > MAX_DELIVERIES {
            let oldest = self
                .deliveries
                .iter()
                .min_by_key(|(_, delivery)| delivery.at)
                .map(|(id, _)| id.clone());
            let Some(oldest) = oldest else { break };
            self.deliveries.remove(&oldest);
        }
    }

    /// The moment from which nothing in the record is of use.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        let links = self.links.values().copied().max();
        links.unwrap_or_default().max(self.codes.expire_at())
    }
}

fn is_hash(stored: Option<&str>, hash: &SecretHash) -> bool {
    let stored = stored.and_then(SecretHash::decode);
    stored.is_some_and(|stored| stored == *hash)
}

/// The id of a [`Notice`]: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeId(String);

impl NoticeId {
    /// The id made of these random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }

    /// The id as it was stored.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A "your password was changed" mail that is to be sent.
#[derive(Clone)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// The app in which it was changed.
    pub app: AppId,
    /// Whose it is.
    pub user_key: UserKey,
    /// The address of the account at that moment: a person who takes an account over and changes
    /// the address at once must not get the warning in place of its owner.
    pub email: String,
    /// The language that the person's browser asked for, as far as it is known.
    pub locale: Option<String>,
    /// When it was changed.
    pub changed_at: Timestamp,
}

/// Shows no address.
impl fmt::Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notice")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::{LinkSecret, PasswordHash, Profile};

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

    fn email() -> EmailAddress {
        EmailAddress::parse("demo@example.com").expect("a good address")
    }

    fn hash(seed: u8) -> SecretHash {
        let mut bytes = [1; 32];
        bytes[0] = seed;
        LinkSecret::from_bytes(bytes).hash()
    }

    fn code(seed: u8) -> CodeHash {
        CodeHash::from_bytes([seed; 32])
    }

    fn secrets(seed: u8) -> IssuedSecrets {
        IssuedSecrets {
            link: hash(seed),
            code: code(seed),
            salt: CodeSalt::new("salt".to_owned()),
        }
    }

    fn user(hash: &str) -> User {
        User {
            key: UserKey::text("1".into()),
            email: "demo@example.com".into(),
            name: None,
            locale: None,
            password_hash: Some(PasswordHash::new(hash.into())),
            external_sign_in: None,
            disabled: false,
            profile: Profile::default(),
        }
    }

    fn record_with_links(count: u8) -> ResetRecord {
        let app = AppId::new("main").expect("a good id");
        let mut record = ResetRecord::empty(app, String::new());
        record.assign(Some(&user("one")), &email());
        for seed in 0..count {
            assert!(record.add_secrets(&secrets(seed), &Limits::default(), NOW));
        }
        record
    }

    #[test]
    fn a_link_lives_to_the_second_before_its_expiry() {
        let record = record_with_links(2);
        let expiry = NOW + Duration::from_mins(30);
        let last = expiry.minus(Duration::from_secs(1));
        for seed in 0..2 {
            assert_eq!(record.live_link(&hash(seed), last), Some(expiry));
            assert_eq!(record.live_link(&hash(seed), expiry), None);
        }
        assert_eq!(record.live_link(&hash(9), NOW), None);
    }

    #[test]
    fn codes_live_beside_each_other_until_a_try_is_taken() {
        let limits = Limits::default();
        let mut record = record_with_links(2);
        let expiry = NOW + limits.code_lifetime;
        for seed in 0..2 {
            assert_eq!(record.codes.alive(&code(seed), NOW), Some(expiry));
            assert_eq!(record.codes.alive(&code(seed), expiry), None);
        }
        assert_eq!(record.codes.round, 1);
        assert!(record.codes.salt_to_join(NOW).is_some());
        assert!(record.codes.salt_to_join(expiry).is_none());

        record.codes.attempts = 1;
        assert!(record.codes.salt_to_join(NOW).is_none());
        assert!(record.add_secrets(&secrets(2), &limits, NOW));
        assert_eq!(record.codes.alive(&code(1), NOW), None);
        assert_eq!(record.codes.alive(&code(2), NOW), Some(expiry));
        assert_eq!((record.codes.round, record.codes.attempts), (2, 0));
    }

    #[test]
    fn of_many_codes_the_oldest_give_way() {
        let limits = Limits::default();
        let mut record = record_with_links(0);
        for seed in 0..9 {
            let later = NOW + Duration::from_secs(seed.into());
            assert!(record.add_secrets(&secrets(seed), &limits, later));
        }
        assert_eq!(record.codes.hashes.len(), 8);
        assert_eq!(record.codes.alive(&code(0), NOW), None);
        assert!(record.codes.alive(&code(8), NOW).is_some());
    }

    #[test]
    fn an_address_is_answered_while_a_mail_that_came_holds_a_link_for_ten_minutes_more() {
        use DeliveryState::{Bounced, Deferred, Delivered, Pending, Sent};
        let mut record = record_with_links(1);
        let mut answered = |state, at| {
            let delivery = Delivery::new(state, NOW, None).of_link(&hash(0));
            record.record_delivery(RequestId::new("r"), delivery);
            record.is_answered(at)
        };
        assert!(answered(Sent, NOW) && answered(Delivered, NOW));
        for state in [Pending, Deferred, Bounced] {
            assert!(!answered(state, NOW), "{state:?}");
        }
        assert!(answered(Sent, NOW + Duration::from_mins(20)));
        assert!(!answered(Sent, NOW + Duration::from_secs(20 * 60 + 1)));
        record.links.clear();
        assert!(!record.is_answered(NOW), "used or cancelled");
    }

    #[test]
    fn another_credential_kills_what_was_issued_before() {
        let mut record = record_with_links(2);
        record.assign(Some(&user("one")), &email());
        assert_eq!(record.links.len(), 2);
        record.assign(Some(&user("two")), &email());
        assert!(record.links.is_empty() && record.codes.hashes.is_empty());
    }

    #[test]
    fn the_map_is_pruned_and_bounded_without_evicting_live_links() {
        let mut record = record_with_links(31);
        let limits = Limits::default();
        assert!(record.add_secrets(&secrets(31), &limits, NOW));
        let other = IssuedSecrets {
            link: LinkSecret::from_bytes([9; 32]).hash(),
            ..secrets(0)
        };
        assert!(!record.add_secrets(&other, &limits, NOW));
        assert_eq!(record.links.len(), ResetRecord::MAX_LINKS);
        let later = NOW + limits.link_lifetime;
        assert!(record.add_secrets(&other, &limits, later));
        assert_eq!(record.links.len(), 1);
    }

    /// Three requests a minute apart, brought by the stream every second for as long as a link lives,
    /// while no outcome is clear.
    #[test]
    fn three_requests_have_room_for_all_their_unclear_tries_and_are_tried_to_the_end() {
        for (lifetime, tries) in [(300, 7), (1_800, 9), (14_400, 11)] {
            let limits = Limits {
                link_lifetime: Duration::from_secs(lifetime),
                ..Limits::default()
            };
            let mut record = record_with_links(0);
            let mut seed = 0_u64;
            let mut last = [NOW; 3];
            for second in 0..lifetime + 120 {
                let now = NOW + Duration::from_secs(second);
                for (n, last) in last.iter_mut().enumerate() {
                    let requested_at =
                        NOW + Duration::from_mins(1) * u32::try_from(n).expect("few");
                    if now < requested_at || now >= requested_at + limits.link_lifetime {
                        continue;
                    }
                    let id = RequestId::new(&n.to_string());
                    let before = record.deliveries.get(&id);
                    if before.is_some_and(|it| now < it.due(requested_at, limits.link_lifetime)) {
                        continue;
                    }
                    let unclear = record.unclear_tries(&id);
                    seed += 1;
                    let mut bytes = [0; 32];
                    bytes[..8].copy_from_slice(&seed.to_be_bytes());
                    let link = LinkSecret::from_bytes(bytes).hash();
                    let secrets = IssuedSecrets { link, ..secrets(0) };
                    let added = record.add_secrets(&secrets, &limits, now);
                    assert!(added, "no room after {second} of {lifetime} seconds");
                    let delivery = Delivery::new(DeliveryState::Pending, now, None);
                    record.record_delivery(id, delivery.after_unclear_tries(unclear));
                    *last = now;
                }
            }
            for (n, last) in (0..).zip(last) {
                let end = NOW + limits.link_lifetime + Duration::from_mins(n);
                assert!(
                    last >= end.minus(Delivery::LAST_TRY),
                    "{lifetime}: given up early"
                );
                let unclear = record.unclear_tries(&RequestId::new(&n.to_string()));
                assert_eq!(unclear, tries, "{lifetime}");
            }
        }
    }

    #[test]
    fn a_later_report_says_more_and_an_earlier_one_does_not_take_it_back() {
        use DeliveryState::{Bounced, Complained, Delayed, Delivered, Failed, Pending, Sent};
        for (known, next) in [
            (Sent, Delivered),
            (Sent, Delayed),
            (Delayed, Bounced),
            (Delivered, Complained),
            (Delivered, Bounced),
        ] {
            assert!(known.is_followed_by(next), "{known:?} {next:?}");
            assert!(!next.is_followed_by(Sent), "{next:?}");
        }
        for (known, next) in [
            (Delivered, Delayed),
            (Delivered, Delivered),
            (Bounced, Delivered),
            (Pending, Delivered),
            (Failed, Delivered),
        ] {
            assert!(!known.is_followed_by(next), "{known:?} {next:?}");
        }
    }

    #[test]
    fn deliveries_are_bounded_by_forgetting_the_oldest() {
        let mut record = record_with_links(1);
        for second in 0..40 {
            let at = NOW + Duration::from_secs(second);
            record.record_delivery(
                RequestId::new(&format!("r{second}")),
                Delivery::new(DeliveryState::Sent, at, None),
            );
        }
        assert_eq!(record.deliveries.len(), 32);
        assert!(!record.deliveries.contains_key(&RequestId::new("r7")));
        assert!(record.deliveries.contains_key(&RequestId::new("r39")));
    }
}
