use serde::{Deserialize, Serialize};

use crate::config_value::require_not_negative;
use crate::{MonitorMode, Result};

/// When a run stops early.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EarlyStopConfig {
    /// The number of validations in a row without improvement after which the run ends; 0: it never ends early.
    pub patience: u64,
    /// The monitored value must be better by more than this to count as an improvement.
    pub min_delta: f64,
}

impl Default for EarlyStopConfig {
    fn default() -> Self {
        Self { patience: 6, min_delta: 0.0 }
    }
}

impl EarlyStopConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// When `min_delta` is negative or not a number.
    pub fn validate(&self) -> Result<()> {
        require_not_negative("min_delta", self.min_delta)
    }
}

/// The count of validations without improvement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EarlyStop {
    config: EarlyStopConfig,
    /// The value that has to be beaten.
    reference: Option<f64>,
    count: u64,
}

impl EarlyStop {
    /// Nothing has been validated yet.
    #[must_use]
    pub const fn new(config: EarlyStopConfig) -> Self {
        Self { config, reference: None, count: 0 }
    }

    /// Continues under another configuration: the count stays.
    pub const fn reconfigure(&mut self, config: EarlyStopConfig) {
        self.config = config;
    }

    /// Takes the monitored value of a validation into account. A value that is not finite is no improvement.
    pub fn on_validation(&mut self, value: f64, mode: MonitorMode) {
        let improves = |best| mode.improves(value, best, self.config.min_delta);
        if value.is_finite() && self.reference.is_none_or(improves) {
            self.reference = Some(value);
            self.count = 0;
        } else {
            self.count += 1;
        }
    }

    /// Starts counting anew, as after a change of dropout; the value to beat stays.
    pub const fn reset(&mut self) {
        self.count = 0;
    }

    /// Starts anew, with nothing to beat: another value is monitored from now on.
    pub const fn forget(&mut self) {
        self.reference = None;
        self.count = 0;
    }

    /// Validations in a row without improvement.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The number after which the run ends; 0 means that it never ends early.
    #[must_use]
    pub const fn patience(&self) -> u64 {
        self.config.patience
    }

    /// Whether more than half of the patience is used up, but not all.
    #[must_use]
    pub const fn is_near(&self) -> bool {
        self.config.patience > 0 && self.count * 2 > self.config.patience && !self.is_reached()
    }

    /// Whether the run should end.
    #[must_use]
    pub const fn is_reached(&self) -> bool {
        self.config.patience > 0 && self.count >= self.config.patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(config: EarlyStopConfig, scores: &[f64]) -> EarlyStop {
        let mut stop = EarlyStop::new(config);
        scores.iter().for_each(|&score| stop.on_validation(score, MonitorMode::Max));
        stop
    }

    #[test]
    fn patience_counts_validations_without_improvement() {
        let config = EarlyStopConfig { patience: 2, min_delta: 0.0 };
        assert!(!after(config, &[0.5, 0.4]).is_reached());
        assert!(after(config, &[0.5, 0.4, 0.5]).is_reached());
        assert!(!after(config, &[0.5, 0.4, 0.6, 0.1]).is_reached());
        assert!(after(config, &[f64::NAN, f64::NAN]).is_reached());
        assert!(after(config, &[f64::INFINITY, 0.5]).count() == 0 && after(config, &[f64::INFINITY]).count() == 1);
    }

    #[test]
    fn a_value_that_is_better_when_lower_has_to_fall() {
        let mut stop = EarlyStop::new(EarlyStopConfig { patience: 2, min_delta: 0.1 });
        let counts = [1.0, 1.5, 0.95, 0.85, f64::NAN].map(|value| {
            stop.on_validation(value, MonitorMode::Min);
            stop.count()
        });
        assert_eq!(counts, [0, 1, 2, 0, 1]);
    }

    #[test]
    fn small_steps_add_up_against_the_same_reference() {
        let config = EarlyStopConfig { patience: 3, min_delta: 0.1 };
        assert_eq!(after(config, &[0.5, 0.55, 0.59]).count(), 2);
        assert_eq!(after(config, &[0.5, 0.55, 0.59, 0.61]).count(), 0);
    }

    #[test]
    fn no_patience_means_no_end() {
        let config = EarlyStopConfig { patience: 0, min_delta: 0.0 };
        assert!(!after(config, &[0.5; 100]).is_reached());
    }
}
