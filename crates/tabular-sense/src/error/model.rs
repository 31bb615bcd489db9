//! An exported model that cannot be used.

use std::path::PathBuf;

use drivetrain::nn::NnError;
use drivetrain::run::ExportError;
use thiserror::Error;

use super::config::FieldError;
use crate::labels::LabelsProblem;

/// An exported model that cannot be used.
#[derive(Debug, Error)]
pub enum ModelError {
    /// Its files are missing, damaged, or do not belong together.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A field of its configuration has an impossible value.
    #[error("{} is not an exported model's configuration: {problem}", path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: FieldError,
    },
    /// Its labels are not a valid label set.
    #[error("{}: {problem}", path.display())]
    Labels {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: LabelsProblem,
    },
    /// Its outputs are not labels of columns.
    #[error("{}: `problem_type` is that of another kind of model, expected labels of whole columns", path.display())]
    Problem {
        /// The file.
        path: PathBuf,
    },
    /// It has no tokenizer.
    #[error("{}: the model has no tokenizer", path.display())]
    NoTokenizer {
        /// The file.
        path: PathBuf,
    },
    /// Its dimensions or weights do not match.
    #[error("{}: {problem}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        problem: NnError,
    },
    /// The file of its learned types does not belong to it.
    #[error("{} does not belong to the model beside it: {problem}", path.display())]
    Learned {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        problem: String,
    },
    /// It was trained on column texts of another version.
    #[error(
        "{}: the model reads columns as text of version {found}, this program writes version {expected}",
        path.display()
    )]
    InputVersion {
        /// The file.
        path: PathBuf,
        /// The version that the model reads.
        found: u32,
        /// The version that this program writes.
        expected: u32,
    },
}

impl ModelError {
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Export(ExportError::IsRun { folder, export: None }) => {
                let run = folder.display();
                Some(format!(
                    "it has not exported a model yet: `tabular-sense train --run {run}` exports one at its end"
                ))
            }
            Self::Export(ExportError::Unreadable { .. }) => Some(
                "`tabular-sense train` makes one; without --model, the one that comes with the program is used"
                    .to_owned(),
            ),
            Self::Export(error) => error.hint(),
            Self::InputVersion { .. } => {
                Some("train it again with this program, or use the program that it was trained with".to_owned())
            }
            Self::Learned { .. } => Some("learn it again: `tabular-sense learn`".to_owned()),
            Self::Field { .. }
            | Self::Labels { .. }
            | Self::Problem { .. }
            | Self::NoTokenizer { .. }
            | Self::Network { .. } => None,
        }
    }
}
