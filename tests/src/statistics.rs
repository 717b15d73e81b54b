//! Whether two kinds of request can be told apart by their times.
//!
//! Requests of both kinds are sent in pairs, in random order, so that whatever else the machine
//! does befalls both alike. Then two questions are asked that need no assumption about the times'
//! distribution: does one kind of a pair take longer more often than a coin would say, and do the
//! two samples differ anywhere as a whole?

/// What the times of two kinds of request tell.
#[derive(Debug, Clone, Copy)]
pub struct Comparison {
    /// How often the best threshold would guess the kind right; a coin is right half of the time.
    pub accuracy: f64,
    /// How often the first of a pair took longer.
    pub longer: f64,
    /// At most so probable is it to see this, or more, if the two kinds are alike.
    pub probability: f64,
}

impl Comparison {
    /// Less probable than this is taken for a difference; with dozens of comparisons in a run, one
    /// run in ten thousand would be wrong.
    const SIGNIFICANT: f64 = 1e-6;

    /// Compares times that were taken in pairs.
    #[must_use]
    pub fn of(one: &[f64], other: &[f64]) -> Self {
        let distance = greatest_distance(one, other);
        let longer = share_longer(one, other);
        let pairs = count(one.len().min(other.len()));
        // Hoeffding's inequality; it holds for any number of pairs.
        let by_pairs = 2.0 * (-2.0 * pairs * (longer - 0.5).powi(2)).exp();
        // Two tests, so that each counts double.
        let probability = 2.0 * by_pairs.min(smirnov(distance, one.len(), other.len()));
        Self {
            accuracy: f64::midpoint(1.0, distance),
            longer,
            probability: probability.min(1.0),
        }
    }

    /// Whether an observer learns something.
    #[must_use]
    pub fn is_distinguishable(&self) -> bool {
        self.probability < Self::SIGNIFICANT
    }
}

impl std::fmt::Display for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |share: f64| 100.0 * share;
        write!(
            f,
            "best guess right in {:.1} %, slower in {:.1} % of pairs, p <= {:.2}",
            percent(self.accuracy),
            percent(self.longer),
            self.probability
        )
    }
}

/// The greatest vertical distance of the two empirical distributions (Kolmogorov and Smirnov).
fn greatest_distance(one: &[f64], other: &[f64]) -> f64 {
    let sorted = |times: &[f64]| {
        let mut times = times.to_vec();
        times.sort_by(f64::total_cmp);
        times
    };
    let (one, other) = (sorted(one), sorted(other));
    let share = |times: &[f64], limit: f64| {
        count(times.partition_point(|time| *time <= limit)) / count(times.len().max(1))
    };
    let limits = one.iter().chain(&other);
    limits
        .map(|limit| (share(&one, *limit) - share(&other, *limit)).abs())
        .fold(0.0, f64::max)
}

/// How often the first of a pair is longer; ties count half.
fn share_longer(one: &[f64], other: &[f64]) -> f64 {
    let wins: f64 = one
        .iter()
        .zip(other)
        .map(|(one, other)| match one.total_cmp(other) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum();
    wins / count(one.len().min(other.len()).max(1))
}

/// How probable so great a distance is between two samples of one distribution: the first term of
/// Smirnov's series, which is an upper bound.
fn smirnov(distance: f64, one: usize, other: usize) -> f64 {
    let (one, other) = (count(one), count(other));
    let size = one * other / (one + other).max(1.0);
    2.0 * (-2.0 * size * distance.powi(2)).exp()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "there are thousands of samples, not 2^52"
)]
fn count(number: usize) -> f64 {
    number as f64
}

/// The value in the middle.
#[must_use]
pub fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Numbers from 0 to 1 that look random and are the same each time.
    fn noise(seed: u64, length: usize) -> Vec<f64> {
        let mut random = Random::new(seed);
        let mut next = || count(random.below(1 << 30)) / count(1 << 30);
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn samples_of_one_distribution_are_not_told_apart() {
        for seed in 0..200 {
            let one = noise(2 * seed + 1, 1000);
            let other = noise(2 * seed + 1_000_002, 1000);
            assert!(!Comparison::of(&one, &other).is_distinguishable(), "{seed}");
        }
    }

    #[test]
    fn a_shift_of_a_fifth_of_the_spread_is_noticed() {
        let one = noise(1, 1000);
        let other: Vec<_> = noise(2, 1000).iter().map(|time| time + 0.2).collect();
        let comparison = Comparison::of(&one, &other);
        assert!(comparison.is_distinguishable(), "{comparison}");
        assert!(comparison.accuracy > 0.55);
    }

    #[test]
    fn a_wider_spread_is_noticed_although_the_middle_is_the_same() {
        let one = noise(1, 1000);
        let other: Vec<_> = noise(2, 1000).iter().map(|it| 3.0 * it - 1.0).collect();
        assert!(Comparison::of(&one, &other).is_distinguishable());
    }

    #[test]
    fn a_few_samples_prove_nothing() {
        let comparison = Comparison::of(&[1.0, 2.0], &[5.0, 6.0]);
        assert!(!comparison.is_distinguishable());
        assert!((comparison.accuracy - 1.0).abs() < f64::EPSILON);
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
    }
}
