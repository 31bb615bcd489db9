use burn::tensor::{Tensor, TensorData};
use drivetrain_kernels::Dropout;
use drivetrain_random::Random;

/// Whether a forward pass is for training or for inference: the only difference between the two is dropout.
///
/// It is passed down explicitly, so no module holds a flag that someone may forget to reset, and dropout is a pure function of
/// its coordinates: (seed, step, layer, site, row, column). The embedding is layer 0; the encoder's layers follow. A row is the
/// index of a token in the batch; for attention weights, it is the index of a (sample, head, query) triple. In a layer that
/// computes `[CLS]` only, it is the index of a sample or of a (sample, head) pair. Rows are counted over the whole batch, even if
/// it is computed in micro-batches. On a CPU, the kernels draw the random numbers (`drivetrain_kernels::Dropout`); elsewhere,
/// [`Mode::dropout`] does, with the same result.
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
        /// The index in the whole batch of the first sample of the micro-batch; 0 for a whole batch.
        first_sample: u64,
    },
}

impl Mode {
    /// The mode of training step `step` (counted from the start of the run) under `seed`.
    #[must_use]
    pub fn train(dropout: f64, seed: u64, step: u64) -> Self {
        Self::Train { dropout, random: Random::new(seed, "dropout").at(step), first_sample: 0 }
    }

    /// The same for a micro-batch that begins with sample `first_sample` of the batch and is padded to the length of the whole
    /// batch: the same elements are dropped as in the whole batch.
    #[must_use]
    pub const fn from_sample(self, first_sample: usize) -> Self {
        match self {
            Self::Eval => Self::Eval,
            Self::Train { dropout, random, .. } => Self::Train { dropout, random, first_sample: first_sample as u64 },
        }
    }

    /// Narrows to one layer or one site in a layer, so that no two sites share draws.
    #[must_use]
    pub const fn at(self, coordinate: u64) -> Self {
        match self {
            Self::Eval => Self::Eval,
            Self::Train { dropout, random, first_sample } => {
                Self::Train { dropout, random: random.at(coordinate), first_sample }
            }
        }
    }

    /// Inverted dropout (Srivastava et al. 2014) at one `site`; the identity in [`Mode::Eval`]. The first dimension of `x` is that
    /// of the samples; a row is a slice along the last dimension.
    #[must_use]
    pub fn dropout<const D: usize>(&self, x: Tensor<D>, site: u64) -> Tensor<D> {
        let Some(dropout) = self.kernel_dropout() else { return x };
        let shape = x.shape();
        let first_row = match *self {
            Self::Train { first_sample, .. } if D > 1 => {
                first_sample * shape.as_slice()[1..D - 1].iter().product::<usize>() as u64
            }
            _ => 0,
        };
        let width = shape.as_slice().last().copied().unwrap_or(1).max(1);
        let mut keep = vec![1.0; shape.num_elements()];
        for (row, factors) in keep.chunks_exact_mut(width).enumerate() {
            dropout.at(site).apply(first_row + row as u64, factors);
        }
        let keep = Tensor::<D>::from_data(TensorData::new(keep, shape), &x.device().inner());
        x.clone() * keep_on_device_of(&x, keep)
    }

    /// The dropout that the kernels apply; none in evaluation.
    pub(crate) fn kernel_dropout(&self) -> Option<Dropout> {
        match *self {
            Self::Train { dropout, random, first_sample } if dropout > 0.0 => {
                Some(Dropout::new(dropout, random).from_sample(first_sample))
            }
            _ => None,
        }
    }
}

/// The mask has no gradient, but must share the autodiff context of what it multiplies.
fn keep_on_device_of<const D: usize>(x: &Tensor<D>, keep: Tensor<D>) -> Tensor<D> {
    if x.is_autodiff() { Tensor::from_inner(keep) } else { keep }
}
