use std::time::Duration;

pub(crate) fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

/// What so many percent of the values do not exceed; 50 is the median.
pub(crate) fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
    values.iter().sum::<f64>() / f64::from(count)
}

/// How often one of the first is greater than one of the others; ties count half. It is what
/// somebody makes of a single value who wants to know which kind it is of, who is right half of the
/// time by guessing (the area under the curve of hits over false alarms).
pub(crate) fn wins(one: &[f64], other: &[f64]) -> f64 {
    let score = |a: &f64, b: &f64| match a.total_cmp(b) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    };
    let scores: Vec<_> = one
        .iter()
        .flat_map(|a| other.iter().map(move |b| score(a, b)))
        .collect();
    mean(&scores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values: Vec<_> = (1..=200).rev().map(f64::from).collect();
        for (percent, expected) in [(50, 100.0), (99, 198.0), (100, 200.0), (0, 1.0)] {
            assert!((percentile(&values, percent) - expected).abs() < f64::EPSILON);
        }
        assert!(percentile(&[], 50).is_nan());
    }
}
