//! AdamW (Loshchilov & Hutter 2019), computed step by step as in `torch.optim.AdamW`.

use burn::tensor::{DType, Device, Tensor};
use drivetrain_kernels as kernels;
use serde::{Deserialize, Serialize};

use super::common::Common;
use super::gradient::{Gradient, GradientValues};
use super::optimizer::{Optimizer, ParamStep};
use super::param_state::ParamState;
use crate::Result;
use crate::config_value::{require_decay, require_not_negative};

/// The configuration of [`AdamW`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdamWConfig {
    /// The base learning rate: the peak of the built-in schedules.
    pub learning_rate: f64,
    /// Decay of the mean gradient.
    pub beta1: f64,
    /// Decay of the mean squared gradient.
    pub beta2: f64,
    /// Added to the denominator.
    pub epsilon: f64,
    /// Decoupled weight decay: each step multiplies the weights by 1 − learning rate × this. It applies to every parameter, unless
    /// [`OptimizerConfig`](crate::OptimizerConfig) exempts it.
    pub weight_decay: f64,
    /// The maximum norm of *all* gradients together; gradients with a larger norm are scaled down. 0 means no limit.
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
    /// Names the first field with an invalid value.
    pub fn validate(&self) -> Result<()> {
        require_decay("beta1", self.beta1)?;
        require_decay("beta2", self.beta2)?;
        require_not_negative("epsilon", self.epsilon)?;
        self.common().validate()
    }

    pub(super) const fn common(&self) -> Common {
        let Self { learning_rate, weight_decay, clip_norm, .. } = *self;
        Common { learning_rate, weight_decay, clip_norm }
    }
}

/// The optimizer AdamW: two running means per parameter. On a CPU, it updates weights and means in one pass over memory, even if
/// the gradient is that of a token embedding and is given as sparse rows.
#[derive(Clone, Debug)]
pub struct AdamW {
    config: AdamWConfig,
}

const EXP_AVG: &str = "exp_avg";
const EXP_AVG_SQ: &str = "exp_avg_sq";

impl AdamW {
    /// An optimizer with the betas and the epsilon of `config`; learning rate and weight decay are passed with each step.
    #[must_use]
    pub const fn new(config: AdamWConfig) -> Self {
        Self { config }
    }

    /// On the host, in one pass over memory.
    fn in_one_pass(
        &self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        [exp_avg_n, exp_avg_sq_n]: [Tensor<1>; 2],
        step: &ParamStep<'_>,
    ) -> (Tensor<1>, [Tensor<1>; 2]) {
        let AdamWConfig { beta1, beta2, epsilon, .. } = self.config;
        let t = step.step as f64;
        let constants = kernels::AdamWStep {
            gradient_scale: gradient.scale as f32,
            beta1: beta1 as f32,
            new1: (1.0 - beta1) as f32,
            beta2: beta2 as f32,
            new2: (1.0 - beta2) as f32,
            root_correction2: (1.0 - beta2.powf(t)).sqrt() as f32,
            epsilon: epsilon as f32,
            decay: (1.0 - step.learning_rate * step.weight_decay) as f32,
            rate: (step.learning_rate / (1.0 - beta1.powf(t))) as f32,
        };
        let device = weight_n.device();
        let [mut weight_n, mut exp_avg_n, mut exp_avg_sq_n] =
            [weight_n, exp_avg_n, exp_avg_sq_n].map(Tensor::into_data_as::<f32>);
        let [weight, exp_avg, exp_avg_sq] =
            [&mut weight_n, &mut exp_avg_n, &mut exp_avg_sq_n].map(|data| data.as_mut_slice().unwrap_or_default());
        match gradient.values {
            GradientValues::Rows(rows) => kernels::adamw_rows(&constants, weight, rows, exp_avg, exp_avg_sq),
            GradientValues::Dense(gradient_n) => {
                let gradient_n = gradient_n.into_data_as::<f32>();
                kernels::adamw(&constants, weight, gradient_n.as_slice().unwrap_or_default(), exp_avg, exp_avg_sq);
            }
        }
        let tensor = |data| Tensor::from_data(data, &device);
        (tensor(weight_n), [tensor(exp_avg_n), tensor(exp_avg_sq_n)])
    }

    /// The same, with the device's own operations.
    fn on_device(
        &self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        [exp_avg_n, exp_avg_sq_n]: [Tensor<1>; 2],
        step: &ParamStep<'_>,
    ) -> (Tensor<1>, [Tensor<1>; 2]) {
        let AdamWConfig { beta1, beta2, epsilon, .. } = self.config;
        let gradient_n = gradient.dense();
        let squared_n = gradient_n.clone() * gradient_n.clone();
        let exp_avg_n = exp_avg_n.mul_scalar(beta1) + gradient_n.mul_scalar(1.0 - beta1);
        let exp_avg_sq_n = exp_avg_sq_n.mul_scalar(beta2) + squared_n.mul_scalar(1.0 - beta2);
        let t = step.step as f64;
        let (correction1, correction2) = (1.0 - beta1.powf(t), 1.0 - beta2.powf(t));
        let denominator_n = exp_avg_sq_n.clone().sqrt().div_scalar(correction2.sqrt()).add_scalar(epsilon);
        let change_n = (exp_avg_n.clone() / denominator_n).mul_scalar(step.learning_rate / correction1);
        let weight_n = weight_n.mul_scalar(1.0 - step.learning_rate * step.weight_decay) - change_n;
        (weight_n, [exp_avg_n, exp_avg_sq_n])
    }
}

impl Optimizer for AdamW {
    fn name(&self) -> &str {
        "adamw"
    }

    fn state_names(&self) -> &[&str] {
        &[EXP_AVG, EXP_AVG_SQ]
    }

    fn update(
        &mut self,
        weight_n: Tensor<1>,
        gradient: Gradient<'_>,
        state: &mut ParamState,
        step: &ParamStep<'_>,
    ) -> Tensor<1> {
        let zeros = || Tensor::zeros(weight_n.dims(), &weight_n.device());
        let moments = [EXP_AVG, EXP_AVG_SQ].map(|name| state.take(name).unwrap_or_else(zeros));
        let on_host = weight_n.device() == Device::flex() && weight_n.dtype() == DType::F32;
        let (weight_n, [exp_avg_n, exp_avg_sq_n]) = match gradient.values {
            GradientValues::Dense(_) if !on_host => self.on_device(weight_n, gradient, moments, step),
            // Sparse rows come from the kernels, so the token embedding is on the host.
            _ => self.in_one_pass(weight_n, gradient, moments, step),
        };
        state.set(EXP_AVG, exp_avg_n);
        state.set(EXP_AVG_SQ, exp_avg_sq_n);
        weight_n
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;
    use drivetrain_random::Random;

    use super::*;

    #[test]
    fn one_pass_equals_the_devices_operations() {
        let device = Device::flex();
        let normal = |purpose: &str| {
            let random = Random::new(1, purpose);
            let values: Vec<f32> = (0..40_000).map(|i| random.normal_f32(i)).collect();
            Tensor::<1>::from_data(TensorData::new(values, [40_000]), &device)
        };
        let adamw = AdamW::new(AdamWConfig::default());
        let gradient = || Gradient::of_dense(normal("gradient"), 0.7);
        let moments = || [normal("exp_avg"), normal("exp_avg_sq").abs()];
        let step = ParamStep { path: "", shape: &[40_000], step: 3, learning_rate: 1e-2, weight_decay: 0.01 };
        let (weight_n, moments_n) = adamw.in_one_pass(normal("weight"), gradient(), moments(), &step);
        let (expected_n, expected_moments_n) = adamw.on_device(normal("weight"), gradient(), moments(), &step);
        for (found, expected) in
            [weight_n].into_iter().chain(moments_n).zip([expected_n].into_iter().chain(expected_moments_n))
        {
            let (found, expected) = (found.into_data_as::<f32>(), expected.into_data_as::<f32>());
            for (found, expected) in found.as_slice::<f32>().unwrap().iter().zip(expected.as_slice::<f32>().unwrap()) {
                assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found}, not {expected}");
            }
        }
    }
}
