//! What can go wrong: one error type per area. Every message names the file and the field, what was found and what was
//! expected; [`Error::hint`] says what to do.

mod columns;
mod config;
mod diverged;
mod learn;
mod model;
mod run;
mod samples;
mod user;

pub use columns::ColumnsError;
pub use config::{ConfigError, ConfigProblem, FieldError};
pub use diverged::{DivergedError, NewestCheckpoint};
use drivetrain::data::DataError;
use drivetrain::nn::NnError;
pub use drivetrain::run::{ChangeError, ExportError, RunError};
use drivetrain::train::TrainError;
pub use learn::LearnError;
pub use model::ModelError;
pub use run::change_flags;
pub use samples::SamplesError;
use thiserror::Error as ThisError;
pub use user::{is_user_data_error, is_user_train_error};

/// The result of everything in this crate that can fail in more than one way.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whatever can go wrong.
#[derive(Debug, ThisError)]
pub enum Error {
    /// A configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A run's folder is missing, in use, or cannot be read or written.
    #[error(transparent)]
    Run(RunError),
    /// A run differs from what it was when it was saved.
    #[error(transparent)]
    Changes(#[from] ChangeError),
    /// The sample file cannot be read, or a split has no samples.
    #[error(transparent)]
    Samples(#[from] SamplesError),
    /// An exported model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file of labelled columns cannot be used.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// Nothing can be learned from examples.
    #[error(transparent)]
    Learn(#[from] LearnError),
    /// Training met a loss or gradient that is not finite or far above the previous ones.
    #[error(transparent)]
    Diverged(Box<DivergedError>),
    /// Reading or preparing the data failed.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Training, saving or resuming failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A model cannot be built.
    #[error(transparent)]
    Network(#[from] NnError),
}

impl From<RunError> for Error {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Changes(error) => Self::Changes(error),
            RunError::Export(error) => Self::Model(error.into()),
            RunError::Train(error) => Self::Train(error),
            RunError::Data(error) => Self::Data(error),
            error => Self::Run(error),
        }
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Self {
        Self::Model(error.into())
    }
}

impl From<DivergedError> for Error {
    fn from(error: DivergedError) -> Self {
        Self::Diverged(Box::new(error))
    }
}

impl Error {
    /// What to do about it, where there is more to say than the message does.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Config(error) => error.hint(),
            Self::Run(error) => run::hint(error),
            Self::Changes(error) => Some(run::hint_for_changes(error)),
            Self::Samples(error) => Some(error.hint()),
            Self::Model(error) => error.hint(),
            Self::Columns(error) => error.hint(),
            Self::Learn(error) => error.hint(),
            Self::Diverged(error) => Some(error.hint()),
            Self::Data(_) | Self::Train(_) | Self::Network(_) => None,
        }
    }

    /// Whether this is a user error: a wrong file, name or setting, rather than a fault of the program or the machine.
    #[must_use]
    pub fn is_user_error(&self) -> bool {
        match self {
            Self::Config(error) => error.is_user_error(),
            Self::Run(error) => run::is_user_error(error),
            Self::Changes(_)
            | Self::Samples(_)
            | Self::Model(_)
            | Self::Columns(_)
            | Self::Learn(_)
            | Self::Diverged(_) => true,
            Self::Data(error) => is_user_data_error(error),
            Self::Train(error) => is_user_train_error(error),
            Self::Network(_) => false,
        }
    }

    /// Whether the work ended because a stop was requested.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        match self {
            Self::Data(DataError::Stopped) => true,
            Self::Train(error) => matches!(error, TrainError::Stopped | TrainError::Data(DataError::Stopped)),
            _ => false,
        }
    }
}
