use serde::{Deserialize, Serialize};

use crate::{Result, TrainError};

/// The learning-rate schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LearningRateConfig {
    /// The rate stays as it is.
    Constant,
    /// The rate falls when a value has stopped improving.
    Plateau(PlateauConfig),
    /// Linear warm-up over `warmup_steps`, then half a cosine down to `floor` × the starting rate at the last step of
    /// the run (transformers' `get_cosine_schedule_with_warmup`, whose warm-up starts at 0; here the first step
    /// already has 1/`warmup_steps` of the rate).
    WarmupCosine {
        /// Steps until the full rate.
        warmup_steps: u64,
        /// What is left at the end, as a share of the starting rate.
        #[serde(default)]
        floor: f64,
    },
}

/// `torch.optim.lr_scheduler.ReduceLROnPlateau`, with its parameters and their defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlateauConfig {
    /// The value that is watched.
    pub monitor: Monitor,
    /// What the rate is multiplied by.
    pub factor: f64,
    /// Validations without improvement that are still tolerated.
    pub patience: u64,
    /// Smallest change that counts as an improvement.
    pub threshold: f64,
    /// Whether `threshold` is a share of the best value or a difference.
    pub threshold_mode: ThresholdMode,
    /// Validations after a reduction in which nothing is counted.
    pub cooldown: u64,
    /// The rate never falls below.
    pub min_learning_rate: f64,
    /// Reductions smaller than this are not made.
    pub epsilon: f64,
}

/// A value that a schedule may watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Monitor {
    /// The validation loss: lower is better.
    #[default]
    Loss,
    /// The metric's score: higher is better.
    Score,
}

/// How `threshold` is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdMode {
    /// As a share of the best value.
    #[default]
    Relative,
    /// As a difference.
    Absolute,
}

impl Default for PlateauConfig {
    fn default() -> Self {
        Self {
            monitor: Monitor::Loss,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            threshold_mode: ThresholdMode::Relative,
            cooldown: 0,
            min_learning_rate: 0.0,
            epsilon: 1e-8,
        }
    }
}

impl LearningRateConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<()> {
        let (field, value, good, expected) = match self {
            Self::Constant => return Ok(()),
            Self::Plateau(plateau) if !(plateau.factor > 0.0 && plateau.factor < 1.0) => {
                ("factor", plateau.factor, false, "above 0 and below 1")
            }
            Self::Plateau(plateau) => ("threshold", plateau.threshold, plateau.threshold >= 0.0, "0 or more"),
            Self::WarmupCosine { floor, .. } => ("floor", *floor, (0.0..=1.0).contains(floor), "between 0 and 1"),
        };
        if good { Ok(()) } else { Err(TrainError::Config { field, found: value.to_string(), expected }) }
    }
}

/// The schedule and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningRateScheduler {
    config: LearningRateConfig,
    /// The rate the run started with.
    initial: f64,
    /// Steps of the whole run, for schedules that end with it.
    total_steps: u64,
    /// The rate now, before what depends on the step.
    current: f64,
    /// Best value so far; none before the first validation.
    best: Option<f64>,
    bad_validations: u64,
    cooldown_left: u64,
}

impl LearningRateScheduler {
    /// A schedule that starts at `initial`, for a run of `total_steps`.
    #[must_use]
    pub const fn new(config: LearningRateConfig, initial: f64, total_steps: u64) -> Self {
        Self { config, initial, total_steps, current: initial, best: None, bad_validations: 0, cooldown_left: 0 }
    }

    /// Whether the rate of a step depends on how long the run is.
    #[must_use]
    pub const fn depends_on_total_steps(&self) -> bool {
        matches!(self.config, LearningRateConfig::WarmupCosine { .. })
    }

    /// The same schedule for a run of another length.
    #[must_use]
    pub fn over(self, total_steps: u64) -> Self {
        Self { total_steps, ..self }
    }

    /// Steps of the whole run that the schedule was made for.
    #[must_use]
    pub const fn total_steps(&self) -> u64 {
        self.total_steps
    }

    /// Continues under another configuration: what was counted stays, and a rate that had fallen keeps its share.
    pub fn reconfigure(&mut self, config: &LearningRateConfig, initial: f64) {
        self.config.clone_from(config);
        if initial.to_bits() != self.initial.to_bits() {
            self.current *= initial / self.initial;
            self.initial = initial;
        }
    }

    /// The rate of step `step`, counted from 0 over the run.
    #[must_use]
    pub fn at(&self, step: u64) -> f64 {
        let LearningRateConfig::WarmupCosine { warmup_steps, floor } = self.config else { return self.current };
        if step < warmup_steps {
            return self.initial * ((step + 1) as f64 / warmup_steps as f64);
        }
        let rest = self.total_steps.saturating_sub(warmup_steps).max(1);
        let progress = ((step - warmup_steps) as f64 / rest as f64).min(1.0);
        self.initial * (floor + (1.0 - floor) * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos()))
    }

    /// Takes the loss and score of a validation into account. Gives (old, new) when the rate changes.
    pub fn on_validation(&mut self, loss: f64, score: f64) -> Option<(f64, f64)> {
        let LearningRateConfig::Plateau(config) = &self.config else { return None };
        let (value, lower_is_better) = match config.monitor {
            Monitor::Loss => (loss, true),
            Monitor::Score => (score, false),
        };
        // What is not finite is no improvement, and must not become the value to beat: a checkpoint cannot hold it.
        let improved = value.is_finite()
            && self.best.is_none_or(|best| match (config.threshold_mode, lower_is_better) {
                (ThresholdMode::Relative, true) => value < best * (1.0 - config.threshold),
                (ThresholdMode::Relative, false) => value > best * (1.0 + config.threshold),
                (ThresholdMode::Absolute, true) => value < best - config.threshold,
                (ThresholdMode::Absolute, false) => value > best + config.threshold,
            });
        if improved {
            self.best = Some(value);
            self.bad_validations = 0;
        } else {
            self.bad_validations += 1;
        }
        if self.cooldown_left > 0 {
            self.cooldown_left -= 1;
            self.bad_validations = 0;
        }
        if self.bad_validations <= config.patience {
            return None;
        }
        self.cooldown_left = config.cooldown;
        self.bad_validations = 0;
        let old = self.current;
        let new = (old * config.factor).max(config.min_learning_rate);
        if old - new <= config.epsilon {
            return None;
        }
        self.current = new;
        Some((old, new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_that_is_not_a_number_is_never_the_one_to_beat() {
        let config = PlateauConfig { patience: 0, factor: 0.5, ..PlateauConfig::default() };
        let mut scheduler = LearningRateScheduler::new(LearningRateConfig::Plateau(config), 1.0, 10);
        assert_eq!(scheduler.on_validation(f64::NAN, 0.0), Some((1.0, 0.5)));
        assert_eq!(scheduler.on_validation(0.7, 0.0), None);
        assert_eq!(scheduler.on_validation(0.6, 0.0), None);
        assert_eq!(scheduler.on_validation(f64::NAN, 0.0), Some((0.5, 0.25)));
        assert_eq!(scheduler.on_validation(f64::NEG_INFINITY, 0.0), Some((0.25, 0.125)));
        assert_eq!(scheduler.best, Some(0.6));
    }
}
