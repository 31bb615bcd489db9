use std::time::Duration;

use drivetrain_data::BatchSize;

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
    /// Real tokens and padding, where the collate counts them.
    pub size: Option<BatchSize>,
    /// Where the time went.
    pub time: StepTime,
}

/// Where the time of a step went.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepTime {
    /// The loop waited for the loader.
    pub loading: Duration,
    /// From the batch to the loss.
    pub forward: Duration,
    /// From the loss to the gradients and their norm.
    pub backward: Duration,
    /// From the gradients to the weights.
    pub optimizer: Duration,
}
