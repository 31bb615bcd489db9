//! A run's folder that is missing, in use, or cannot be read or written.

use std::io;
use std::path::PathBuf;

use drivetrain::data::DataError;
use drivetrain::train::TrainError;
use thiserror::Error;

use super::user::is_user_data_error;

/// A run's folder that is missing, in use, or cannot be read or written.
#[derive(Debug, Error)]
pub enum RunError {
    /// No run was started here.
    #[error("{} is not a run: it holds no config.toml", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
    },
    /// A run was started here, and a new one was asked for.
    #[error("{} holds a run already", path.display())]
    HoldsRun {
        /// The folder.
        path: PathBuf,
    },
    /// Another process trains in it.
    #[error("the run folder {} is in use by {}", path.display(), holder.as_deref().unwrap_or("another process"))]
    InUse {
        /// The folder.
        path: PathBuf,
        /// `process 12 (its command)`, where the lock file names it.
        holder: Option<String>,
    },
    /// The newest checkpoint is damaged, and an older one was not to be taken.
    #[error("{problem}")]
    DamagedCheckpoint {
        /// What is wrong with it.
        problem: Box<TrainError>,
        /// The checkpoint before it.
        older: PathBuf,
    },
    /// The folder cannot be made.
    #[error("cannot create the run folder {}", path.display())]
    Create {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing can be written in the folder.
    #[error("cannot write in the run folder {}", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The system refuses to lock the folder.
    #[error("cannot lock {}", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of the run cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system or a parser says.
        source: io::Error,
    },
    /// A file of the run cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: DataError,
    },
    /// A file of the run cannot be removed to make room for a new one.
    #[error("cannot replace {}", path.display())]
    Replace {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl RunError {
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::NotARun { .. } => Some("`tabular-sense train --run FOLDER` starts one".to_owned()),
            Self::HoldsRun { .. } => {
                Some("choose another folder with --run, or leave out --resume=never to resume this run".to_owned())
            }
            Self::InUse { .. } => Some("wait for it to end, or choose another folder with --run".to_owned()),
            Self::DamagedCheckpoint { older, .. } => {
                Some(format!("without --strict, the run resumes from {}", older.display()))
            }
            _ => None,
        }
    }

    pub(super) fn is_user_error(&self) -> bool {
        match self {
            Self::NotARun { .. } | Self::HoldsRun { .. } | Self::InUse { .. } | Self::DamagedCheckpoint { .. } => true,
            Self::Write { source, .. } => is_user_data_error(source),
            _ => false,
        }
    }
}
