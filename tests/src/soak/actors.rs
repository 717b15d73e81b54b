//! Who takes part in a soak, and what they do.

use std::time::{Duration, Instant};

use super::actor::Actor;
use super::drain;
use super::fault_schedule::{REFUSED, REJECTED};
use super::inbox::Inbox;
use crate::TestApp;
use crate::app::OLD_PASSWORD;
use crate::random::Random;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// Sets a password by the mailed link, and tries the link once more.
    Link,
    /// Mistypes the code, verifies it and sets a password by it.
    Code,
    /// Asks again and again, and takes the oldest of the links.
    Impatient,
    /// Did not ask, and says so.
    Cancel,
    /// Asks and never comes back.
    WalkAway,
    /// Guesses codes until there are no tries left, and then takes the link.
    Guess,
    /// Wants a weak password first.
    Weak,
    /// Has no account.
    Unknown,
    /// Has an account that is switched off.
    Disabled,
    /// Has an address that SES rejects.
    Rejected,
    /// Has an address that SES refuses in words that nobody foresaw.
    Refused,
}

/// How often each plan is followed, in a hundred.
const PLANS: [(Plan, usize); 11] = [
    (Plan::Link, 20),
    (Plan::Code, 16),
    (Plan::Impatient, 10),
    (Plan::Cancel, 8),
    (Plan::WalkAway, 8),
    (Plan::Guess, 4),
    (Plan::Weak, 6),
    (Plan::Unknown, 12),
    (Plan::Disabled, 8),
    (Plan::Rejected, 5),
    (Plan::Refused, 3),
];

impl Plan {
    fn random(random: &mut Random) -> Self {
        let mut number = random.below(100);
        let found = PLANS.into_iter().find(|(_, share)| {
            let is_it = number < *share;
            number = number.saturating_sub(*share);
            is_it
        });
        found.expect("the shares are a hundred").0
    }

    pub(super) const fn has_account(self) -> bool {
        !matches!(self, Self::Unknown)
    }

    /// The address of the `n`th person.
    fn email(self, n: usize) -> String {
        let prefix = match self {
            Self::Rejected => REJECTED.to_owned(),
            Self::Refused => REFUSED.to_owned(),
            other => format!("{other:?}-").to_lowercase(),
        };
        format!("{prefix}{n}@example.com")
    }
}

/// What one person asked for, and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Transcript {
    pub(super) plan: Plan,
    pub(super) email: String,
    /// Requests for a reset that were made.
    pub(super) asked: usize,
    /// Those that were answered by 202.
    pub(super) accepted: usize,
    /// What killed all links, in order.
    pub(super) ends: Vec<End>,
}

impl Transcript {
    /// How often the password was changed.
    pub(super) fn changes(&self) -> usize {
        let ends = self.ends.iter();
        ends.filter(|end| end.password.is_some()).count()
    }
}

/// Something that killed all links of an address.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// Mails with a link that had arrived before.
    pub(super) mails: usize,
    /// The password that was set; none when links were cancelled.
    pub(super) password: Option<String>,
}

/// Those who take part.
pub(super) struct Actors<'a> {
    pub(super) app: &'a TestApp,
    pub(super) inbox: &'a Inbox,
    /// When the last ones begin.
    pub(super) until: Instant,
}

impl<'a> Actors<'a> {
    /// People who come for so long.
    pub(super) fn until(app: &'a TestApp, inbox: &'a Inbox, end: Duration) -> Self {
        let until = Instant::now() + end;
        Self { app, inbox, until }
    }

    /// Runs one actor for each plan, all at the same time.
    pub(super) async fn run_each_plan(&self) -> Vec<Transcript> {
        let people = PLANS.iter().enumerate();
        let runs = people.map(async |(n, (plan, _))| self.new_actor(*plan, n).await.run().await);
        futures_util::future::join_all(runs).await
    }

    /// Runs `count` more actors at a time, one after the other each.
    pub(super) async fn run(&self, count: usize, seed: u64) -> Vec<Transcript> {
        let lanes = (0..count).map(|lane| self.run_sequence(lane, count, seed));
        futures_util::future::join_all(lanes).await.concat()
    }

    async fn run_sequence(&self, lane: usize, lanes: usize, seed: u64) -> Vec<Transcript> {
        let lane_seed = u64::try_from(lane).expect("a small number");
        let mut random = Random::new(seed.wrapping_add(lane_seed + 1));
        let mut transcripts = Vec::new();
        while Instant::now() < self.until {
            let plan = Plan::random(&mut random);
            let n = PLANS.len() + lane + lanes * transcripts.len();
            let actor = self.new_actor(plan, n).await;
            transcripts.push(actor.run().await);
        }
        transcripts
    }

    /// The `n`th person, with the account that the plan asks for.
    pub(super) async fn new_actor(&self, plan: Plan, n: usize) -> Actor<'_> {
        let email = plan.email(n);
        if plan.has_account() {
            self.app.add_user(&email, &email, OLD_PASSWORD).await;
        }
        if plan == Plan::Disabled {
            self.app.disable_user(&email).await;
        }
        Actor::new(self, plan, email)
    }

    /// Sees that somebody who comes when the faults are over meets no trouble.
    pub(super) async fn expect_recovery(&self) {
        let email = "afterwards@example.com";
        self.app.add_user(email, email, OLD_PASSWORD).await;
        let actor = Actor::new(self, Plan::Link, email.to_owned());
        assert_eq!(self.app.request_reset(email).await.status(), 202);
        drain(self.app).await;
        let transcript = actor.continue_with_mail().await;
        assert_eq!(transcript.ends.len(), 1, "{transcript:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_a_hundred_and_every_plan_is_followed() {
        assert_eq!(PLANS.iter().map(|(_, share)| share).sum::<usize>(), 100);
        let mut random = Random::new(1);
        let chosen: Vec<_> = (0..1000).map(|_| Plan::random(&mut random)).collect();
        for (plan, _) in PLANS {
            assert!(chosen.contains(&plan), "{plan:?}");
        }
    }
}
