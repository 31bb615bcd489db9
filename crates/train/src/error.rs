use std::path::PathBuf;

use drivetrain_data::DataError;
use drivetrain_nn::NnError;
use thiserror::Error;

use crate::{Change, Outlier};

/// The result of this crate's functions.
pub type Result<T> = std::result::Result<T, TrainError>;

/// What can go wrong while training, saving or resuming.
#[derive(Debug, Error)]
pub enum TrainError {
    /// The data path failed: the message names file, line and offset.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The model's configuration or weights do not fit.
    #[error(transparent)]
    Model(#[from] NnError),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// A configuration field has an invalid value.
    #[error("`{field}` is {found}, but it must be {expected}")]
    Config {
        /// Name of the field as it is written in the configuration.
        field: &'static str,
        /// The value that was given.
        found: String,
        /// What would be accepted.
        expected: &'static str,
    },
    /// A parameter group names parameters that the model does not have.
    #[error(
        "the pattern `{pattern}` of a parameter group matches no parameter of the model; the closest are {}; `*` stands for any run of \
         characters",
        quoted(closest)
    )]
    NoSuchParameter {
        /// The pattern.
        pattern: String,
        /// The names that it comes closest to.
        closest: Vec<String>,
    },
    /// Parameter groups that leave nothing to train.
    #[error("parameter groups freeze every one of the model's {parameters} parameters: leave some of them trainable")]
    NothingToTrain {
        /// How many parameters the model has.
        parameters: usize,
    },
    /// A metric that is monitored does not exist.
    #[error("no metric is called `{name}`: `monitor` can be {}", names(known))]
    UnknownMetric {
        /// The name in the configuration.
        name: String,
        /// The metric's names.
        known: Vec<String>,
    },
    /// It is not known whether higher or lower values of a monitored metric are better.
    #[error(
        "the metric `{name}` is monitored, but it does not say which way it is better: set `mode` to \"min\" or \"max\", or \
         implement `MetricValues::mode_of`"
    )]
    NoMode {
        /// The metric.
        name: String,
    },
    /// The state in the checkpoint does not belong to the schedule that was given to the trainer.
    #[error(
        "the learning-rate schedule cannot continue from the checkpoint's state: {problem}; give the trainer the schedule that \
         the run was started with (`Trainer::schedule`)"
    )]
    Schedule {
        /// What the schedule says.
        problem: String,
    },
    /// A learning rate that would ruin the weights.
    #[error(
        "the learning-rate schedule gives {rate} at step {step}, but a rate must be a finite number, 0 or more; correct the \
         schedule or its parameters and resume"
    )]
    LearningRate {
        /// The step that was not taken, counted from 0.
        step: u64,
        /// Its rate.
        rate: f64,
    },
    /// There is nothing to train or to validate on.
    #[error("the {part} loader has no batches: {why}")]
    NoBatches {
        /// `training` or `validation`.
        part: &'static str,
        /// The reason, and what to do.
        why: String,
    },
    /// A batch does not fit the model, the loss or the metric.
    #[error("{part} batch {batch}: {place}: {problem}")]
    Misfit {
        /// `training`, `validation`, or `evaluation` in [`crate::evaluate`].
        part: &'static str,
        /// Counted from 0 within the epoch.
        batch: usize,
        /// The sample at fault; if it is no particular one, the batch's first.
        place: String,
        /// What was found and expected.
        problem: String,
    },
    /// A model, a loss, a metric or an optimizer panicked.
    #[error("{doing} panicked on {part} batch {batch} (its first sample is {first}): {message}")]
    Panicked {
        /// What was being computed.
        doing: &'static str,
        /// `training`, `validation`, or `evaluation` in [`crate::evaluate`].
        part: &'static str,
        /// Counted from 0 within the epoch.
        batch: usize,
        /// Where the batch's first sample is from.
        first: String,
        /// The panic's message.
        message: String,
    },
    /// An observer panicked.
    #[error("the observer {name} panicked at the event {event}: {message}; the run was saved where it has checkpoints")]
    ObserverPanicked {
        /// The observer's name; by default, the name of its type.
        name: String,
        /// The event that it received.
        event: &'static str,
        /// The panic's message.
        message: String,
    },
    /// A model whose parameters have no gradients.
    #[error(
        "the model is on a device without autodiff ({device}): make it on `Device::flex().autodiff()`, or on another \
         device's `.autodiff()`"
    )]
    NoAutodiff {
        /// The device.
        device: String,
    },
    /// Another trainer, of this process or another, saves to the same folder.
    #[error(
        "{path} is in use: another trainer saves its checkpoints there; wait for it to end, or choose another folder"
    )]
    InUse {
        /// The checkpoints folder.
        path: PathBuf,
    },
    /// A new run found the checkpoints of another run in its folder.
    #[error(
        "{path} holds the checkpoints of a run already{newest}, which a new run would replace: resume that run \
         (`Trainer::resume` with what `CheckpointStore::load_latest` gives), or choose an empty folder"
    )]
    HoldsRun {
        /// The checkpoints folder.
        path: PathBuf,
        /// The newest step of that run, if it can be read.
        newest: String,
    },
    /// A resumed run found the checkpoints of another run in its folder.
    #[error(
        "{path} holds the checkpoints of another run, which the resumed one would replace: the checkpoint of step {step} that \
         it resumes is not among them, or another trainer has resumed it since; choose the folder that it is from, an empty one, \
         or resume the newest checkpoint there"
    )]
    HoldsOtherRun {
        /// The checkpoints folder.
        path: PathBuf,
        /// Of the checkpoint that was resumed.
        step: u64,
    },
    /// A resumed run differs from what its checkpoint says.
    #[error(
        "the checkpoint is of another run:{}\nresume it with the configuration and data that it was saved with, or name what may \
         differ with `Trainer::allow_changes`{}",
        listed(changes),
        without_state(changes)
    )]
    OtherRun {
        /// Every field that differs and was not allowed to.
        changes: Vec<Change>,
    },
    /// A configuration that cannot be compared with a checkpoint's.
    #[error("the configuration cannot be written as JSON: {0}")]
    Identity(String),
    /// Numbers that must not reach the weights.
    #[error(
        "{outlier} {} step {step} (epoch {}, batch {batch}; its first sample is {first}); {}{}",
        if outlier.is_of_validation() { "after" } else { "at" }, epoch + 1, outcome(outlier, *model), in_a_row(*skipped_in_a_row)
    )]
    Outlier {
        /// What is wrong.
        outlier: Outlier,
        /// Counted from 0.
        epoch: u64,
        /// Counted from 0 within the epoch.
        batch: usize,
        /// Counted from 0 over the run.
        step: u64,
        /// Where the batch's first sample is from.
        first: String,
        /// How many batches right before it were skipped.
        skipped_in_a_row: u64,
        /// What became of the model.
        model: ModelAtEnd,
    },
    /// There is no best model.
    #[error("no validation has had a finite loss and monitored value yet, so there is no best model; train first")]
    NothingValidated,
    /// The work was stopped on request before it was done.
    #[error("stopped as asked, before it was done")]
    Stopped,
    /// A checkpoint that cannot be used.
    #[error("checkpoint {path} cannot be used: {problem}")]
    Checkpoint {
        /// Its folder.
        path: PathBuf,
        /// What was found and expected.
        problem: String,
    },
    /// There is nothing to resume from.
    #[error("{path} holds no whole checkpoint{damaged}; start a new run in an empty folder, or name another one")]
    NoCheckpoint {
        /// The checkpoints folder.
        path: PathBuf,
        /// What was found instead, or nothing.
        damaged: String,
    },
    /// A weights file that is not what it should be.
    #[error("{path} is not a usable safetensors file: {problem}")]
    Weights {
        /// The file.
        path: PathBuf,
        /// What was found and expected.
        problem: String,
    },
}

/// What became of the model when an outlier ended the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelAtEnd {
    /// It is the model from before the step, and its losses are finite; it was saved if the run saves checkpoints.
    Sound,
    /// It has diverged and was not saved.
    Diverged,
    /// It has diverged, but was saved before this was detected: the newest checkpoint contains it.
    DivergedAfterSave,
}

/// What is left of the run.
fn outcome(outlier: &Outlier, model: ModelAtEnd) -> String {
    let why = match (outlier.is_of_validation(), model) {
        (_, ModelAtEnd::Sound) => return "the weights are those of the step before".to_owned(),
        (true, _) => {
            "no batch had a finite loss: the model has diverged, or validation samples are damaged (see the incident)"
        }
        (false, _) => "validation batches have no finite loss or gradient either: the model has diverged",
    };
    match model {
        ModelAtEnd::DivergedAfterSave => format!("{why}; the newest checkpoint holds this model"),
        _ => format!("{why}; this model was not saved, earlier checkpoints are unchanged"),
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What `monitor` can be.
fn names(metrics: &[String]) -> String {
    let names: Vec<String> = ["loss", "score"]
        .into_iter()
        .chain(metrics.iter().map(String::as_str))
        .map(|name| format!("`{name}`"))
        .collect();
    match names.split_last() {
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// One change per line.
fn listed(changes: &[Change]) -> String {
    changes.iter().map(|change| format!("\n  {change}")).collect()
}

/// What another optimizer needs besides being allowed.
fn without_state(changes: &[Change]) -> &'static str {
    match changes.iter().any(|change| change.is_named("optimizer.kind")) {
        true => {
            "; another optimizer also has to leave the state of the former one behind (`ResumeStrategy::WeightsOnly`)"
        }
        false => "",
    }
}

fn in_a_row(skipped: u64) -> String {
    match skipped {
        0 => String::new(),
        1 => "; the batch right before it was skipped already".to_owned(),
        _ => format!("; {skipped} batches right before it were skipped already"),
    }
}

impl TrainError {
    /// Makes the error of a file operation on `path`.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
