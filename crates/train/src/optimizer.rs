use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{DType, Device, Tensor, TensorData};
use drivetrain_kernels as kernels;
use drivetrain_nn::{Gradients, NamedTensor, RowGradient, StateDict};
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

    /// One step of size `learning_rate` on every parameter of `model` that has a gradient: those of `loss.backward()` or
    /// of [`drivetrain_nn::backward`]. Gives the model and the global gradient norm before clipping.
    ///
    /// On a CPU the weights change in place where nothing else refers to them: a clone of the model costs a copy.
    pub fn step<M: Module>(&mut self, model: M, gradients: impl Into<Gradients>, learning_rate: f64) -> (M, f64) {
        let gradients = gradients.into();
        let norm = GradientNorms::of(&model, &gradients).total;
        (self.apply(model, gradients, norm, learning_rate), norm)
    }

    /// The same for gradients whose norm is known already: the total of [`GradientNorms::of`].
    pub fn apply<M: Module>(&mut self, model: M, mut gradients: Gradients, norm: f64, learning_rate: f64) -> M {
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
        model.map(&mut update)
    }

    /// Checks that the running means are of the parameters of `model`.
    ///
    /// # Errors
    /// Says which are not.
    pub fn check<M: Module>(&self, model: &M) -> std::result::Result<(), String> {
        let mut misfit = Misfit { moments: &self.moments, path: Vec::new(), found: None, known: 0 };
        model.visit(&mut misfit);
        match misfit.found {
            Some(problem) => Err(problem),
            None if misfit.known < self.moments.len() => {
                Err("it has running means of parameters that are not there".into())
            }
            None => Ok(()),
        }
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

/// Finds a parameter whose running means have another size.
struct Misfit<'a> {
    moments: &'a BTreeMap<String, Moments>,
    path: Vec<String>,
    found: Option<String>,
    known: usize,
}

impl ModuleVisitor for Misfit<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let path = self.path.join(".");
        // A parameter that never had a gradient has none.
        let Some(moments) = self.moments.get(&path) else { return };
        self.known += 1;
        let expected = param.lazy_shape().num_elements();
        let sizes = [&moments.exp_avg_n, &moments.exp_avg_sq_n].map(|tensor| tensor.dims()[0]);
        if sizes.iter().any(|size| *size != expected) {
            self.found.get_or_insert(format!("`{path}` has {sizes:?} running means, expected {expected} of each kind"));
        }
    }
}

/// How large the gradients of a model are, before clipping.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GradientNorms {
    /// Of all together.
    pub total: f64,
    /// Of the model's components, in its order: `embedding`, `encoder.layers.0`, …, `head`.
    pub components: Vec<(String, f64)>,
}

impl GradientNorms {
    /// The norms of all gradients of `model`'s parameters.
    #[must_use]
    pub fn of<M: Module>(model: &M, gradients: &Gradients) -> Self {
        let mut squares = SumOfSquares { gradients, total: 0.0, components: Vec::new(), path: Vec::new() };
        model.visit(&mut squares);
        let components = squares.components.into_iter().map(|(name, sum)| (name, sum.sqrt())).collect();
        Self { total: squares.total.sqrt(), components }
    }
}

/// The component that a parameter belongs to: the first part of its path, or the numbered one in it.
fn component(path: &[String]) -> &[String] {
    let numbered = path.iter().position(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    &path[..numbered.map_or(1, |at| at + 1).min(path.len())]
}

/// Σ g² over all gradients, in a fixed order.
struct SumOfSquares<'a> {
    gradients: &'a Gradients,
    total: f64,
    components: Vec<(String, f64)>,
    path: Vec<String>,
}

impl ModuleVisitor for SumOfSquares<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let mut sum = 0.0;
        let mut add = |values: &[f32]| sum = kernels::sum_of_squares(values);
        match (param.val().grad(&self.gradients.dense), self.gradients.rows(param.id)) {
            (None, None) => {}
            (None, Some(rows)) => add(&rows.values),
            (Some(dense), None) => add(dense.into_data_as::<f32>().as_slice().unwrap_or_default()),
            (Some(dense), Some(rows)) => add(dense_sum(dense, rows).as_slice().unwrap_or_default()),
        }
        self.total += sum;
        let component = component(&self.path).join(".");
        match self.components.last_mut() {
            Some((name, of_component)) if *name == component => *of_component += sum,
            _ => self.components.push((component, sum)),
        }
    }
}

/// The gradients themselves, named and shaped like the weights; zeros where a parameter has none.
#[must_use]
pub fn gradient_state<M: Module>(model: &M, gradients: &Gradients) -> StateDict {
    // A model whose weights are the gradients knows their names.
    StateDict::of(&model.clone().map(&mut InPlaceOfWeights(gradients)))
}

struct InPlaceOfWeights<'a>(&'a Gradients);

impl ModuleMapper for InPlaceOfWeights<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, weight, mapper) = param.consume();
        let mut sum = match weight.grad(&self.0.dense) {
            Some(dense) => dense.into_data_as::<f32>(),
            None => TensorData::zeros::<f32, _>(weight.dims()),
        };
        if let Some(rows) = self.0.rows(id) {
            rows.add_to(sum.as_mut_slice().unwrap_or_default());
        }
        Param::from_mapped_value(id, Tensor::from_data(sum, &weight.device()), mapper)
    }
}

/// The whole gradient of a table that was used by row and in other ways.
fn dense_sum<const D: usize>(dense: Tensor<D>, rows: &RowGradient) -> TensorData {
    let mut sum = dense.into_data_as::<f32>();
    rows.add_to(sum.as_mut_slice().unwrap_or_default());
    sum
}

/// The gradient of one parameter, flat.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, on the stack")]
enum Gradient<'a> {
    Dense(Tensor<1>),
    Rows(&'a RowGradient),
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

impl Update<'_> {
    /// On the host, in one pass over memory.
    fn in_one_pass(&self, weight: Tensor<1>, gradient: Gradient<'_>, moments: Moments) -> (Tensor<1>, Moments) {
        let AdamWConfig { beta1, beta2, epsilon, weight_decay, .. } = *self.config;
        let t = self.step as f64;
        let step = kernels::AdamWStep {
            gradient_scale: self.scale as f32,
            beta1: beta1 as f32,
            new1: (1.0 - beta1) as f32,
            beta2: beta2 as f32,
            new2: (1.0 - beta2) as f32,
            root_correction2: (1.0 - beta2.powf(t)).sqrt() as f32,
            epsilon: epsilon as f32,
            decay: (1.0 - self.learning_rate * weight_decay) as f32,
            rate: (self.learning_rate / (1.0 - beta1.powf(t))) as f32,
        };
        let device = weight.device();
        let [mut weight_n, mut exp_avg_n, mut exp_avg_sq_n] =
            [weight, moments.exp_avg_n, moments.exp_avg_sq_n].map(Tensor::into_data_as::<f32>);
        let [weight, exp_avg, exp_avg_sq] =
            [&mut weight_n, &mut exp_avg_n, &mut exp_avg_sq_n].map(|data| data.as_mut_slice().unwrap_or_default());
        match gradient {
            Gradient::Rows(gradient) => kernels::adamw_rows(&step, weight, gradient, exp_avg, exp_avg_sq),
            Gradient::Dense(gradient_n) => {
                let gradient_n = gradient_n.into_data_as::<f32>();
                kernels::adamw(&step, weight, gradient_n.as_slice().unwrap_or_default(), exp_avg, exp_avg_sq);
            }
        }
        let tensor = |data| Tensor::from_data(data, &device);
        (tensor(weight_n), Moments { exp_avg_n: tensor(exp_avg_n), exp_avg_sq_n: tensor(exp_avg_sq_n) })
    }

    /// The same in the device's own operations.
    fn on_device(&self, weight_n: Tensor<1>, gradient_n: Tensor<1>, moments: Moments) -> (Tensor<1>, Moments) {
        let AdamWConfig { beta1, beta2, epsilon, weight_decay, .. } = *self.config;
        let gradient_n = gradient_n.mul_scalar(self.scale);
        let squared_n = gradient_n.clone() * gradient_n.clone();
        let exp_avg_n = moments.exp_avg_n.mul_scalar(beta1) + gradient_n.mul_scalar(1.0 - beta1);
        let exp_avg_sq_n = moments.exp_avg_sq_n.mul_scalar(beta2) + squared_n.mul_scalar(1.0 - beta2);
        let t = self.step as f64;
        let (correction1, correction2) = (1.0 - beta1.powf(t), 1.0 - beta2.powf(t));
        let denominator_n = exp_avg_sq_n.clone().sqrt().div_scalar(correction2.sqrt()).add_scalar(epsilon);
        let change_n = (exp_avg_n.clone() / denominator_n).mul_scalar(self.learning_rate / correction1);
        let weight_n = weight_n.mul_scalar(1.0 - self.learning_rate * weight_decay) - change_n;
        (weight_n, Moments { exp_avg_n, exp_avg_sq_n })
    }
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
        let (shape, require_grad) = (weight.shape(), weight.is_require_grad());
        let n = shape.num_elements();
        let gradient = match (weight.grad_remove(&mut self.gradients.dense), self.gradients.rows(id)) {
            (None, None) => return Param::from_mapped_value(id, weight, mapper),
            (None, Some(rows)) => Gradient::Rows(rows),
            (Some(dense), None) => Gradient::Dense(dense.reshape([n])),
            (Some(dense), Some(rows)) => {
                let device = dense.device();
                Gradient::Dense(Tensor::<D>::from_data(dense_sum(dense, rows), &device).reshape([n]))
            }
        };
        let weight_n = weight.inner().reshape([n]);
        let moments = self.moments.remove(&self.path.join(".")).unwrap_or_else(|| {
            let zeros_n = Tensor::zeros([n], &weight_n.device());
            Moments { exp_avg_n: zeros_n.clone(), exp_avg_sq_n: zeros_n }
        });
        let on_host = weight_n.device() == Device::flex() && weight_n.dtype() == DType::F32;
        let (weight_n, moments) = match gradient {
            Gradient::Dense(gradient_n) if !on_host => self.on_device(weight_n, gradient_n, moments),
            // Gradients by row come from the kernels, so the table is on the host.
            gradient => self.in_one_pass(weight_n, gradient, moments),
        };
        self.moments.insert(self.path.join("."), moments);
        let weight = Tensor::<D>::from_inner(weight_n.reshape(shape));
        let weight = if require_grad { weight.require_grad() } else { weight };
        Param::from_mapped_value(id, weight, mapper)
    }
}

#[cfg(test)]
mod tests {
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
        let config = AdamWConfig::default();
        let update = Update {
            gradients: &mut Tensor::<1>::ones([1], &Device::flex().autodiff()).require_grad().backward().into(),
            moments: &mut BTreeMap::new(),
            config: &config,
            step: 3,
            learning_rate: 1e-2,
            scale: 0.7,
            path: Vec::new(),
        };
        let moments = || Moments { exp_avg_n: normal("exp_avg"), exp_avg_sq_n: normal("exp_avg_sq").abs() };
        let (weight, after) = update.in_one_pass(normal("weight"), Gradient::Dense(normal("gradient")), moments());
        let (expected, expected_after) = update.on_device(normal("weight"), normal("gradient"), moments());
        for (found, expected) in [
            (weight, expected),
            (after.exp_avg_n, expected_after.exp_avg_n),
            (after.exp_avg_sq_n, expected_after.exp_avg_sq_n),
        ] {
            let (found, expected) = (found.into_data_as::<f32>(), expected.into_data_as::<f32>());
            for (found, expected) in found.as_slice::<f32>().unwrap().iter().zip(expected.as_slice::<f32>().unwrap()) {
                assert!((found - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{found}, not {expected}");
            }
        }
    }
}
