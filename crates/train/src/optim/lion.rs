//! Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2).

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::common::Common;
use super::gradient::Gradient;
use super::optimizer::{Optimizer, ParamStep};
use super::param_state::ParamState;
use crate::Result;
use crate::config_value::require_decay;

/// The configuration of [`Lion`]. Its steps have the same size for all weights: the paper uses a learning rate 3 to 10 times
/// smaller than AdamW's, and a weight decay larger by the same factor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LionConfig {
    /// The base learning rate: the peak of the built-in schedules.
    pub learning_rate: f64,
    /// Share of the mean gradient in the direction of a step.
    pub beta1: f64,
    /// Decay of the mean gradient.
    pub beta2: f64,
    /// Decoupled weight decay: each step multiplies the weights by 1 − learning rate × this.
    pub weight_decay: f64,
    /// The maximum norm of *all* gradients together; gradients with a larger norm are scaled down. 0 means no limit.
    pub clip_norm: f64,
}

impl Default for LionConfig {
    fn default() -> Self {
        Self { learning_rate: 1e-4, beta1: 0.9, beta2: 0.99, weight_decay: 0.1, clip_norm: 1.0 }
    }
}

impl LionConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        require_decay("beta1", self.beta1)?;
        require_decay("beta2", self.beta2)?;
        self.common().validate()
    }

    pub(super) const fn common(&self) -> Common {
        let Self { learning_rate, weight_decay, clip_norm, .. } = *self;
        Common { learning_rate, weight_decay, clip_norm }
    }
}

/// The optimizer Lion: one running mean per parameter, `w ← w·(1 − rate·decay) − rate·sign(beta1·m + (1 − beta1)·g)`, then
/// `m ← beta2·m + (1 − beta2)·g`.
#[derive(Clone, Debug)]
pub struct Lion {
    config: LionConfig,
}

const EXP_AVG: &str = "exp_avg";

impl Lion {
    /// An optimizer with the betas of `config`; learning rate and weight decay are passed with each step.
    #[must_use]
    pub const fn new(config: LionConfig) -> Self {
        Self { config }
    }
}

impl Optimizer for Lion {
    fn name(&self) -> &str {
        "lion"
    }

    fn state_names(&self) -> &[&str] {
        &[EXP_AVG]
    }

    fn update(
        &mut self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        state: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1> {
        let LionConfig { beta1, beta2, .. } = self.config;
        let gradient_n = gradient.dense();
        let exp_avg_n = state.take(EXP_AVG).unwrap_or_else(|| gradient_n.zeros_like());
        let direction_n = exp_avg_n.clone().mul_scalar(beta1) + gradient_n.clone().mul_scalar(1.0 - beta1);
        state.set(EXP_AVG, exp_avg_n.mul_scalar(beta2) + gradient_n.mul_scalar(1.0 - beta2));
        let kept_n = weight_n.mul_scalar(1.0 - step.learning_rate * step.weight_decay);
        kept_n - direction_n.sign().mul_scalar(step.learning_rate)
    }
}
