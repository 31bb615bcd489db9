use std::path::Path;
use std::time::Duration;

use drivetrain_nn::StateDict;
use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::step_end::StepEnd;
use super::throughput::Throughput;
use crate::{Best, ClassMetrics, Monitored, Outlier, Position, TrainError, ValidationRecord};

/// What happens in a run, in the order in which it happens. [`Trainer::fit`](crate::Trainer::fit) is this loop; every event goes
/// to each observer in the order in which they were registered; what an observer may answer is [`Control`](crate::Control).
///
/// ```text
/// RunStart
/// Notice                                                   # for each thing that the user should know, such as truncated samples
/// Saving                                                   # only if the state was reset: step 0
/// validate, then save                                      # only if a resumed run was stopped before its validation
/// while epochs are left, and neither early stopping nor a stop ends the run:
///     EpochStart
///     for batch in epoch:
///         loss ← forward(batch)                            # dropout: a function of (seed, step, layer, site, row, column)
///         gradients ← backward(loss)                       # not of a non-finite loss
///         if the loss is non-finite or a spike, or the gradients are non-finite:
///             position ← next batch                        # the batch is skipped, unless the run ends here
///             Incident
///         else:
///             Tensors                                      # only with `histograms`, before a validation
///             weights ← optimizer(clip(gradients))         # AdamW unless another is configured; frozen parameters stay
///             average ← average of weights                 # only where one is kept
///             position ← next batch
///             Step
///         if a validation is due:                          # every `validate_every` steps and after the last one;
///                                                          # with 0, at each epoch's end
///             for batch in validation set:
///                 ValidationStep
///             Incident                                     # only if the loss or the monitored value is not finite
///             history, best, schedules, early stopping ← loss and metrics
///             Validated
///             NewBest                                      # if the monitored value is the best so far
///             LearningRate                                 # if the schedule changed it because of the validation
///             Dropout                                      # if the schedule raised it; early stopping starts again
///             EarlyStop or NearEarlyStop                   # if the patience is used up, or more than half of it
///         if a checkpoint is due:                          # see below
///             Saving                                       # a copy is taken here; a thread of its own writes it
///     EpochEnd
/// Saving                                                   # unless this position is saved already
/// RunEnd
/// ```
///
/// **Where a checkpoint is taken.** Between two steps only, at `Saving`: never inside a step or a validation, and never between a
/// step and the validation that is due after it, but for two cases: a stop that is requested there, and an error in the
/// validation set. Such a checkpoint is marked as unvalidated, and a run resumed from it validates first. A checkpoint is due
/// after a new best, at the end of every [`epochs`](crate::CheckpointConfig)-th epoch, after every `steps`-th step and when
/// `minutes` have passed since the last one (these two as soon as no other save is in flight), and at the end of the run, also
/// where an error of a batch or the panic of an observer ends it. A run whose model has diverged saves none.
///
/// An error ends the run where it is: neither `EpochEnd` nor `RunEnd` follows it. What an observer is told has
/// happened already, so that an error that it returns undoes nothing: a step counts, also where its `Step` could not be written.
/// Either way, a run that is resumed from its latest checkpoint, or by another call of `fit`, trains on no batch twice.
///
/// **`Saved` and `SaveFailed`** follow a `Saving` when the disk is done: after a later step, or before `RunEnd`.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The run starts or resumes.
    RunStart(&'a RunStart),
    /// Something that the user should know, before the first step of a call of `fit`.
    Notice {
        /// Steps taken in the run: 0, unless it is resumed.
        step: u64,
        /// What it is.
        notice: &'a Notice,
    },
    /// An epoch starts, or resumes at `first_batch`.
    EpochStart {
        /// Counted from 0.
        epoch: u64,
        /// Most epochs of the run.
        epochs: u64,
        /// Batches of this epoch.
        batches: usize,
        /// Above 0 in the first epoch of a resumed run.
        first_batch: usize,
    },
    /// A batch was not trained on.
    Incident(&'a Incident<'a>),
    /// The weights before a step and its gradients, where the configuration asks for them.
    Tensors {
        /// Counted from 0 over the run.
        step: u64,
        /// Before the step.
        weights: &'a StateDict,
        /// Before clipping.
        gradients: &'a StateDict,
    },
    /// A batch was trained on.
    Step(&'a StepEnd<'a>),
    /// A batch was validated on.
    ValidationStep {
        /// Counted from 0.
        batch: usize,
        /// In the validation set.
        batches: usize,
    },
    /// A validation is complete.
    Validated(&'a Validated<'a>),
    /// The monitored value is the best so far.
    NewBest {
        /// Counted from 0.
        epoch: u64,
        /// Steps taken.
        step: u64,
        /// What is compared, and which way it is better.
        monitored: &'a Monitored,
        /// The new best value.
        value: f64,
        /// The best value before.
        former: Option<f64>,
    },
    /// The schedule changed the learning rate.
    LearningRate {
        /// Counted from 0.
        epoch: u64,
        /// Steps taken.
        step: u64,
        /// Before.
        old: f64,
        /// From the next step on.
        new: f64,
    },
    /// The schedule changed the dropout probability.
    Dropout {
        /// Counted from 0.
        epoch: u64,
        /// Steps taken.
        step: u64,
        /// Before.
        old: f64,
        /// From the next step on.
        new: f64,
    },
    /// The patience is used up: this was the last validation.
    EarlyStop {
        /// Counted from 0.
        epoch: u64,
        /// Steps taken.
        step: u64,
        /// Validations without improvement.
        count: u64,
        /// The best validation.
        best: Option<Best>,
        /// What makes it the best.
        monitored: &'a Monitored,
    },
    /// More than half of the patience is used up.
    NearEarlyStop {
        /// Counted from 0.
        epoch: u64,
        /// Steps taken.
        step: u64,
        /// Validations without improvement.
        count: u64,
        /// How many end the run.
        patience: u64,
    },
    /// A checkpoint is about to be made: what was written of the run so far must be safe on the disk before it.
    Saving {
        /// Batches taken so far.
        step: u64,
    },
    /// A checkpoint is on the disk.
    Saved {
        /// Its folder.
        path: &'a Path,
        /// Whether it is the best so far.
        is_best: bool,
        /// How long that took, while training continued.
        took: Duration,
    },
    /// A checkpoint could not be written; the earlier ones are as they were.
    SaveFailed {
        /// Why.
        error: &'a TrainError,
        /// It is tried again after this, or with the next one; zero where an error ends the run and it is not.
        retry_after: Duration,
    },
    /// An epoch is over, or early stopping or a stop ends the run within it.
    EpochEnd {
        /// Counted from 0.
        epoch: u64,
    },
    /// The run is over, or stopped where it was asked to.
    RunEnd(&'a Summary),
}

impl Event<'_> {
    /// Its variant.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RunStart(_) => "RunStart",
            Self::Notice { .. } => "Notice",
            Self::EpochStart { .. } => "EpochStart",
            Self::Incident(_) => "Incident",
            Self::Tensors { .. } => "Tensors",
            Self::Step(_) => "Step",
            Self::ValidationStep { .. } => "ValidationStep",
            Self::Validated(_) => "Validated",
            Self::NewBest { .. } => "NewBest",
            Self::LearningRate { .. } => "LearningRate",
            Self::Dropout { .. } => "Dropout",
            Self::EarlyStop { .. } => "EarlyStop",
            Self::NearEarlyStop { .. } => "NearEarlyStop",
            Self::Saving { .. } => "Saving",
            Self::Saved { .. } => "Saved",
            Self::SaveFailed { .. } => "SaveFailed",
            Self::EpochEnd { .. } => "EpochEnd",
            Self::RunEnd(_) => "RunEnd",
        }
    }
}

/// What is known before the first step.
#[derive(Clone, Debug)]
pub struct RunStart {
    /// The configuration of the whole run.
    pub config: serde_json::Value,
    /// Trainable numbers in the model; running statistics are not among them.
    pub parameters: usize,
    /// Samples in the training set.
    pub train_samples: usize,
    /// Samples in the validation set.
    pub validation_samples: usize,
    /// Batches per epoch.
    pub batches: usize,
    /// Most epochs.
    pub epochs: u64,
    /// Of the next step.
    pub learning_rate: f64,
    /// Of the next step.
    pub dropout: f64,
    /// Where a resumed run continues.
    pub resumed_at: Option<Position>,
    /// How the learning-rate schedule of a resumed run was changed, because the run is longer or shorter than it was.
    pub rescheduled: Option<Rescheduled>,
    /// The step of its last validation; 0 before the first.
    pub validated_at: u64,
    /// The best validation of the run so far.
    pub best: Option<Best>,
    /// What makes it the best.
    pub monitored: Monitored,
    /// The name of the optimizer, where the program gave one of its own in place of the configuration's
    /// ([`Trainer::with_optimizer`](crate::Trainer::with_optimizer)).
    pub own_optimizer: Option<String>,
    /// Where the model lives.
    pub device: String,
    /// What the processor offers.
    pub instruction_set: &'static str,
    /// Threads that compute.
    pub threads: usize,
}

/// A learning-rate schedule that ends with the run, stretched or shortened to another number of steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rescheduled {
    /// Steps of the run that it was made for.
    pub old_steps: u64,
    /// Steps of the run as it is now.
    pub new_steps: u64,
    /// What the rate of the next step would have been.
    pub old_rate: f64,
    /// What it is.
    pub new_rate: f64,
    /// Of the last step.
    pub last_rate: f64,
}

/// An outlier: a training batch with a non-finite loss or gradient or a loss spike, found before it touches the weights, or a
/// validation whose loss or monitored value is not finite. Of a validation, `batch` is the first of the validation set at fault, and the
/// event comes before [`Event::Validated`].
#[derive(Clone, Copy, Debug)]
pub struct Incident<'a> {
    /// What was found.
    pub outlier: Outlier,
    /// Counted from 0.
    pub epoch: u64,
    /// Counted from 0 in the epoch.
    pub batch: usize,
    /// Counted from 0 over the run.
    pub step: u64,
    /// The batch's samples.
    pub samples: &'a [SampleOrigin],
    /// Whether the run continues, without the batch if it was to be trained on; otherwise it ends.
    pub is_skipped: bool,
}

/// Where a sample is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleOrigin {
    /// File, line and offset, or whatever its dataset calls it.
    pub place: String,
    /// The text it was made from, where there is one.
    pub text: Option<String>,
}

/// One validation.
#[derive(Clone, Copy, Debug)]
pub struct Validated<'a> {
    /// What was found.
    pub record: &'a ValidationRecord,
    /// The validation before.
    pub previous: Option<&'a ValidationRecord>,
    /// Most epochs of the run.
    pub epochs: u64,
    /// The metrics class by class, where there are classes; see [`MetricValues::per_class`](crate::MetricValues::per_class).
    pub classes: &'a [ClassMetrics],
    /// What they are called, where the metric names them; see [`MetricValues::class_names`](crate::MetricValues::class_names).
    pub class_names: &'a [String],
    /// What decides which validation is the best.
    pub monitored: &'a Monitored,
    /// Validations in a row without improvement, and how many end the run (0: none do).
    pub early_stop: (u64, u64),
    /// The training since the validation before.
    pub throughput: Throughput,
    /// How long the validation took.
    pub validation_time: Duration,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Epochs completed in the whole run.
    pub epochs: u64,
    /// Steps taken in the whole run.
    pub steps: u64,
    /// The best validation.
    pub best: Option<Best>,
    /// What makes it the best.
    pub monitored: Monitored,
    /// Whether the patience ran out.
    pub stopped_early: bool,
    /// The observer that asked for the end, if one did ([`Control::Stop`](crate::Control::Stop)).
    pub stopped_by: Option<String>,
    /// Batches skipped in the whole run because of an outlier.
    pub skipped_batches: u64,
    /// Checkpoints made in this call of `fit`.
    pub saves: u64,
    /// How long training waited for them; the rest of the work ran beside it.
    pub save_wait: Duration,
    /// Wall time of this call of `fit`, in seconds.
    pub seconds: f64,
}
