use serde::{Deserialize, Serialize};

use crate::{DropoutScheduler, EarlyStop, LearningRateScheduler};

/// Where a run stands: everything of it that is not a tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    /// The next batch to train on.
    pub position: Position,
    /// The best validation so far.
    pub best: Option<Best>,
    /// Counts the validations without improvement.
    pub early_stop: EarlyStop,
    /// Whether early stop has ended the run.
    pub stopped_early: bool,
    /// The learning-rate schedule.
    pub learning_rate: LearningRateScheduler,
    /// The dropout schedule.
    pub dropout: DropoutScheduler,
    /// Whether a validation is due at the position that has not ended yet.
    pub validation_due: bool,
    /// Sum of loss × samples since the last validation.
    pub loss_sum: f64,
    /// Samples since the last validation.
    pub loss_samples: u64,
    /// Every validation so far, in order.
    pub history: Vec<EpochRecord>,
    /// Batches that were left out because their numbers were wrong.
    pub skipped_batches: u64,
    /// Of these, the last ones without a good one in between.
    pub skipped_in_a_row: u64,
    /// The latest losses, where a spike is looked for.
    pub recent_losses: Vec<f64>,
}

impl RunState {
    /// Whether this is the state right after the best validation so far.
    #[must_use]
    pub fn is_best(&self) -> bool {
        !self.validation_due && self.best.is_some_and(|best| best.step == self.position.step)
    }
}

/// A place in the run. Everything random is a function of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Counted from 0.
    pub epoch: u64,
    /// The next batch of the epoch, counted from 0.
    pub batch: usize,
    /// Batches that were taken in the whole run; every one is an optimizer step, unless it was skipped.
    pub step: u64,
}

/// The best validation of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// Higher is better.
    pub score: f64,
    /// The epoch it was in, counted from 0.
    pub epoch: u64,
    /// Steps taken by then.
    pub step: u64,
}

/// What one validation found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Counted from 0.
    pub epoch: u64,
    /// Steps taken by then.
    pub step: u64,
    /// Mean training loss since the validation before, per sample.
    pub train_loss: f64,
    /// Mean validation loss per sample.
    pub validation_loss: f64,
    /// The metric's score.
    pub score: f64,
    /// The metric's other figures.
    pub figures: Vec<(String, f64)>,
    /// During the last step before.
    pub learning_rate: f64,
    /// During the last step before.
    pub dropout: f64,
}
