use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rate::{Progress, Schedule};
use crate::{Monitor, MonitorMode, ValidationResult};

/// `torch.optim.lr_scheduler.ReduceLROnPlateau`, with its parameters and their defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlateauConfig {
    /// The value that is watched: `loss`, `score`, a metric's name, or `best` for what the trainer's `monitor` names.
    pub monitor: Monitor,
    /// Whether higher or lower values are better, for a value that does not say so itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<MonitorMode>,
    /// What the rate is multiplied by.
    pub factor: f64,
    /// Validations without improvement that are still tolerated.
    pub patience: u64,
    /// Smallest change that counts as an improvement.
    pub threshold: f64,
    /// Whether `threshold` is a share of the best value or a difference.
    pub threshold_mode: ThresholdMode,
    /// The number of validations after a reduction that are not counted.
    pub cooldown: u64,
    /// The minimum of the rate.
    pub min_learning_rate: f64,
    /// Reductions smaller than this are not made.
    pub epsilon: f64,
}

/// How `threshold` is interpreted.
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
            mode: None,
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

impl PlateauConfig {
    fn improves(&self, mode: MonitorMode, value: f64, best: f64) -> bool {
        match (self.threshold_mode, mode) {
            (ThresholdMode::Relative, MonitorMode::Min) => value < best * (1.0 - self.threshold),
            (ThresholdMode::Relative, MonitorMode::Max) => value > best * (1.0 + self.threshold),
            (ThresholdMode::Absolute, mode) => mode.improves(value, best, self.threshold),
        }
    }
}

/// What a plateau schedule has counted. In checkpoints of format 2, every schedule has these fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// The rate now.
    current: f64,
    /// Best value so far; `None` before the first validation.
    #[serde(default)]
    best: Option<f64>,
    #[serde(default)]
    bad_validations: u64,
    #[serde(default)]
    cooldown_left: u64,
}

impl Counted {
    pub(super) const fn from_rate(current: f64) -> Self {
        Self { current, best: None, bad_validations: 0, cooldown_left: 0 }
    }
}

/// The rate falls when a value has stopped improving.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plateau {
    config: PlateauConfig,
    counted: Counted,
}

impl Plateau {
    pub(super) const fn new(config: PlateauConfig, rate: f64) -> Self {
        Self { config, counted: Counted::from_rate(rate) }
    }
}

impl Schedule for Plateau {
    fn rate(&self, _at: &Progress) -> f64 {
        self.counted.current
    }

    fn on_validation(&mut self, validation: &ValidationResult<'_>) {
        let Self { config, counted } = self;
        let value = validation.value(&config.monitor);
        let mode = validation.mode(&config.monitor, config.mode);
        // What is not finite is no improvement, and must not become the value to beat: a checkpoint cannot hold it.
        if value.is_finite() && counted.best.is_none_or(|best| config.improves(mode, value, best)) {
            counted.best = Some(value);
            counted.bad_validations = 0;
        } else {
            counted.bad_validations += 1;
        }
        if counted.cooldown_left > 0 {
            counted.cooldown_left -= 1;
            counted.bad_validations = 0;
        }
        if counted.bad_validations <= config.patience {
            return;
        }
        counted.cooldown_left = config.cooldown;
        counted.bad_validations = 0;
        let new = (counted.current * config.factor).max(config.min_learning_rate);
        if counted.current - new > config.epsilon {
            counted.current = new;
        }
    }

    fn depends_on_total_steps(&self) -> bool {
        false
    }

    fn rescale(&mut self, factor: f64) {
        self.counted.current *= factor;
    }

    fn state(&self) -> Value {
        // Numbers can always be written as JSON.
        serde_json::to_value(&self.counted).unwrap_or_default()
    }

    fn restore(&mut self, state: &Value) -> Result<(), String> {
        self.counted = Counted::deserialize(state).map_err(|error| error.to_string())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Monitored;

    #[test]
    fn a_loss_that_is_not_a_number_is_never_the_one_to_beat() {
        let config = PlateauConfig { patience: 0, factor: 0.5, ..PlateauConfig::default() };
        let mut schedule = Plateau::new(config, 1.0);
        let monitored = Monitored::default();
        let mut rate_after = |loss| {
            let (metrics, monitored) = (&[][..], &monitored);
            let mode_of = |_: &str| None;
            schedule.on_validation(&ValidationResult { step: 1, loss, score: 0.0, metrics, monitored, mode_of });
            schedule.counted.current
        };
        let losses = [f64::NAN, 0.7, 0.6, f64::NAN, f64::NEG_INFINITY];
        assert_eq!(losses.map(&mut rate_after), [0.5, 0.5, 0.5, 0.25, 0.125]);
        assert_eq!(schedule.counted.best, Some(0.6));
    }

    #[test]
    fn a_metric_by_name_is_watched_the_way_it_says_it_is_better() {
        let plateau = |monitor: &str, mode| {
            let config =
                PlateauConfig { monitor: monitor.into(), mode, patience: 0, factor: 0.5, ..PlateauConfig::default() };
            Plateau::new(config, 1.0)
        };
        let rates = |mut schedule: Plateau, monitored: Monitored| {
            [1.0, 2.0].map(|value| {
                let metrics = &[("mae".to_owned(), value), ("accuracy".to_owned(), value)];
                let mode_of = |name: &str| (name == "accuracy").then_some(MonitorMode::Max);
                let monitored = &monitored;
                schedule.on_validation(&ValidationResult {
                    step: 1,
                    loss: 0.5,
                    score: 0.5,
                    metrics,
                    monitored,
                    mode_of,
                });
                schedule.counted.current
            })
        };
        let score = Monitored::default;
        assert_eq!(rates(plateau("mae", Some(MonitorMode::Min)), score()), [1.0, 0.5]);
        assert_eq!(rates(plateau("accuracy", None), score()), [1.0, 1.0]);
        let mae = Monitored { monitor: "mae".into(), mode: MonitorMode::Min };
        assert_eq!(rates(plateau("best", None), mae.clone()), [1.0, 0.5]);
        assert_eq!(rates(plateau("mae", None), mae), [1.0, 0.5]);
        assert_eq!(rates(plateau("missing", None), score()), [0.5, 0.25]);
    }
}
