use std::fmt;
use std::time::Duration;

use burn::module::Module;
use drivetrain_data::BatchSize;
use drivetrain_nn::StateDict;

use crate::GradientNorms;

/// One training step.
#[derive(Clone, Copy, Debug)]
pub struct StepEnd<'a> {
    /// Counted from 0.
    pub epoch: u64,
    /// Counted from 0 in the epoch.
    pub batch: usize,
    /// In the epoch.
    pub batches: usize,
    /// Counted from 0 over the run.
    pub step: u64,
    /// In the batch.
    pub samples: usize,
    /// Mean over the batch.
    pub loss: f64,
    /// Of this step.
    pub learning_rate: f64,
    /// Of this step.
    pub dropout: f64,
    /// Before clipping.
    pub gradient_norms: &'a GradientNorms,
    /// Real tokens and padding, if the collate function counts them.
    pub size: Option<BatchSize>,
    /// Where the time went.
    pub time: StepTime,
    /// The model after the step.
    pub model: ModelView<'a>,
}

/// A model as observers see it: read-only, and copied only on request.
#[derive(Clone, Copy)]
pub struct ModelView<'a>(&'a dyn Weights);

impl<'a> ModelView<'a> {
    /// A view of `model`.
    pub const fn new<M: Module>(model: &'a M) -> Self {
        Self(model)
    }

    /// A copy of every weight, by path. This costs as much memory and time as reading the whole model once.
    #[must_use]
    pub fn weights(&self) -> StateDict {
        self.0.weights()
    }
}

impl fmt::Debug for ModelView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ModelView")
    }
}

/// What observers can see of any model.
trait Weights {
    fn weights(&self) -> StateDict;
}

impl<M: Module> Weights for M {
    fn weights(&self) -> StateDict {
        StateDict::of(self)
    }
}

/// Where the time of a step went.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepTime {
    /// How long the loop waited for the loader.
    pub loading: Duration,
    /// From the batch to the loss.
    pub forward: Duration,
    /// From the loss to the gradients and their norm.
    pub backward: Duration,
    /// From the gradients to the weights.
    pub optimizer: Duration,
}
