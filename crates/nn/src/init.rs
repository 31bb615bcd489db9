use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use drivetrain_random::Random;

use crate::params::{NORMS, ParamMapper, ParamPath, map_params};

/// Draws the parameters of `model` as a pure function of `seed`, the parameter's path and the element's index: the same initial
/// weights in every run, on any device, with any number of threads.
///
/// | module | values |
/// |---|---|
/// | [`Linear`](burn::nn::Linear), weight `[in, out]` and bias | uniform in `±1/√in` |
/// | the gates of `Lstm`, `Gru`, `Rnn` and their bidirectional forms, weights and biases | uniform in `±1/√hidden` |
/// | `Conv1d`, `Conv2d`, `Conv3d`, their transposed forms and `DeformConv2d`, weight `[c0, c1, k…]` and bias | uniform in `±1/√(c1·k…)` |
/// | [`Embedding`](burn::nn::Embedding), and `[CLS]` of a [`TokenEmbedding`](crate::TokenEmbedding) | normal with std `1/√width` |
/// | `LayerNorm`, `BatchNorm`, `GroupNorm`, `InstanceNorm`, `RmsNorm`: gain and shift | 1 and 0 |
/// | any other parameter that was not drawn yet | from the distribution that its module asks for |
/// | any other parameter that holds values already, running statistics | as they are |
///
/// All but the embedding's are PyTorch's defaults (kaiming-uniform with `a = √5` is uniform in `±1/√fan_in`), whatever initializer
/// the module was configured with.
///
/// A parameter made by an [`Initializer`](burn::nn::Initializer) is drawn when it is first used, so `initialise` can still draw
/// it if the model is new. A parameter that a module draws itself when it is made (`Param::from_tensor(Tensor::random(…))`)
/// already holds values, which do not depend on the seed: make such a model with [`seeded`].
///
/// ```
/// use burn::module::Module;
/// use burn::nn::{BiLstm, BiLstmConfig, conv::{Conv1d, Conv1dConfig}};
/// use burn::tensor::Device;
/// use drivetrain_nn::{StateDict, initialise};
///
/// #[derive(Module, Debug)]
/// struct Own {
///     conv: Conv1d,
///     lstm: BiLstm,
/// }
///
/// let device = Device::flex();
/// let fresh = || Own { conv: Conv1dConfig::new(4, 8, 3).init(&device), lstm: BiLstmConfig::new(8, 8, true).init(&device) };
/// assert_eq!(StateDict::of(&initialise(fresh(), 7)), StateDict::of(&initialise(fresh(), 7)));
/// assert_ne!(StateDict::of(&initialise(fresh(), 7)), StateDict::of(&initialise(fresh(), 8)));
/// ```
#[must_use]
pub fn initialise<M: Module>(model: M, seed: u64) -> M {
    map_params(model, &mut Initialiser { random: Random::new(seed, "init"), fan_in: 0 })
}

/// Makes a model on `device` and draws its parameters ([`initialise`]) as a pure function of `seed`, including those that a
/// module draws itself when it is made: for any module, the same seed gives the same initial weights.
///
/// Burn's random generator is shared by the whole process. What it draws for the model depends only on `seed` as long as no other
/// thread draws from it at the same time; other calls of this function and of [`initialise`] wait.
///
/// ```
/// use burn::module::{Module, Param};
/// use burn::tensor::{Device, Distribution, Tensor};
/// use drivetrain_nn::{StateDict, seeded};
///
/// #[derive(Module, Debug)]
/// struct Scale {
///     factors: Param<Tensor<1>>,
/// }
///
/// let new = |device: &Device| Scale { factors: Param::from_tensor(Tensor::random([3], Distribution::Default, device)) };
/// let device = Device::flex();
/// assert_eq!(StateDict::of(&seeded(7, &device, new)), StateDict::of(&seeded(7, &device, new)));
/// ```
#[must_use]
pub fn seeded<M: Module>(seed: u64, device: &Device, new: impl FnOnce(&Device) -> M) -> M {
    let model = with_generator(device, Random::new(seed, "new").bits(0), || new(device));
    initialise(model, seed)
}

/// Runs `draw` with Burn's generator of `device` seeded with `seed`. Only one thread at a time does so; nested calls in `draw` do
/// not wait.
fn with_generator<T>(device: &Device, seed: u64, draw: impl FnOnce() -> T) -> T {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    thread_local! {
        static IS_HELD: Cell<bool> = const { Cell::new(false) };
    }
    /// Resets the flag even if `draw` panics.
    struct Scope(bool);
    impl Drop for Scope {
        fn drop(&mut self) {
            IS_HELD.set(self.0);
        }
    }
    let was_held = IS_HELD.get();
    let _lock = (!was_held).then(|| ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner));
    let _scope = Scope(IS_HELD.replace(true));
    device.seed(seed);
    draw()
}

struct Initialiser {
    random: Random,
    /// Inputs of the linear or convolution layer being filled; its weight comes before its bias.
    fan_in: usize,
}

/// What a parameter is, where its module is known.
#[derive(Clone, Copy)]
enum Kind {
    LinearWeight,
    /// Of a convolution.
    Kernel,
    /// Of a linear or convolution layer.
    Bias,
    /// Weight or bias of a recurrent module's gate.
    Gate,
    /// Of a norm.
    Gain,
    /// Of a norm.
    Shift,
    /// Of a table of vectors, or a vector that stands in front of them.
    Row,
}

impl Kind {
    /// The kind of the parameter at `path`; `None` where its module is not known.
    fn of(path: &ParamPath) -> Option<Self> {
        match (path.container(), path.field()) {
            ("Struct:Linear", "weight" | "bias") if path.outer_container() == "Struct:GateController" => {
                Some(Self::Gate)
            }
            ("Struct:Linear", "weight") => Some(Self::LinearWeight),
            ("Struct:Linear", "bias") => Some(Self::Bias),
            (container, "weight") if CONVOLUTIONS.contains(&container) => Some(Self::Kernel),
            (container, "bias") if CONVOLUTIONS.contains(&container) => Some(Self::Bias),
            (container, "gamma") if NORMS.contains(&container) => Some(Self::Gain),
            (container, "beta") if NORMS.contains(&container) => Some(Self::Shift),
            ("Struct:Embedding", "weight") | ("Struct:TokenEmbedding", "cls") => Some(Self::Row),
            _ => None,
        }
    }
}

const CONVOLUTIONS: [&str; 7] = [
    "Struct:Conv1d",
    "Struct:Conv2d",
    "Struct:Conv3d",
    "Struct:ConvTranspose1d",
    "Struct:ConvTranspose2d",
    "Struct:ConvTranspose3d",
    "Struct:DeformConv2d",
];

impl ParamMapper for Initialiser {
    fn map<const D: usize>(&mut self, path: &ParamPath, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let random = path.as_str().bytes().fold(self.random, |random, byte| random.at(u64::from(byte)));
        let Some(kind) = Kind::of(path) else {
            if !param.is_initialized() {
                with_generator(&param.lazy_device(), random.bits(0), || drop(param.val()));
            }
            return param;
        };

        let shape = param.val().shape();
        let n = shape.num_elements();
        let width = shape.as_slice().last().copied().unwrap_or(1);
        let uniform = |fan_in: usize| {
            let bound = 1.0 / (fan_in.max(1) as f32).sqrt();
            (0..n as u64).map(|i| (2.0 * random.unit_f32(i) - 1.0) * bound).collect()
        };
        let values: Vec<f32> = match kind {
            Kind::LinearWeight => {
                self.fan_in = shape.as_slice()[0];
                uniform(self.fan_in)
            }
            Kind::Kernel => {
                self.fan_in = shape.as_slice()[1..].iter().product();
                uniform(self.fan_in)
            }
            Kind::Bias => uniform(self.fan_in),
            Kind::Gate => uniform(width),
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
