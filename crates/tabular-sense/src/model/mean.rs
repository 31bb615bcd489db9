//! The mean of the probabilities over a column's random samples, and whether more samples are needed.

use crate::probabilities::Probabilities;

/// With a single random sample, a probability closer to the threshold than this is unsure.
const ONE_DRAW: f64 = 0.15;

/// The mean of the probabilities over a column's random samples.
#[derive(Clone)]
pub(super) struct Mean {
    sum: Probabilities,
    squares: Probabilities,
    count: f32,
}

impl Mean {
    pub(super) fn new(n_labels: usize) -> Self {
        Self { sum: vec![0.0; n_labels], squares: vec![0.0; n_labels], count: 0.0 }
    }

    pub(super) fn add(&mut self, row: &[f32]) {
        for ((sum, squares), value) in self.sum.iter_mut().zip(&mut self.squares).zip(row) {
            *sum += value;
            *squares += value * value;
        }
        self.count += 1.0;
    }

    pub(super) fn value(&self) -> Probabilities {
        self.sum.iter().map(|sum| sum / self.count.max(1.0)).collect()
    }

    /// Whether further random samples might move a type to the other side of its threshold: the mean is less than two standard
    /// errors away from the threshold. With a single sample, the limit is [`ONE_DRAW`].
    pub(super) fn is_unsure(&self, thresholds: &[f64]) -> bool {
        self.value().iter().zip(&self.squares).zip(thresholds).any(|((mean, squares), threshold)| {
            if self.count < 2.0 {
                return (f64::from(*mean) - threshold).abs() < ONE_DRAW;
            }
            let variance = (squares / self.count - mean * mean).max(0.0) / (self.count - 1.0);
            (f64::from(*mean) - threshold).powi(2) < 4.0 * f64::from(variance)
        })
    }
}
