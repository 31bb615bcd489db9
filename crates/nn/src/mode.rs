use burn::tensor::{Tensor, TensorData};
use drivetrain_kernels::Dropout;
use drivetrain_random::Random;

/// Whether a forward pass trains or infers: the only difference between the two is dropout.
///
/// Passed down explicitly, so a module holds no flag that someone may forget to set back, and dropout is a pure
/// function of where it stands: (seed, step, layer, site, row, column).
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    /// Validation and prediction: nothing is dropped.
    Eval,
    /// Training: elements are zeroed with probability `dropout`, the rest scaled by `1 / (1 - dropout)`.
    Train {
        /// Probability in `[0, 1)`.
        dropout: f64,
        /// The draws of this step; narrowed layer by layer on the way down.
        random: Random,
    },
}

impl Mode {
    /// The mode of training step `step` (counted from the start of the run) under `seed`.
    #[must_use]
    pub fn train(dropout: f64, seed: u64, step: u64) -> Self {
        Self::Train { dropout, random: Random::new(seed, "dropout").at(step) }
    }

    /// Narrows to one layer or one site in a layer, so that no two sites share draws.
    #[must_use]
    pub const fn at(self, coordinate: u64) -> Self {
        match self {
            Self::Eval => Self::Eval,
            Self::Train { dropout, random } => Self::Train { dropout, random: random.at(coordinate) },
        }
    }

    /// Inverted dropout (Srivastava et al. 2014) at one `site`; the identity in [`Mode::Eval`].
    #[must_use]
    pub fn dropout<const D: usize>(&self, x: Tensor<D>, site: u64) -> Tensor<D> {
        let Some(dropout) = self.kernel_dropout() else { return x };
        let shape = x.shape();
        let width = shape.as_slice().last().copied().unwrap_or(1).max(1);
        let mut keep = vec![1.0; shape.num_elements()];
        for (row, factors) in keep.chunks_exact_mut(width).enumerate() {
            dropout.at(site).apply(row as u64, factors);
        }
        let keep = Tensor::<D>::from_data(TensorData::new(keep, shape), &x.device().inner());
        x.clone() * keep_on_device_of(&x, keep)
    }

    /// What the kernels drop; none in evaluation.
    pub(crate) fn kernel_dropout(&self) -> Option<Dropout> {
        match *self {
            Self::Train { dropout, random } if dropout > 0.0 => Some(Dropout::new(dropout, random)),
            _ => None,
        }
    }
}

/// The mask has no gradient, but must share the autodiff context of what it multiplies.
fn keep_on_device_of<const D: usize>(x: &Tensor<D>, keep: Tensor<D>) -> Tensor<D> {
    if x.is_autodiff() { Tensor::from_inner(keep) } else { keep }
}
