//! When a batch's mails go out and when it ends: by the clock, no matter who has an account.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Time for looking up, saving and composing, however much work that is.
const PREPARATION: Duration = Duration::from_millis(200);
/// Additional preparation time for each job.
const PREPARATION_OF_ONE: Duration = Duration::from_millis(5);
/// Time between two mails.
const SPACING: Duration = Duration::from_millis(10);
/// Time for SES after the last mail.
const SENDING: Duration = Duration::from_secs(1);
const REMEMBERED: usize = 20;

#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    first: Instant,
    pub(super) end: Instant,
}

impl Schedule {
    /// The schedule of a batch of `jobs` that began to look up at `begun` and is ready at `ready`,
    /// where the slowest of the last mails took `slowest`.
    ///
    /// A batch that is not ready in time begins to send at the next multiple of that time, so small
    /// differences in work do not change the times.
    pub(super) fn new(begun: Instant, ready: Instant, jobs: usize, slowest: Duration) -> Self {
        let jobs = u32::try_from(jobs).unwrap_or(u32::MAX);
        let step = PREPARATION + PREPARATION_OF_ONE * jobs;
        let taken = ready.duration_since(begun).as_millis();
        let steps = taken.div_ceil(step.as_millis()).max(1);
        let first = begun + step * u32::try_from(steps).unwrap_or(u32::MAX);
        Self {
            first,
            end: first + SPACING * jobs + slowest.max(SENDING),
        }
    }

    /// When the mail of the job at `place` goes out, counted from 0.
    pub(super) fn start(&self, place: usize) -> Instant {
        self.first + SPACING * u32::try_from(place).unwrap_or(u32::MAX)
    }
}

/// How long the last sends of this process took.
#[derive(Debug, Default)]
pub struct RecentSends(VecDeque<Duration>);

impl RecentSends {
    pub(super) fn add(&mut self, took: Duration) {
        self.0.push_back(took);
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }

    pub(super) fn slowest(&self) -> Duration {
        self.0.iter().max().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn after(begun: Instant, taken: u64, slowest: u64) -> [Duration; 3] {
        let schedule = Schedule::new(begun, begun + millis(taken), 10, millis(slowest));
        [schedule.start(0), schedule.start(9), schedule.end].map(|time| time.duration_since(begun))
    }

    #[test]
    fn mails_go_out_in_their_places_and_the_batch_ends_when_the_slowest_of_late_would_have() {
        let begun = Instant::now();
        let usual = [millis(250), millis(340), millis(1350)];
        assert_eq!(after(begun, 0, 0), usual);
        assert_eq!(after(begun, 250, 900), usual);
        assert_eq!(
            after(begun, 1, 2500),
            [millis(250), millis(340), millis(2850)]
        );
    }

    #[test]
    fn a_batch_that_is_late_waits_for_the_next_multiple() {
        let begun = Instant::now();
        let late = [millis(500), millis(590), millis(1600)];
        assert_eq!(after(begun, 251, 0), late);
        assert_eq!(after(begun, 500, 0), late);
        assert_eq!(after(begun, 501, 0)[0], millis(750));
    }

    #[test]
    fn twenty_sends_are_remembered() {
        let mut recent = RecentSends::default();
        recent.add(millis(900));
        (0..19).for_each(|n| recent.add(millis(n)));
        assert_eq!(recent.slowest(), millis(900));
        recent.add(millis(1));
        assert_eq!(recent.slowest(), millis(18));
    }
}
