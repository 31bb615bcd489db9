//! What the user of a run should know.

use std::fmt;
use std::path::PathBuf;

use drivetrain_train::{Change, TrainError};

/// What the user of a run should know; it is not an error.
#[derive(Debug)]
pub enum RunNotice {
    /// The run was to be resumed, but has no checkpoint: it starts from the beginning.
    NoCheckpoint {
        /// Its folder.
        run: PathBuf,
    },
    /// A checkpoint is damaged; an older one is used.
    DamagedCheckpoint {
        /// What is wrong with it.
        problem: TrainError,
        /// The one that is used.
        older: PathBuf,
    },
    /// A field differs from what the run was saved with, and is allowed to.
    Changed(Change),
}

impl fmt::Display for RunNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCheckpoint { run } => {
                write!(f, "{} has no checkpoint yet: the run starts at its beginning", run.display())
            }
            Self::DamagedCheckpoint { problem, older } => write!(f, "{problem}; resuming from {}", older.display()),
            Self::Changed(change) => write!(f, "changed since the run was saved: {change}"),
        }
    }
}
