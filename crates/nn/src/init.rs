use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use drivetrain_random::Random;

use crate::params::{ParamMapper, ParamPath, map_params};

/// Fills the parameters of the modules that it knows, as a pure function of `seed`, the parameter's path and the element's
/// index: the same weights on any device, in any order.
///
/// | module | values |
/// |---|---|
/// | [`Linear`](burn::nn::Linear), weight `[in, out]` and bias | uniform in `±1/√in` (PyTorch's default) |
/// | [`Embedding`](burn::nn::Embedding), and `[CLS]` of a [`TokenEmbedding`](crate::TokenEmbedding) | normal with deviation `1/√width` |
/// | [`LayerNorm`](burn::nn::LayerNorm), gain and bias | 1 and 0 |
///
/// Every other parameter keeps the value that it has: the statistics of a `BatchNorm`, the gain of an `RmsNorm`, the kernel of
/// a convolution, a parameter of your own. Burn draws some of these at random, from a generator that `seed` does not reach;
/// call `device.seed(…)` before you make the model where they must be the same in every run.
#[must_use]
pub fn initialise<M: Module>(model: M, seed: u64) -> M {
    map_params(model, &mut Initialiser { random: Random::new(seed, "init"), fan_in: 0 })
}

struct Initialiser {
    random: Random,
    /// Inputs of the linear layer being filled; its weight comes before its bias.
    fan_in: usize,
}

/// What a parameter is, where its module is known.
#[derive(Clone, Copy)]
enum Kind {
    LinearWeight,
    LinearBias,
    /// Of a layer norm.
    Gain,
    /// Of a layer norm.
    Shift,
    /// Of a table of vectors, or a vector that stands in front of them.
    Row,
}

impl Kind {
    /// The kind of `field` in a module of the type `container`.
    fn of(container: &str, field: &str) -> Option<Self> {
        match (container, field) {
            ("Struct:Linear", "weight") => Some(Self::LinearWeight),
            ("Struct:Linear", "bias") => Some(Self::LinearBias),
            ("Struct:LayerNorm", "gamma") => Some(Self::Gain),
            ("Struct:LayerNorm", "beta") => Some(Self::Shift),
            ("Struct:Embedding", "weight") | ("Struct:TokenEmbedding", "cls") => Some(Self::Row),
            _ => None,
        }
    }
}

impl ParamMapper for Initialiser {
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(kind) = Kind::of(path.container(), path.field()) else { return param };
        let random = path.as_str().bytes().fold(self.random, |random, byte| random.at(u64::from(byte)));

        let shape = param.lazy_shape();
        let n = shape.num_elements();
        let width = shape.as_slice().last().copied().unwrap_or(1);
        let uniform = |bound: f32| (0..n as u64).map(|i| (2.0 * random.unit_f32(i) - 1.0) * bound).collect();
        let values: Vec<f32> = match kind {
            Kind::LinearWeight => {
                self.fan_in = shape.as_slice()[0];
                uniform(1.0 / (self.fan_in as f32).sqrt())
            }
            Kind::LinearBias => uniform(1.0 / (self.fan_in.max(1) as f32).sqrt()),
            Kind::Gain => vec![1.0; n],
            Kind::Shift => vec![0.0; n],
            Kind::Row => {
                let deviation = 1.0 / (width as f32).sqrt();
                (0..n as u64).map(|i| random.normal_f32(i) * deviation).collect()
            }
        };
        replace_values(param, TensorData::new(values, shape))
    }
}

/// The parameter with other values and everything else (id, device, gradient tracking) kept.
#[must_use]
pub fn replace_values<const D: usize>(param: Param<Tensor<D>>, data: TensorData) -> Param<Tensor<D>> {
    let (id, old, mapper) = param.consume();
    let fresh = Tensor::<D>::from_data(data, &old.device().inner());
    let fresh = if old.is_autodiff() { Tensor::from_inner(fresh) } else { fresh };
    let fresh = if old.is_require_grad() { fresh.require_grad() } else { fresh };
    Param::from_mapped_value(id, fresh, mapper)
}
