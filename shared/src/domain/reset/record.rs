use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::{Codes, Delivery, RequestId};
use crate::domain::{
    AppId, ChangeTag, CodeHash, CodeSalt, Issued, Limits, Owner, Rejections, SecretHash,
    SecretState, Timestamp, UserKey,
};

/// Most deliveries that are remembered of one address.
const MAX_DELIVERIES: usize = 32;
/// How long a confirmation may be repeated by a person whose answer was lost.
const REPEATABLE_FOR: Duration = Duration::from_mins(10);
/// A link with this much life left makes a new one superfluous.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// What was issued for one mail, as it is stored.
#[derive(Debug, Clone)]
pub struct IssuedSecrets {
    pub link: SecretHash,
    pub code: CodeHash,
    /// What the code was hashed with.
    pub salt: CodeSalt,
}

/// Everything that is outstanding for one address of one app.
///
/// It exists for addresses without an account too, so that nothing about it tells them apart.
#[derive(Clone)]
pub struct ResetRecord {
    /// The app; a token works in no other.
    pub app: AppId,
    /// Whose the links and codes are: as many as there may be, most of them nobody.
    pub owners: Vec<Owner>,
    /// The passwords that were rejected of each of them.
    pub rejections: Vec<Rejections>,
    /// Each link, by the encoded hash of its secret. A dead one stays until its place is needed. The
    /// tags of changes that may be repeated stand among them, so that nothing tells whether there are
    /// any.
    pub links: BTreeMap<String, Issued>,
    pub codes: Codes,
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

    /// Most accounts with one address, in different spellings, that may have links alive.
    pub const OWNERS: usize = 4;

    /// The record of an address for which nothing is outstanding.
    pub fn empty(app: AppId, email: &str) -> Self {
        Self {
            app,
            owners: vec![Owner::nobody(email); Self::OWNERS],
            rejections: Vec::new(),
            links: BTreeMap::new(),
            codes: Codes::default(),
            deliveries: BTreeMap::new(),
            revision: 0,
        }
    }

    /// The link with this hash, dead or alive. Every stored hash is compared, each in constant time.
    #[must_use]
    pub fn link(&self, hash: &SecretHash) -> Option<&Issued> {
        self.links.iter().fold(None, |found, (stored, link)| {
            let same = SecretHash::decode(stored).is_some_and(|stored| stored == *hash);
            if same { Some(link) } else { found }
        })
    }

    /// The link with this hash, if it is alive at `now`.
    #[must_use]
    pub fn live_link(&self, hash: &SecretHash, now: Timestamp) -> Option<&Issued> {
        self.link(hash).filter(|link| link.is_alive(now))
    }

    /// Whose a link or code is; `None` when the record is not whole.
    pub fn owner(&self, issued: &Issued) -> Option<&Owner> {
        self.owners.get(issued.owner)
    }

    /// When another password of an account may be tried, if no more are at `now`.
    #[must_use]
    pub fn rejections_limited_until(
        &self,
        owner: usize,
        limits: &Limits,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let rejections = self.rejections.get(owner);
        rejections.and_then(|it| it.limited_until(limits, now))
    }

    fn has_alive(&self, owner: usize, now: Timestamp) -> bool {
        self.issued()
            .any(|it| it.owner == owner && it.is_alive(now))
    }

    fn issued(&self) -> impl Iterator<Item = &Issued> {
        self.links.values().chain(self.codes.hashes.values())
    }

    /// Ends what is alive of this owner, or of all where none is named.
    pub fn end(&mut self, owner: Option<usize>, state: SecretState, now: Timestamp) {
        let codes = self.codes.hashes.values_mut();
        for issued in self.links.values_mut().chain(codes) {
            issued.end(owner, state, now);
        }
    }

    /// Ends what is alive of an account whose password is changed, and remembers the change, where it
    /// has a tag, in the place of an earlier one.
    pub fn spend(&mut self, owner: usize, change: Option<&ChangeTag>, now: Timestamp) {
        self.end(Some(owner), SecretState::Used, now);
        self.links
            .retain(|_, it| it.owner != owner || it.state != SecretState::Repeatable);
        if let Some(change) = change.filter(|_| self.make_room(now)) {
            let repeatable = Issued {
                state: SecretState::Repeatable,
                expires_at: now + REPEATABLE_FOR,
                owner,
            };
            self.links.insert(change.as_hash().encoded(), repeatable);
        }
    }

    /// Whose password this very change has changed, if it may still be repeated.
    #[must_use]
    pub fn changed_by(&self, change: &ChangeTag, now: Timestamp) -> Option<&Owner> {
        let found = self.link(change.as_hash())?;
        let is_repeatable = found.state == SecretState::Repeatable && found.expires_at > now;
        self.owner(found).filter(|_| is_repeatable)
    }

    /// Kills all that is alive, if the link with this hash is alive, or was cancelled and has not expired
    /// since; and gives the address that it was mailed to.
    #[must_use]
    pub fn cancel(&mut self, hash: &SecretHash, now: Timestamp) -> Option<String> {
        let again = |link: &&Issued| link.state == SecretState::Cancelled && link.expires_at > now;
        let link = self.live_link(hash, now);
        let link = *link.or_else(|| self.link(hash).filter(again))?;
        self.end(None, SecretState::Cancelled, now);
        self.owner(&link).map(|owner| owner.email.clone())
    }

    /// The place of this owner. What was issued to the same account under another credential or
    /// address dies. `None` when too many other accounts have links alive.
    fn place_for(&mut self, owner: Owner, now: Timestamp) -> Option<usize> {
        let mut owners = self.owners.iter();
        let known = owners.position(|it| it.user_key == owner.user_key);
        let place = known.or_else(|| {
            let free = (0..self.owners.len()).filter(|place| !self.has_alive(*place, now));
            // One that nothing was rejected of lately, which would count against the next.
            free.min_by_key(|place| self.rejections.get(*place).map(|it| it.until))
        })?;
        if self.owners[place] != owner {
            if known.is_some() {
                self.end(known, SecretState::Killed, now);
            } else {
                self.links.retain(|_, link| link.owner != place);
                self.codes.hashes.retain(|_, code| code.owner != place);
            }
            self.owners[place] = owner;
        }
        Some(place)
    }

    /// Whether a mail that was sent to this account, and has not bounced, holds a link that lives for
    /// ten minutes more: then another mail is not needed.
    #[must_use]
    pub fn has_working_link(&self, user: Option<&UserKey>, now: Timestamp) -> bool {
        let is_good = |link: &Issued| {
            let owner = self.owner(link);
            link.is_alive(now)
                && link.expires_at >= now + GOOD_FOR
                && owner.is_some_and(|owner| owner.user_key.as_ref() == user)
        };
        self.deliveries.values().any(|delivery| {
            let link = delivery.link.as_ref().and_then(|link| self.links.get(link));
            delivery.state.is_with_recipient() && link.is_some_and(is_good)
        })
    }

    /// Adds a link and a code for this owner. `false` when there is no room: a live link
    /// that may be in an inbox is never evicted.
    #[must_use]
    pub fn add_secrets(
        &mut self,
        owner: Owner,
        secrets: &IssuedSecrets,
        limits: &Limits,
        now: Timestamp,
    ) -> bool {
        let Some(owner) = self.place_for(owner, now) else {
            return false;
        };
        if !self.make_room(now) {
            return false;
        }
        let issued = |lifetime| Issued {
            state: SecretState::Alive,
            expires_at: now + lifetime,
            owner,
        };
        let link = issued(limits.link_lifetime);
        self.links.insert(secrets.link.encoded(), link);
        let code = issued(limits.code_lifetime);
        self.codes.add(&secrets.code, &secrets.salt, code, now);
        true
    }

    /// Makes room for one more link, and says whether there is any; what is dead gives way.
    #[must_use]
    fn make_room(&mut self, now: Timestamp) -> bool {
        while self.links.len() >= Self::MAX_LINKS {
            let mut dead: Vec<_> = self.links.iter().filter(|it| !it.1.is_alive(now)).collect();
            dead.sort_by_key(|(_, link)| link.expires_at);
            let Some(hash) = dead.first().map(|(hash, _)| (*hash).clone()) else {
                return false;
            };
            self.links.remove(&hash);
        }
        true
    }

    /// Tries of this request's mail of which nobody knows whether SES took it.
    pub fn unclear_tries(&self, id: &RequestId) -> u32 {
        let delivery = self.deliveries.get(id);
        delivery.map_or(0, Delivery::unclear_tries_with_this)
    }

    /// Records how far the mail of a request has come; the oldest of many are forgotten.
    pub fn record_delivery(&mut self, id: RequestId, delivery: Delivery) {
        self.deliveries.insert(id, delivery);
        while self.deliveries.len() > MAX_DELIVERIES {
            let oldest = self.deliveries.iter().min_by_key(|(_, it)| it.at);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else {
                break;
            };
            self.deliveries.remove(&oldest);
        }
    }

    /// The time from which every link and code in the record is dead.
    pub fn expires_at(&self) -> Timestamp {
        let expiries = self.issued().map(|it| it.expires_at);
        expiries.max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::{
        DeliveryState, IdempotencyKey, LinkSecret, NewPassword, PasswordHash, ShortCode, User,
    };

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

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
            password_hash: Some(PasswordHash::new(hash.into())),
            ..User::new(UserKey::text("1".into()), "demo@example.com")
        }
    }

    fn demo() -> Owner {
        Owner::of(&user("one"))
    }

    fn record_with_links(count: u8) -> ResetRecord {
        let app = AppId::new("main").expect("a good id");
        let mut record = ResetRecord::empty(app, "demo@example.com");
        for seed in 0..count {
            assert!(record.add_secrets(demo(), &secrets(seed), &Limits::default(), NOW));
        }
        record
    }

    #[test]
    fn a_link_lives_to_the_second_before_its_expiry() {
        let record = record_with_links(2);
        let expiry = NOW + Duration::from_mins(30);
        let last = expiry.minus(Duration::from_secs(1));
        for seed in 0..2 {
            let link = record.live_link(&hash(seed), last);
            assert_eq!(link.map(|link| link.expires_at), Some(expiry));
            assert_eq!(record.live_link(&hash(seed), expiry), None);
        }
        assert_eq!(record.live_link(&hash(9), NOW), None);
        assert_eq!(record.expires_at(), expiry);
    }

    #[test]
    fn codes_live_beside_each_other_until_a_try_is_taken() {
        let limits = Limits::default();
        let mut record = record_with_links(2);
        let expiry = NOW + limits.code_lifetime;
        let expiry_of = |record: &ResetRecord, seed| {
            let code = record.codes.alive(&code(seed), NOW);
            code.map(|code| code.expires_at)
        };
        for seed in 0..2 {
            assert_eq!(expiry_of(&record, seed), Some(expiry));
            assert_eq!(record.codes.alive(&code(seed), expiry), None);
        }
        assert_eq!(record.codes.round, 1);
        assert!(record.codes.salt_to_join(NOW).is_some());
        assert!(record.codes.salt_to_join(expiry).is_none());

        record.codes.attempts = 1;
        record.codes.is_new_round = false;
        assert!(record.codes.salt_to_join(NOW).is_none());
        assert!(record.add_secrets(demo(), &secrets(2), &limits, NOW));
        assert_eq!(record.codes.alive(&code(1), NOW), None);
        assert_eq!(expiry_of(&record, 2), Some(expiry));
        assert_eq!((record.codes.round, record.codes.attempts), (2, 0));
        assert!(record.codes.is_new_round);
    }

    #[test]
    fn of_many_codes_the_oldest_give_way() {
        let limits = Limits::default();
        let mut record = record_with_links(0);
        for seed in 0..9 {
            let later = NOW + Duration::from_secs(seed.into());
            assert!(record.add_secrets(demo(), &secrets(seed), &limits, later));
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
            record.has_working_link(demo().user_key.as_ref(), at)
        };
        assert!(answered(Sent, NOW) && answered(Delivered, NOW));
        for state in [Pending, Deferred, Bounced] {
            assert!(!answered(state, NOW), "{state:?}");
        }
        assert!(answered(Sent, NOW + Duration::from_mins(20)));
        assert!(!answered(Sent, NOW + Duration::from_secs(20 * 60 + 1)));
        assert!(!record.has_working_link(None, NOW), "somebody else's");
        record.end(None, SecretState::Used, NOW);
        assert!(
            !record.has_working_link(demo().user_key.as_ref(), NOW),
            "used"
        );
    }

    #[test]
    fn another_credential_kills_what_was_issued_before_and_nothing_of_others() {
        let twin = Owner {
            user_key: Some(UserKey::text("2".into())),
            ..demo()
        };
        let limits = Limits::default();
        let mut record = record_with_links(2);
        assert!(record.add_secrets(twin.clone(), &secrets(2), &limits, NOW));
        assert!((0..2).all(|owner| record.has_alive(owner, NOW)));
        assert!(record.add_secrets(Owner::of(&user("two")), &secrets(3), &limits, NOW));
        let alive = |seed| record.live_link(&hash(seed), NOW).is_some();
        assert_eq!([0, 1, 2, 3].map(alive), [false, false, true, true]);
        assert!(record.codes.alive(&code(0), NOW).is_none());
        let link = record.live_link(&hash(2), NOW).expect("the twin's");
        assert!(record.owner(link) == Some(&twin));
    }

    #[test]
    fn an_owner_without_a_link_alive_gives_way_and_no_other() {
        let limits = Limits::default();
        let mut record = record_with_links(1);
        let owner = |key: usize| Owner {
            user_key: Some(UserKey::text(format!("other {key}"))),
            ..demo()
        };
        for key in 1..ResetRecord::OWNERS {
            let seed = u8::try_from(key).expect("few");
            let later = NOW + Duration::from_secs(1);
            assert!(record.add_secrets(owner(key), &secrets(seed), &limits, later));
        }
        let mut early = record.clone();
        early.end(Some(0), SecretState::Killed, NOW);
        assert!(early.add_secrets(owner(9), &secrets(9), &limits, NOW));
        assert!(early.codes.alive(&code(1), NOW).is_some(), "of another one");

        let expiry = NOW + limits.link_lifetime;
        let before = expiry.minus(Duration::from_secs(1));
        assert!(!record.add_secrets(owner(9), &secrets(9), &limits, before));
        assert!(record.add_secrets(owner(9), &secrets(9), &limits, expiry));
        assert!(record.link(&hash(0)).is_none(), "it would be another one's");
        assert!(record.live_link(&hash(1), expiry).is_some());
    }

    #[test]
    fn no_account_takes_over_what_was_rejected_of_another_while_there_is_another_place() {
        let app = AppId::new("main").expect("a good id");
        let mut record = ResetRecord::empty(app, "demo@example.com");
        let until = |until| Rejections { until, count: 20 };
        let over = until(Timestamp::default());
        record.rejections = vec![until(NOW + GOOD_FOR), over, over, over];
        let limits = Limits::default();
        assert!(record.add_secrets(demo(), &secrets(0), &limits, NOW));
        assert!(record.has_alive(1, NOW) && !record.has_alive(0, NOW));
        let limited = |owner| record.rejections_limited_until(owner, &limits, NOW);
        assert_eq!([limited(0), limited(1)], [Some(NOW + GOOD_FOR), None]);
    }

    #[test]
    fn the_map_is_bounded_without_evicting_live_links_and_the_dead_stay_until_then() {
        let mut record = record_with_links(31);
        let limits = Limits::default();
        assert!(record.add_secrets(demo(), &secrets(31), &limits, NOW));
        let other = IssuedSecrets {
            link: LinkSecret::from_bytes([9; 32]).hash(),
            ..secrets(0)
        };
        assert!(!record.add_secrets(demo(), &other, &limits, NOW));
        assert_eq!(record.links.len(), ResetRecord::MAX_LINKS);
        let later = NOW + limits.link_lifetime;
        assert!(record.add_secrets(demo(), &other, &limits, later));
        assert_eq!(record.links.len(), ResetRecord::MAX_LINKS);
        let alive = record.links.values().filter(|link| link.is_alive(later));
        assert_eq!(alive.count(), 1);
    }

    fn change(key: &str) -> ChangeTag {
        let key = IdempotencyKey::parse(&key.repeat(22)).expect("a good key");
        ShortCode::from_random([1; 8]).change_tag(&key, &NewPassword::new("a password"))
    }

    #[test]
    fn a_change_is_known_again_for_ten_minutes_or_until_the_next_one() {
        let mut record = record_with_links(2);
        record.spend(0, Some(&change("a")), NOW);
        assert!(!record.has_alive(0, NOW));
        let last = NOW + Duration::from_secs(599);
        let whose = record.changed_by(&change("a"), last);
        assert!(whose == Some(&demo()));
        let over = NOW + REPEATABLE_FOR;
        assert!(record.changed_by(&change("a"), over).is_none());
        assert!(record.changed_by(&change("b"), NOW).is_none());
        assert!(record.live_link(change("a").as_hash(), NOW).is_none());
        record.spend(1, Some(&change("c")), NOW);
        assert!(record.changed_by(&change("a"), NOW).is_some(), "another's");
        record.spend(0, None, NOW);
        assert!(record.changed_by(&change("a"), NOW).is_none());
        assert!(record.changed_by(&change("c"), NOW).is_some());
    }

    #[test]
    fn a_change_finds_room_among_the_dead_and_none_among_the_living() {
        let mut record = record_with_links(32);
        record.spend(0, Some(&change("a")), NOW);
        assert_eq!(record.links.len(), ResetRecord::MAX_LINKS);
        assert!(record.changed_by(&change("a"), NOW).is_some());
        let mut others = record_with_links(32);
        others.spend(1, Some(&change("a")), NOW);
        assert!(others.changed_by(&change("a"), NOW).is_none());
        let alive = others.links.values().filter(|it| it.is_alive(NOW)).count();
        assert_eq!(alive, 32, "no link of another one dies for it");
    }

    #[test]
    fn what_has_ended_stays_so() {
        let mut record = record_with_links(2);
        let expiry = NOW + Limits::default().link_lifetime;
        assert_eq!(
            record.cancel(&hash(0), NOW).as_deref(),
            Some("demo@example.com")
        );
        record.end(None, SecretState::Used, NOW);
        for link in [hash(0), hash(1)] {
            let state = record.link(&link).map(|it| it.state);
            assert_eq!(state, Some(SecretState::Cancelled));
            assert!(record.cancel(&link, NOW).is_some(), "once more");
            assert!(record.cancel(&link, expiry).is_none());
        }
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
                    let added = record.add_secrets(demo(), &secrets, &limits, now);
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
