use serde::{Deserialize, Serialize};

use crate::{Result, TrainError};

/// AdamW (Loshchilov & Hutter 2019), step by step what `torch.optim.AdamW` does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdamWConfig {
    /// Step size at the start of the run; the schedule changes it from there.
    pub learning_rate: f64,
    /// Decay of the mean gradient.
    pub beta1: f64,
    /// Decay of the mean squared gradient.
    pub beta2: f64,
    /// Added to the denominator.
    pub epsilon: f64,
    /// Decay of the weights per step, in units of the learning rate; every parameter decays.
    pub weight_decay: f64,
    /// Largest norm of *all* gradients together; larger ones are scaled down. 0 means no limit.
    pub clip_norm: f64,
}

impl Default for AdamWConfig {
    fn default() -> Self {
        Self { learning_rate: 1e-3, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weight_decay: 0.01, clip_norm: 1.0 }
    }
}

impl AdamWConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an impossible value.
    pub fn validate(&self) -> Result<()> {
        let check = |field, value: f64, good: bool, expected| {
            if good { Ok(()) } else { Err(TrainError::Config { field, found: value.to_string(), expected }) }
        };
        let rate = self.learning_rate;
        check("learning_rate", rate, rate.is_finite() && rate > 0.0, "a positive number")?;
        check("beta1", self.beta1, (0.0..1.0).contains(&self.beta1), "at least 0 and below 1")?;
        check("beta2", self.beta2, (0.0..1.0).contains(&self.beta2), "at least 0 and below 1")?;
        check("epsilon", self.epsilon, self.epsilon.is_finite() && self.epsilon >= 0.0, "0 or more")?;
        let decay = self.weight_decay;
        check("weight_decay", decay, decay.is_finite() && decay >= 0.0, "0 or more")?;
        check("clip_norm", self.clip_norm, self.clip_norm.is_finite() && self.clip_norm >= 0.0, "0 or more")
    }
}
