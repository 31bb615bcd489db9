use std::path::PathBuf;

use drivetrain_data::DataError;
use drivetrain_nn::NnError;
use thiserror::Error;

use crate::Trouble;

/// What this crate's functions give.
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
        /// What the system says.
        source: std::io::Error,
    },
    /// A configuration field has a value that no run can have.
    #[error("`{field}` is {found}, but it must be {expected}")]
    Config {
        /// Name of the field as it is written in the configuration.
        field: &'static str,
        /// The value that was given.
        found: String,
        /// What would be accepted.
        expected: &'static str,
    },
    /// There is nothing to train or to validate on.
    #[error("the {part} loader has no batches: {hint}")]
    NoBatches {
        /// `training` or `validation`.
        part: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Numbers that must not reach the weights.
    #[error(
        "{trouble} at step {step} (epoch {}, batch {batch}; its first sample is {first}); the weights are those of the \
         step before{}", epoch + 1, in_a_row(*skipped_in_a_row)
    )]
    NumbersWrong {
        /// What is wrong.
        trouble: Trouble,
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
    },
    /// The work was asked to end before it was done.
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

fn in_a_row(skipped: u64) -> String {
    if skipped == 0 { String::new() } else { format!("; {skipped} batches right before it were skipped already") }
}

impl TrainError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
