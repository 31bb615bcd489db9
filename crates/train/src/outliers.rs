//! Non-finite and outlier losses: detected before they touch the weights.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::config_value::{require, require_not_negative};

/// The most batches skipped in a row. After that many, the batches are not the cause.
pub(crate) const MOST_IN_A_ROW: u64 = 100;

/// What to do about non-finite losses and gradients, and about loss spikes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutlierConfig {
    /// Whether to stop the run or skip the batch. Unless batches are skipped, a validation without any finite loss stops the run as
    /// well: the model has diverged and is not saved.
    pub on_nonfinite: OnNonFinite,
    /// A loss this many standard deviations above the mean of the recent losses is a spike, and is treated in the same way; 0:
    /// never.
    pub spike_z: f64,
    /// How many recent losses the mean is taken over.
    pub spike_window: usize,
}

/// What happens to a run at a non-finite or outlier loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnNonFinite {
    /// It ends. The model from before the step is saved, unless it has diverged.
    #[default]
    Stop,
    /// It continues with the next batch; skipped batches are counted and shown.
    Skip,
}

impl Default for OutlierConfig {
    fn default() -> Self {
        Self { on_nonfinite: OnNonFinite::Stop, spike_z: 0.0, spike_window: 100 }
    }
}

impl OutlierConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        require_not_negative("spike_z", self.spike_z)?;
        require("spike_window", self.spike_window, self.spike_window >= 2, "at least 2")
    }

    /// Whether a loss that follows `recent` is an outlier.
    pub(crate) fn outlier_in(&self, loss: f64, recent: &[f64]) -> Option<Outlier> {
        if !loss.is_finite() {
            return Some(Outlier::NonFiniteLoss(loss));
        }
        if self.spike_z == 0.0 || recent.len() < self.spike_window {
            return None;
        }
        let mean = recent.iter().sum::<f64>() / recent.len() as f64;
        let variance = recent.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / (recent.len() - 1) as f64;
        // If the losses hardly differ, a small fluctuation must not count as a spike.
        let deviation = variance.sqrt().max(1e-3 * mean.abs());
        let z = (loss - mean) / deviation;
        (z > self.spike_z).then_some(Outlier::LossSpike { loss, mean, z })
    }

    /// Takes the loss of a step into account.
    pub(crate) fn remember(&self, loss: f64, recent: &mut Vec<f64>) {
        if self.spike_z > 0.0 {
            if recent.len() >= self.spike_window {
                recent.drain(..=recent.len() - self.spike_window);
            }
            recent.push(loss);
        }
    }
}

/// A number that must not reach the weights, or be taken for a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outlier {
    /// The loss is not a finite number.
    NonFiniteLoss(f64),
    /// The norm of the gradient is not a finite number.
    NonFiniteGradient(f64),
    /// The validation loss is not a finite number: the model has diverged, or a sample of the validation set is damaged.
    NonFiniteValidationLoss(f64),
    /// The metric's score is not a finite number.
    NonFiniteScore(f64),
    /// The metric that the trainer's `monitor` names is not a finite number.
    NonFiniteMetric {
        /// Its name.
        name: &'static str,
        /// What it is.
        value: f64,
    },
    /// The loss is far above those before.
    LossSpike {
        /// Of this batch.
        loss: f64,
        /// Of the batches before.
        mean: f64,
        /// By how many standard deviations.
        z: f64,
    },
}

impl Outlier {
    /// Whether it was found in a validation, not in a step.
    #[must_use]
    pub const fn is_of_validation(&self) -> bool {
        matches!(self, Self::NonFiniteValidationLoss(_) | Self::NonFiniteScore(_) | Self::NonFiniteMetric { .. })
    }
}

impl fmt::Display for Outlier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonFiniteLoss(value) => write!(f, "the loss became {value}"),
            Self::NonFiniteGradient(value) => write!(f, "the norm of the gradient became {value}"),
            Self::NonFiniteValidationLoss(value) => write!(f, "the validation loss became {value}"),
            Self::NonFiniteScore(value) => write!(f, "the validation score became {value}"),
            Self::NonFiniteMetric { name, value } => write!(f, "the validation metric `{name}` became {value}"),
            Self::LossSpike { loss, mean, z } => {
                write!(f, "the loss jumped to {loss:.4}, {z:.1} standard deviations above the {mean:.4} before")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_is_far_above_the_recent_losses() {
        let config = OutlierConfig { spike_z: 6.0, spike_window: 4, ..OutlierConfig::default() };
        let mut recent = Vec::new();
        for loss in [9.0, 1.0, 1.1, 0.9, 1.0] {
            assert_eq!(config.outlier_in(loss, &recent), None);
            config.remember(loss, &mut recent);
        }
        assert_eq!(recent, [1.0, 1.1, 0.9, 1.0]);
        assert_eq!(config.outlier_in(1.4, &recent), None);
        assert_eq!(config.outlier_in(-9.0, &recent), None);
        assert!(matches!(config.outlier_in(1.6, &recent), Some(Outlier::LossSpike { z, .. }) if z > 6.0));
        assert!(matches!(config.outlier_in(f64::NAN, &recent), Some(Outlier::NonFiniteLoss(_))));
    }

    #[test]
    fn without_a_limit_there_is_no_spike_and_nothing_is_remembered() {
        let config = OutlierConfig { spike_window: 2, ..OutlierConfig::default() };
        let mut recent = Vec::new();
        config.remember(1.0, &mut recent);
        assert!(recent.is_empty());
        assert_eq!(config.outlier_in(1e30, &[1.0, 1.0]), None);
    }
}
