use burn::module::Param;
use burn::tensor::{DType, Device, Tensor, TensorData};
use drivetrain_kernels as kernels;
use drivetrain_nn::{Gradients, ParamMapper, ParamPath, RowGradient};

use super::AdamWConfig;
use super::state::{AdamWState, Moments};

/// The gradient of one parameter, flat.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, on the stack")]
enum Gradient<'a> {
    Dense(Tensor<1>),
    Rows(&'a RowGradient),
}

/// One step of AdamW, parameter by parameter.
pub(super) struct Update<'a> {
    pub(super) gradients: &'a mut Gradients,
    /// Its step is counted already.
    pub(super) state: &'a mut AdamWState,
    pub(super) config: &'a AdamWConfig,
    pub(super) learning_rate: f64,
    /// What clipping multiplies every gradient by.
    pub(super) clip_factor: f64,
}

impl Update<'_> {
    /// On the host, in one pass over memory.
    fn in_one_pass(&self, weight: Tensor<1>, gradient: Gradient<'_>, moments: Moments) -> (Tensor<1>, Moments) {
        let AdamWConfig { beta1, beta2, epsilon, weight_decay, .. } = *self.config;
        let t = self.state.step as f64;
        let step = kernels::AdamWStep {
            gradient_scale: self.clip_factor as f32,
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
        let gradient_n = gradient_n.mul_scalar(self.clip_factor);
        let squared_n = gradient_n.clone() * gradient_n.clone();
        let exp_avg_n = moments.exp_avg_n.mul_scalar(beta1) + gradient_n.mul_scalar(1.0 - beta1);
        let exp_avg_sq_n = moments.exp_avg_sq_n.mul_scalar(beta2) + squared_n.mul_scalar(1.0 - beta2);
        let t = self.state.step as f64;
        let (correction1, correction2) = (1.0 - beta1.powf(t), 1.0 - beta2.powf(t));
        let denominator_n = exp_avg_sq_n.clone().sqrt().div_scalar(correction2.sqrt()).add_scalar(epsilon);
        let change_n = (exp_avg_n.clone() / denominator_n).mul_scalar(self.learning_rate / correction1);
        let weight_n = weight_n.mul_scalar(1.0 - self.learning_rate * weight_decay) - change_n;
        (weight_n, Moments { exp_avg_n, exp_avg_sq_n })
    }
}

impl ParamMapper for Update<'_> {
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, weight, mapper) = param.consume();
        let (shape, require_grad) = (weight.shape(), weight.is_require_grad());
        let n = shape.num_elements();
        let gradient = match (weight.grad_remove(&mut self.gradients.dense), self.gradients.rows(id)) {
            (None, None) => return Param::from_mapped_value(id, weight, mapper),
            (None, Some(rows)) => Gradient::Rows(rows),
            (Some(dense), None) => Gradient::Dense(dense.reshape([n])),
            (Some(dense), Some(rows)) => Gradient::Dense(with_rows(dense, rows).reshape([n])),
        };
        let weight_n = weight.inner().reshape([n]);
        let moments = self.state.moments.remove(path.as_str());
        let moments = moments.unwrap_or_else(|| Moments::zeros(n, &weight_n.device()));
        let on_host = weight_n.device() == Device::flex() && weight_n.dtype() == DType::F32;
        let (weight_n, moments) = match gradient {
            Gradient::Dense(gradient_n) if !on_host => self.on_device(weight_n, gradient_n, moments),
            // Gradients by row come from the kernels, so the table is on the host.
            gradient => self.in_one_pass(weight_n, gradient, moments),
        };
        self.state.moments.insert(path.as_str().to_owned(), moments);
        let weight = Tensor::<D>::from_inner(weight_n.reshape(shape));
        let weight = if require_grad { weight.require_grad() } else { weight };
        Param::from_mapped_value(id, weight, mapper)
    }
}

/// The whole gradient of a table that was used by row and in other ways.
fn with_rows<const D: usize>(dense: Tensor<D>, rows: &RowGradient) -> Tensor<D> {
    let device = dense.device();
    let mut sum: TensorData = dense.into_data_as::<f32>();
    rows.add_to(sum.as_mut_slice().unwrap_or_default());
    Tensor::from_data(sum, &device)
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
            state: &mut AdamWState { step: 3, ..AdamWState::default() },
            config: &config,
            learning_rate: 1e-2,
            clip_factor: 0.7,
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
