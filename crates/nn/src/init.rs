use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};
use drivetrain_random::Random;

/// Fills every parameter of `model` as a pure function of `seed`, the parameter's path and the element's index: the
/// same weights on any device, in any order.
///
/// Weights of a linear layer `[in, out]`: uniform in `±1/√in`, its bias likewise (PyTorch's defaults). Other matrices
/// (embeddings) and free vectors (`[CLS]`): normal with deviation `1/√width`. Norms: 1 and 0.
#[must_use]
pub fn initialise<M: Module>(model: M, seed: u64) -> M {
    model.map(&mut Initialiser { random: Random::new(seed, "init"), path: Vec::new(), fan_in: 0 })
}

struct Initialiser {
    random: Random,
    /// (field, type it is a field of), from the root down.
    path: Vec<(String, String)>,
    /// Inputs of the linear layer being filled; its weight comes before its bias.
    fan_in: usize,
}

impl ModuleMapper for Initialiser {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.push((name.to_owned(), container_type.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (field, container) = self.path.last().cloned().unwrap_or_default();
        let path = self.path.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(".");
        let random = path.bytes().fold(self.random, |random, byte| random.at(u64::from(byte)));

        let shape = param.lazy_shape();
        let n = shape.num_elements();
        let width = shape.as_slice().last().copied().unwrap_or(1);
        let uniform = |bound: f32| (0..n as u64).map(|i| (2.0 * random.unit_f32(i) - 1.0) * bound).collect();
        let values: Vec<f32> = match (container.as_str(), field.as_str()) {
            ("Struct:Linear", "weight") => {
                self.fan_in = shape.as_slice()[0];
                uniform(1.0 / (self.fan_in as f32).sqrt())
            }
            ("Struct:Linear", "bias") => uniform(1.0 / (self.fan_in.max(1) as f32).sqrt()),
            ("Struct:LayerNorm", "gamma") => vec![1.0; n],
            ("Struct:LayerNorm", "beta") => vec![0.0; n],
            _ => {
                let deviation = 1.0 / (width as f32).sqrt();
                (0..n as u64).map(|i| random.normal_f32(i) * deviation).collect()
            }
        };
        replace(param, TensorData::new(values, shape))
    }
}

/// The parameter with other values and everything else (identity, device, gradient tracking) kept.
pub(crate) fn replace<const D: usize>(param: Param<Tensor<D>>, data: TensorData) -> Param<Tensor<D>> {
    let (id, old, mapper) = param.consume();
    let fresh = Tensor::<D>::from_data(data, &old.device().inner());
    let fresh = if old.is_autodiff() { Tensor::from_inner(fresh) } else { fresh };
    let fresh = if old.is_require_grad() { fresh.require_grad() } else { fresh };
    Param::from_mapped_value(id, fresh, mapper)
}
