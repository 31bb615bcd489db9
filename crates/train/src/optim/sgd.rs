//! Stochastic gradient descent with momentum, computed step by step as in `torch.optim.SGD`.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::common::Common;
use super::gradient::Gradient;
use super::optimizer::{Optimizer, ParamStep};
use super::param_state::ParamState;
use crate::Result;
use crate::config_value::{require, require_decay};

/// The configuration of [`Sgd`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SgdConfig {
    /// The base learning rate: the peak of the built-in schedules.
    pub learning_rate: f64,
    /// The share of the momentum that is kept at each step; 0 means no momentum.
    pub momentum: f64,
    /// The share by which the gradient is reduced before it is added to the momentum.
    pub dampening: f64,
    /// Whether to use Nesterov momentum; this requires a momentum and no dampening.
    pub nesterov: bool,
    /// Multiplied by the weights and added to the gradient (L2 penalty), as in PyTorch. Unlike AdamW's weight decay, it therefore
    /// enters the momentum.
    pub weight_decay: f64,
    /// The maximum norm of *all* gradients together; gradients with a larger norm are scaled down. 0 means no limit.
    pub clip_norm: f64,
}

impl Default for SgdConfig {
    fn default() -> Self {
        Self { learning_rate: 0.1, momentum: 0.0, dampening: 0.0, nesterov: false, weight_decay: 0.0, clip_norm: 1.0 }
    }
}

impl SgdConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        require_decay("momentum", self.momentum)?;
        require("dampening", self.dampening, (0.0..=1.0).contains(&self.dampening), "between 0 and 1")?;
        let may_look_ahead = self.momentum != 0.0 && self.dampening == 0.0;
        let expected = "false unless `momentum` is above 0 and `dampening` is 0";
        require("nesterov", self.nesterov, may_look_ahead || !self.nesterov, expected)?;
        self.common().validate()
    }

    pub(super) const fn common(&self) -> Common {
        let Self { learning_rate, weight_decay, clip_norm, .. } = *self;
        Common { learning_rate, weight_decay, clip_norm }
    }
}

/// The optimizer SGD: with momentum, one running sum per parameter; without, no state.
#[derive(Clone, Debug)]
pub struct Sgd {
    config: SgdConfig,
}

const MOMENTUM: &str = "momentum_buffer";

impl Sgd {
    /// An optimizer with the momentum settings of `config`; learning rate and weight decay are passed with each step.
    #[must_use]
    pub const fn new(config: SgdConfig) -> Self {
        Self { config }
    }

    /// The direction of the step: the gradient, or that of its momentum.
    fn direction(&self, gradient_n: Tensor<1>, state: &mut ParamState) -> Tensor<1> {
        let SgdConfig { momentum, dampening, nesterov, .. } = self.config;
        if momentum == 0.0 {
            // A run that is resumed without momentum must not keep one for later.
            state.take(MOMENTUM);
            return gradient_n;
        }
        let momentum_n = match state.take(MOMENTUM) {
            Some(momentum_n) => momentum_n.mul_scalar(momentum) + gradient_n.clone().mul_scalar(1.0 - dampening),
            // The first gradient is not dampened.
            None => gradient_n.clone(),
        };
        state.set(MOMENTUM, momentum_n.clone());
        if nesterov { gradient_n + momentum_n.mul_scalar(momentum) } else { momentum_n }
    }
}

impl Optimizer for Sgd {
    fn name(&self) -> &str {
        "sgd"
    }

    fn state_names(&self) -> &[&str] {
        &[MOMENTUM]
    }

    fn update(
        &mut self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        state: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1> {
        let gradient_n = match step.weight_decay {
            0.0 => gradient.dense(),
            decay => gradient.dense() + weight_n.clone().mul_scalar(decay),
        };
        weight_n - self.direction(gradient_n, state).mul_scalar(step.learning_rate)
    }
}
