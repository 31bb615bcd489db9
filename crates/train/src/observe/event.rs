use std::path::Path;
use std::time::Duration;

use drivetrain_nn::StateDict;
use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::step_end::StepEnd;
use super::throughput::Throughput;
use crate::{Best, ClassMetrics, Monitored, Outlier, Position, TrainError, ValidationRecord};

/// What happens in a run, in the order in which it happens. [`Trainer::fit`](crate::Trainer::fit) is this loop. Each event goes to
/// all observers, in the order in which they were registered; an observer answers with a [`Control`](crate::Control).
///
/// ```text
/// RunStart
/// Notice                                                   # for each thing that the user should know, such as truncated samples
/// Saving                                                   # only if the state was reset: step 0
/// validate, then save if due                               # only if a resumed run was stopped before its validation
/// while epochs are left, and neither early stopping nor a stop ends the run:
///     EpochStart
///     for batch in epoch:
///         loss ← forward(batch)                            # dropout: a function of (seed, step, layer, site, row, column)
///         gradients ← backward(loss)                       # not of a non-finite loss
///         if the loss is non-finite or a spike, or the gradients are non-finite:
///             average ← average of weights                 # if one is kept and due at this step
///             position ← next batch                        # the batch is skipped, unless the run ends here
///             Incident
///         else:
///             Tensors                                      # only with `histograms`, before a validation
///             weights ← optimizer(clip(gradients))         # AdamW unless another is configured; frozen parameters stay
///             average ← average of weights                 # if one is kept and due at this step
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
///             Dropout                                      # if the schedule raised it; resets the early-stop count
///             EarlyStop or NearEarlyStop                   # if the patience is used up, or more than half of it
///         if a checkpoint is due:                          # see below
///             Saving                                       # a copy is taken here; a background thread writes it
///     EpochEnd
/// Saving                                                   # unless this position is saved already
/// RunEnd
/// ```
///
/// **Where a checkpoint is taken.** Only between two steps, at `Saving`: never inside a step or a validation, and never between a
/// step and the validation that is due after it, except in two cases: if a stop is requested there, or if the validation set causes
/// an error. Such a checkpoint is marked as unvalidated, and a run that is resumed from it validates first. A checkpoint is due
/// after a new best, at the end of every [`epochs`](crate::CheckpointConfig)-th epoch, after every `steps`-th step, when `minutes`
/// have passed since the last one (in these two cases, as soon as no other save is in progress), and at the end of the run, even if
/// a batch that fails or an observer that panics ends it. A run that ends because its model has diverged takes none.
///
/// An error ends the run at once: neither `EpochEnd` nor `RunEnd` follows. An event reports what has already happened, so an error
/// that an observer returns undoes nothing: a step counts even if its `Step` could not be written. In any case, a run that is
/// resumed from its latest checkpoint, or by another call of `fit`, trains on no batch twice.
///
/// **`Saved` and `SaveFailed`** follow a `Saving` when writing has ended: after a later step, or before `RunEnd`.
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
        /// The maximum number of epochs of the run.
        epochs: u64,
        /// Batches of this epoch.
        batches: usize,
        /// Can be above 0 only in the first epoch of a resumed run.
        first_batch: usize,
    },
    /// A batch was not trained on.
    Incident(&'a Incident<'a>),
    /// The weights before a step and its gradients, if the configuration asks for them.
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
        /// What is compared, and whether higher or lower is better.
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
        /// The number after which the run ends.
        patience: u64,
    },
    /// A checkpoint is about to be taken: observers must first flush what they have written to disk.
    Saving {
        /// Steps taken so far, skipped batches included.
        step: u64,
    },
    /// A checkpoint is on the disk.
    Saved {
        /// Its folder.
        path: &'a Path,
        /// Whether it is the best so far.
        is_best: bool,
        /// How long writing took, while training continued.
        took: Duration,
    },
    /// A checkpoint could not be written; the earlier ones are unchanged.
    SaveFailed {
        /// Why.
        error: &'a TrainError,
        /// The save is retried after this time, or together with the next one; zero if an error ends the run, so that it is not
        /// retried.
        retry_after: Duration,
    },
    /// An epoch is over, or early stopping or a stop ends the run within it.
    EpochEnd {
        /// Counted from 0.
        epoch: u64,
    },
    /// The run is over, or has stopped as requested.
    RunEnd(&'a Summary),
}

impl Event<'_> {
    /// The name of its variant.
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
    /// The number of parameters of the model, frozen ones included; running statistics do not count.
    pub parameters: usize,
    /// Samples in the training set.
    pub train_samples: usize,
    /// Samples in the validation set.
    pub validation_samples: usize,
    /// Batches per epoch.
    pub batches: usize,
    /// The maximum number of epochs.
    pub epochs: u64,
    /// Of the next step.
    pub learning_rate: f64,
    /// Of the next step.
    pub dropout: f64,
    /// Where a resumed run continues.
    pub resumed_at: Option<Position>,
    /// How the learning-rate schedule of a resumed run was changed, if the run is now longer or shorter than before.
    pub rescheduled: Option<Rescheduled>,
    /// The step of the run's last validation; 0 before the first.
    pub validated_at: u64,
    /// The best validation of the run so far.
    pub best: Option<Best>,
    /// What makes it the best.
    pub monitored: Monitored,
    /// The name of the optimizer, if the program uses one of its own in place of the configured one
    /// ([`Trainer::with_optimizer`](crate::Trainer::with_optimizer)).
    pub own_optimizer: Option<String>,
    /// Where the model lives.
    pub device: String,
    /// The best instruction set of the processor that the kernels can use.
    pub instruction_set: &'static str,
    /// The number of compute threads.
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
/// validation whose loss or monitored value is not finite. For a validation, `batch` is the first batch of the validation set that
/// is at fault, and the event comes before [`Event::Validated`].
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
    /// The text that it was made from, if there is one.
    pub text: Option<String>,
}

/// One validation.
#[derive(Clone, Copy, Debug)]
pub struct Validated<'a> {
    /// What was found.
    pub record: &'a ValidationRecord,
    /// The previous validation.
    pub previous: Option<&'a ValidationRecord>,
    /// The maximum number of epochs of the run.
    pub epochs: u64,
    /// The metrics of each class, if there are classes; see [`MetricValues::per_class`](crate::MetricValues::per_class).
    pub classes: &'a [ClassMetrics],
    /// The names of the classes, if the metric names them; see [`MetricValues::class_names`](crate::MetricValues::class_names).
    pub class_names: &'a [String],
    /// What decides which validation is the best.
    pub monitored: &'a Monitored,
    /// The number of validations in a row without improvement, and the number after which the run ends (0: never).
    pub early_stop: (u64, u64),
    /// The training since the previous validation.
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
    /// The number of checkpoints taken in this call of `fit`.
    pub saves: u64,
    /// How long training waited for them; the rest of the work was done in the background.
    pub save_wait: Duration,
    /// Wall time of this call of `fit`, in seconds.
    pub seconds: f64,
}
