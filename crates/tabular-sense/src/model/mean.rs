//! The mean of a column's draws, and whether more of them are needed.

use crate::probabilities::Probabilities;

/// How far one draw's probability is from the threshold where the draw is not to be relied on.
const ONE_DRAW: f64 = 0.15;

/// The mean of a column's draws.
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

    /// Whether further draws may take a type to the other side of its threshold: the mean is less than two standard
    /// errors away from it.
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
