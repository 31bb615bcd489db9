//! Non-finite and outlier losses: detected before they touch the weights.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Result, TrainError};

/// So many batches in a row are skipped at most: then it is not the batches that are at fault.
pub(crate) const MOST_IN_A_ROW: u64 = 100;

/// What to do about a batch whose loss or gradient is not a number, or whose loss is far above what it was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuardConfig {
    /// End the run, or continue without the batch. A validation without any finite loss ends it as well: the model has diverged,
    /// and is not saved.
    pub on_nonfinite: OnNonFinite,
    /// A loss this many standard deviations above the mean of the losses before is treated alike; 0: none is.
    pub spike_z: f64,
    /// How many losses before.
    pub spike_window: usize,
}

/// What happens to a run at a non-finite or outlier loss.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnNonFinite {
    /// It ends. The model of the step before is saved, unless it has diverged.
    #[default]
    Stop,
    /// It continues with the next batch; those left out are counted and shown.
    Skip,
}

impl Default for GuardConfig {
    fn default() -> Self {
        Self { on_nonfinite: OnNonFinite::Stop, spike_z: 0.0, spike_window: 100 }
    }
}

impl GuardConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<()> {
        if !(self.spike_z.is_finite() && self.spike_z >= 0.0) {
            let found = self.spike_z.to_string();
            return Err(TrainError::Config { field: "spike_z", found, expected: "0 or more" });
        }
        if self.spike_window < 2 {
            let found = self.spike_window.to_string();
            return Err(TrainError::Config { field: "spike_window", found, expected: "at least 2" });
        }
        Ok(())
    }

    /// What is wrong with a loss that comes after `recent`, if anything is.
    pub(crate) fn trouble_with(&self, loss: f64, recent: &[f64]) -> Option<Trouble> {
        if !loss.is_finite() {
            return Some(Trouble::Loss(loss));
        }
        if self.spike_z == 0.0 || recent.len() < self.spike_window {
            return None;
        }
        let mean = recent.iter().sum::<f64>() / recent.len() as f64;
        let variance = recent.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / (recent.len() - 1) as f64;
        // Losses that hardly differ must not make a spike of every ripple.
        let deviation = variance.sqrt().max(1e-3 * mean.abs());
        let z = (loss - mean) / deviation;
        (z > self.spike_z).then_some(Trouble::Spike { loss, mean, z })
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

/// What is wrong with a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// The loss is not a finite number.
    Loss(f64),
    /// The norm of the gradient is not a finite number.
    Gradient(f64),
    /// The validation loss is not a finite number: the model has diverged, or a sample of the validation set is damaged.
    ValidationLoss(f64),
    /// The metric's score is not a finite number.
    Score(f64),
    /// The loss is far above those before.
    Spike {
        /// Of this batch.
        loss: f64,
        /// Of the batches before.
        mean: f64,
        /// By how many standard deviations.
        z: f64,
    },
}

impl Trouble {
    /// Whether it was found in a validation, not in a step.
    #[must_use]
    pub const fn is_of_validation(&self) -> bool {
        matches!(self, Self::ValidationLoss(_) | Self::Score(_))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loss(value) => write!(f, "the loss became {value}"),
            Self::Gradient(value) => write!(f, "the norm of the gradient became {value}"),
            Self::ValidationLoss(value) => write!(f, "the validation loss became {value}"),
            Self::Score(value) => write!(f, "the validation score became {value}"),
            Self::Spike { loss, mean, z } => {
                write!(f, "the loss jumped to {loss:.4}, {z:.1} standard deviations above the {mean:.4} before")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_is_told_from_a_ripple_and_only_above() {
        let guard = GuardConfig { spike_z: 6.0, spike_window: 4, ..GuardConfig::default() };
        let mut recent = Vec::new();
        for loss in [9.0, 1.0, 1.1, 0.9, 1.0] {
            assert_eq!(guard.trouble_with(loss, &recent), None);
            guard.remember(loss, &mut recent);
        }
        assert_eq!(recent, [1.0, 1.1, 0.9, 1.0]);
        assert_eq!(guard.trouble_with(1.4, &recent), None);
        assert_eq!(guard.trouble_with(-9.0, &recent), None);
        assert!(matches!(guard.trouble_with(1.6, &recent), Some(Trouble::Spike { z, .. }) if z > 6.0));
        assert!(matches!(guard.trouble_with(f64::NAN, &recent), Some(Trouble::Loss(_))));
    }

    #[test]
    fn without_a_limit_there_is_no_spike_and_nothing_is_remembered() {
        let guard = GuardConfig { spike_window: 2, ..GuardConfig::default() };
        let mut recent = Vec::new();
        guard.remember(1.0, &mut recent);
        assert!(recent.is_empty());
        assert_eq!(guard.trouble_with(1e30, &[1.0, 1.0]), None);
    }
}
