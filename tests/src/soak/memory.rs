//! Whether processes grow.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::INTERVAL;
use crate::lambda::Lambda;
use crate::statistics::median;

/// Fewer samples than this say nothing.
const ENOUGH: usize = 60;

/// Resident memory of each process, in KiB, by function and process id, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Samples(BTreeMap<(String, u32), Vec<f64>>);

/// How one process has grown.
#[derive(Debug, Clone)]
pub struct Growth {
    pub function: String,
    /// The median of the first third of the samples, in KiB.
    pub first: f64,
    /// The median of the last third, in KiB.
    pub last: f64,
}

impl Growth {
    /// The most that a process may grow between its first and its last third, in KiB: room for
    /// connections and for buffers of a size that was not needed before, and for nothing that piles
    /// up with each request.
    pub const BOUND: f64 = 1024.0;

    /// Whether it grew no more than [`Growth::BOUND`].
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.last - self.first <= Self::BOUND
    }
}

impl std::fmt::Display for Growth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            function,
            first,
            last,
        } = self;
        write!(f, "{function}: {first:.0} KiB, then {last:.0} KiB")
    }
}

impl Samples {
    /// Measures the processes until `over`.
    pub(super) async fn measure(lambda: &Lambda, over: &Cell<bool>) -> Self {
        let mut samples = Self::default();
        while !over.get() {
            for (process, function) in lambda.processes() {
                // It may have ended by now.
                if let Some(size) = resident(process) {
                    let of_it = samples.0.entry((function, process)).or_default();
                    of_it.push(size);
                }
            }
            tokio::time::sleep(INTERVAL).await;
        }
        samples
    }

    /// How each process has grown of which there are enough samples to tell.
    #[must_use]
    pub fn growth(&self) -> Vec<Growth> {
        let enough = self.0.iter().filter(|(_, sizes)| sizes.len() >= ENOUGH);
        enough
            .map(|((function, _), sizes)| {
                let third = sizes.len() / 3;
                Growth {
                    function: function.clone(),
                    first: median(&sizes[..third]),
                    last: median(&sizes[sizes.len() - third..]),
                }
            })
            .collect()
    }
}

/// A process's resident memory in KiB, as Linux tells.
fn resident(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(each: f64) -> Vec<Growth> {
        let sizes = (0..600).map(|n| 20_000.0 + each * f64::from(n)).collect();
        let one = ("Function".to_owned(), 1);
        Samples(BTreeMap::from([(one, sizes)])).growth()
    }

    #[test]
    fn what_piles_up_is_noticed() {
        assert!(growth(0.0)[0].is_flat());
        assert!(!growth(8.0)[0].is_flat());
    }

    #[test]
    fn a_process_that_hardly_lived_says_nothing() {
        let one = ("Function".to_owned(), 1);
        assert!(
            Samples(BTreeMap::from([(one, vec![1.0; 10])]))
                .growth()
                .is_empty()
        );
    }
}
