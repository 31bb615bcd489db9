//! An exported model that cannot be used.

use std::path::PathBuf;

use drivetrain::run::ExportError;
use thiserror::Error;

use super::config::FieldError;

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
    /// It was trained on another text of a column.
    #[error(
        "{}: the model reads columns as text of version {found}, this program writes version {expected}",
        path.display()
    )]
    InputVersion {
        /// The file.
        path: PathBuf,
        /// The model's.
        found: u32,
        /// This program's.
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
            Self::Field { .. } => None,
        }
    }
}
