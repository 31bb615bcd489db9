//! Probabilities against observed frequencies.

use serde::{Deserialize, Serialize};

/// Of decisions with a similar probability, what share is true?
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Calibration {
    /// By rising probability.
    pub bins: Vec<CalibrationBin>,
    /// The expected calibration error (Naeini et al. 2015): the mean distance between probability and share, weighted by the
    /// number of decisions. Only decisions with a probability of at least 0.02 count; the many with a probability near 0 would
    /// hide the others.
    pub error: f64,
}

/// A range of probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Mean probability.
    pub predicted: f64,
    /// Share that is true.
    pub observed: f64,
    /// Number of decisions.
    pub count: u64,
}

/// Decisions below this probability are left out of the calibration error.
const LEAST: f32 = 0.02;
const BINS: usize = 10;

impl Calibration {
    /// From decisions, each with its probability and whether it is true.
    pub(super) fn of(decisions: impl Iterator<Item = (f32, bool)>) -> Self {
        let mut sums = [(0.0_f64, 0_u64, 0_u64); BINS];
        for (probability, truth) in decisions.filter(|(probability, _)| *probability >= LEAST) {
            let bin = &mut sums[((probability * BINS as f32) as usize).min(BINS - 1)];
            *bin = (bin.0 + f64::from(probability), bin.1 + u64::from(truth), bin.2 + 1);
        }
        let bins: Vec<CalibrationBin> = sums
            .into_iter()
            .filter(|(.., count)| *count > 0)
            .map(|(sum, hits, count)| CalibrationBin {
                predicted: sum / count as f64,
                observed: hits as f64 / count as f64,
                count,
            })
            .collect();
        let total: u64 = bins.iter().map(|bin| bin.count).sum();
        let distance = |bin: &CalibrationBin| (bin.predicted - bin.observed).abs() * bin.count as f64;
        let error = bins.iter().map(distance).sum::<f64>() / total.max(1) as f64;
        Self { bins, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibrated_model_has_no_calibration_error() {
        // Of ten decisions at 0.7, seven are true, and in the second case two.
        let of = |truths: usize| Calibration::of((0..10).flat_map(|i| [(0.7, i < truths), (0.0, false)]));
        assert!(of(7).error < 1e-6 && of(7).bins.len() == 1, "{:?}", of(7));
        assert!((of(2).error - 0.5).abs() < 1e-6);
    }

    #[test]
    fn no_decision_is_no_error() {
        let none = Calibration::of(std::iter::empty());
        assert!(none.bins.is_empty() && none.error == 0.0);
    }
}
