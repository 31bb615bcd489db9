use serde::{Deserialize, Deserializer, Serialize};

use crate::Result;
use crate::config_value::require;

/// The dropout schedule: the probability rises when the model overfits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DropoutConfig {
    /// The probability at the start.
    pub initial: f64,
    /// What the probability is multiplied by when it rises.
    pub factor: f64,
    /// The maximum of the probability. If it equals `initial`, the probability never changes.
    pub max: f64,
    /// The number of validations over which the trends of both losses are measured; at least 2.
    pub window: usize,
    /// The number of validations after a change that are ignored.
    pub cooldown: u64,
}

impl Default for DropoutConfig {
    fn default() -> Self {
        Self { initial: 0.1, factor: 1.25, max: 0.2, window: 3, cooldown: 2 }
    }
}

impl DropoutConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        let Self { initial, factor, max, window, .. } = *self;
        require("initial", initial, (0.0..1.0).contains(&initial), "at least 0 and below 1")?;
        require("max", max, (initial..1.0).contains(&max), "at least `initial` and below 1")?;
        require("factor", factor, factor >= 1.0 && factor.is_finite(), "1 or more")?;
        require("window", window, window >= 2, "at least 2")
    }
}

/// The schedule and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DropoutScheduler {
    config: DropoutConfig,
    current: f64,
    /// (training loss, validation loss) of the last validations since the last change.
    #[serde(deserialize_with = "finite_pairs")]
    recent: Vec<(f64, f64)>,
    cooldown_left: u64,
}

/// Earlier versions stored losses that are not finite, which JSON writes as `null`. Such pairs have no trend, and are dropped.
fn finite_pairs<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<(f64, f64)>, D::Error> {
    let pairs = Vec::<(Option<f64>, Option<f64>)>::deserialize(deserializer)?;
    Ok(pairs.into_iter().filter_map(|(train, validation)| train.zip(validation)).collect())
}

impl DropoutScheduler {
    /// A schedule that starts at `config.initial`.
    #[must_use]
    pub const fn new(config: DropoutConfig) -> Self {
        let current = config.initial;
        Self { config, current, recent: Vec::new(), cooldown_left: 0 }
    }

    /// Continues under another configuration: the recent losses are kept; if the initial probability has changed, the schedule
    /// starts again from it.
    pub fn reconfigure(&mut self, config: &DropoutConfig) {
        if config.initial.to_bits() != self.config.initial.to_bits() {
            self.current = config.initial;
        }
        self.config = config.clone();
    }

    /// The probability now.
    #[must_use]
    pub const fn current(&self) -> f64 {
        self.current
    }

    /// Takes a validation into account: if, over the window, the training loss falls and the validation loss rises (by the slopes
    /// of their least-squares lines), the probability goes up. Returns (old, new) if it changes. A validation whose losses are not
    /// finite has no trend, and is ignored.
    pub fn on_validation(&mut self, train_loss: f64, validation_loss: f64) -> Option<(f64, f64)> {
        if self.cooldown_left > 0 {
            self.cooldown_left -= 1;
            return None;
        }
        if !(train_loss.is_finite() && validation_loss.is_finite()) {
            return None;
        }
        self.recent.push((train_loss, validation_loss));
        if self.recent.len() > self.config.window {
            self.recent.remove(0);
        }
        if self.recent.len() < self.config.window {
            return None;
        }
        let falls = slope(self.recent.iter().map(|pair| pair.0)) < 0.0;
        let rises = slope(self.recent.iter().map(|pair| pair.1)) > 0.0;
        let (old, new) = (self.current, (self.current * self.config.factor).min(self.config.max));
        if !(falls && rises && new > old) {
            return None;
        }
        self.current = new;
        self.recent.clear();
        self.cooldown_left = self.config.cooldown;
        Some((old, new))
    }
}

/// Sign and scale of the least-squares slope over equally spaced values: Σ (i − mean i) · yᵢ.
fn slope(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let middle = (values.len() as f64 - 1.0) / 2.0;
    values.enumerate().map(|(i, value)| (i as f64 - middle) * value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(config: DropoutConfig, losses: &[(f64, f64)]) -> Vec<f64> {
        let mut scheduler = DropoutScheduler::new(config);
        losses
            .iter()
            .map(|&(train, validation)| {
                scheduler.on_validation(train, validation);
                scheduler.current()
            })
            .collect()
    }

    #[test]
    fn it_rises_on_overfitting_up_to_its_maximum_and_rests_in_between() {
        let config = DropoutConfig { initial: 0.1, factor: 1.5, max: 0.2, window: 2, cooldown: 1 };
        let overfitting: Vec<_> = (0..9).map(|i| (1.0 - 0.1 * f64::from(i), 0.5 + 0.1 * f64::from(i))).collect();
        let found = run(config, &overfitting);
        // Two validations fill the window; one rests; two fill it again, and 0.15 · 1.5 is capped at 0.2.
        let expected = [0.1, 0.15, 0.15, 0.15, 0.2, 0.2, 0.2, 0.2, 0.2];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn losses_that_are_not_finite_have_no_trend() {
        let config = DropoutConfig { initial: 0.1, factor: 1.5, max: 0.4, window: 2, cooldown: 0 };
        let losses = [(1.0, 0.5), (0.9, f64::NAN), (f64::INFINITY, 0.6), (0.8, 0.7)];
        assert_eq!(run(config.clone(), &losses)[..3], [0.1; 3]);
        assert!((run(config, &losses)[3] - 0.15).abs() < 1e-12);
    }

    #[test]
    fn it_stays_while_both_fall_or_both_rise() {
        let config = DropoutConfig { window: 2, ..DropoutConfig::default() };
        assert_eq!(run(config.clone(), &[(1.0, 1.0), (0.9, 0.9), (0.8, 0.8)]), [0.1; 3]);
        assert_eq!(run(config, &[(1.0, 1.0), (1.1, 1.1), (1.2, 1.2)]), [0.1; 3]);
    }
}
