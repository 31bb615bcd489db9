use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use drivetrain_nn::{NamedTensor, StateDict};
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

/// Running means of one parameter's gradient, flat.
#[derive(Clone, Debug)]
struct Moments {
    exp_avg_n: Tensor<1>,
    exp_avg_sq_n: Tensor<1>,
}

/// The optimizer: its configuration, its step count, and two running means per parameter.
#[derive(Clone, Debug)]
pub struct AdamW {
    config: AdamWConfig,
    step: u64,
    moments: BTreeMap<String, Moments>,
}

impl AdamW {
    /// A fresh optimizer.
    #[must_use]
    pub const fn new(config: AdamWConfig) -> Self {
        Self { config, step: 0, moments: BTreeMap::new() }
    }

    /// One step of size `learning_rate` on every parameter of `model` that has a gradient. Gives the model and the
    /// global gradient norm before clipping.
    pub fn step<M: Module>(&mut self, model: M, mut gradients: Gradients, learning_rate: f64) -> (M, f64) {
        let mut squares = SumOfSquares { gradients: &gradients, total: 0.0 };
        model.visit(&mut squares);
        let norm = squares.total.sqrt();
        // As in torch.nn.utils.clip_grad_norm_.
        let scale = match self.config.clip_norm {
            0.0 => 1.0,
            limit => (limit / (norm + 1e-6)).min(1.0),
        };
        self.step += 1;
        let mut update = Update {
            gradients: &mut gradients,
            moments: &mut self.moments,
            config: &self.config,
            step: self.step,
            learning_rate,
            scale,
            path: Vec::new(),
        };
        (model.map(&mut update), norm)
    }

    /// The number of steps taken.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.step
    }

    /// The running means as named flat tensors, `exp_avg.PATH` and `exp_avg_sq.PATH`.
    #[must_use]
    pub fn state(&self) -> StateDict {
        let mut state = StateDict::default();
        for (path, moments) in &self.moments {
            for (kind, tensor) in [("exp_avg", &moments.exp_avg_n), ("exp_avg_sq", &moments.exp_avg_sq_n)] {
                let data = tensor.to_data_as::<f32>();
                let values = data.as_slice::<f32>().map(<[f32]>::to_vec).unwrap_or_default();
                let named = NamedTensor { shape: vec![values.len()], values };
                state.tensors.insert(format!("{kind}.{path}"), named);
            }
        }
        state
    }

    /// An optimizer that goes on after `step` steps with these running means, on `device`.
    ///
    /// # Errors
    /// Says which tensor is missing or unknown.
    pub fn restore(
        config: AdamWConfig,
        step: u64,
        state: StateDict,
        device: &Device,
    ) -> std::result::Result<Self, String> {
        let device = device.clone().inner();
        let mut tensors = state.tensors;
        let mut moments = BTreeMap::new();
        let paths: Vec<String> =
            tensors.keys().filter_map(|name| name.strip_prefix("exp_avg.")).map(str::to_owned).collect();
        for path in paths {
            let mut take = |kind: &str| {
                let name = format!("{kind}.{path}");
                let tensor = tensors.remove(&name).ok_or(format!("the optimizer's state holds no `{name}`"))?;
                let n = tensor.values.len();
                Ok::<_, String>(Tensor::from_data(TensorData::new(tensor.values, [n]), &device))
            };
            let (exp_avg_n, exp_avg_sq_n) = (take("exp_avg")?, take("exp_avg_sq")?);
            moments.insert(path, Moments { exp_avg_n, exp_avg_sq_n });
        }
        match tensors.into_keys().next() {
            Some(name) => Err(format!("the optimizer's state holds an unknown tensor `{name}`")),
            None => Ok(Self { config, step, moments }),
        }
    }
}

/// Σ g² over all gradients, in a fixed order: rows first, then in double precision on the host.
struct SumOfSquares<'a> {
    gradients: &'a Gradients,
    total: f64,
}

impl ModuleVisitor for SumOfSquares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = param.val().grad(self.gradients) else { return };
        let shape = gradient.shape();
        let width = shape.as_slice().last().copied().unwrap_or(1).max(1);
        let rows_nw: Tensor<2> = gradient.reshape([shape.num_elements() / width, width]);
        let sums = (rows_nw.clone() * rows_nw).sum_dim(1).into_data_as::<f32>();
        self.total += sums.as_slice::<f32>().unwrap_or_default().iter().map(|&sum| f64::from(sum)).sum::<f64>();
    }
}

struct Update<'a> {
    gradients: &'a mut Gradients,
    moments: &'a mut BTreeMap<String, Moments>,
    config: &'a AdamWConfig,
    step: u64,
    learning_rate: f64,
    /// What clipping multiplies every gradient by.
    scale: f64,
    path: Vec<String>,
}

impl ModuleMapper for Update<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, weight, mapper) = param.consume();
        let Some(gradient) = weight.grad_remove(self.gradients) else {
            return Param::from_mapped_value(id, weight, mapper);
        };
        let (shape, require_grad) = (weight.shape(), weight.is_require_grad());
        let n = shape.num_elements();
        let weight_n: Tensor<1> = weight.inner().reshape([n]);
        let gradient_n: Tensor<1> = gradient.reshape([n]).mul_scalar(self.scale);

        let AdamWConfig { beta1, beta2, epsilon, weight_decay, .. } = *self.config;
        let squared_n = gradient_n.clone() * gradient_n.clone();
        let (exp_avg_n, exp_avg_sq_n) = match self.moments.remove(&self.path.join(".")) {
            Some(old) => (
                old.exp_avg_n.mul_scalar(beta1) + gradient_n.mul_scalar(1.0 - beta1),
                old.exp_avg_sq_n.mul_scalar(beta2) + squared_n.mul_scalar(1.0 - beta2),
            ),
            None => (gradient_n.mul_scalar(1.0 - beta1), squared_n.mul_scalar(1.0 - beta2)),
        };

        let t = self.step as f64;
        let (correction1, correction2) = (1.0 - beta1.powf(t), 1.0 - beta2.powf(t));
        let denominator_n = exp_avg_sq_n.clone().sqrt().div_scalar(correction2.sqrt()).add_scalar(epsilon);
        let change_n = (exp_avg_n.clone() / denominator_n).mul_scalar(self.learning_rate / correction1);
        let weight_n = weight_n.mul_scalar(1.0 - self.learning_rate * weight_decay) - change_n;

        self.moments.insert(self.path.join("."), Moments { exp_avg_n, exp_avg_sq_n });
        let weight = Tensor::<D>::from_inner(weight_n.reshape(shape));
        let weight = if require_grad { weight.require_grad() } else { weight };
        Param::from_mapped_value(id, weight, mapper)
    }
}
