//! An exported model that cannot be used.

use std::io;
use std::path::PathBuf;

use drivetrain::nn::NnError;
use thiserror::Error;

use super::config::FieldError;

/// An exported model that cannot be used.
#[derive(Debug, Error)]
pub enum ModelError {
    /// A run's folder was given in place of the model that it exported.
    #[error("{} is a run, not a model", folder.display())]
    IsRun {
        /// The folder.
        folder: PathBuf,
        /// Its exported model, where there is one.
        export: Option<PathBuf>,
    },
    /// A file of it cannot be read.
    #[error("no model in {}: {}: {source}", folder.display(), path.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Its configuration is of another kind.
    #[error("{} is not an exported model's configuration: {problem}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        problem: serde_json::Error,
    },
    /// A field of its configuration has an impossible value.
    #[error("{} is not an exported model's configuration: {problem}", path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: FieldError,
    },
    /// It was trained for other types.
    #[error(
        "{}: its labels are not this program's: label {at} is {}, expected {}",
        path.display(), quoted(found.as_deref()), quoted(expected.as_deref())
    )]
    Labels {
        /// The file.
        path: PathBuf,
        /// The first label that differs.
        at: usize,
        /// The model's.
        found: Option<String>,
        /// This program's.
        expected: Option<String>,
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
    /// Its tokenizer is another model's.
    #[error(
        "{} does not match the model: its fingerprint is {found}, the model was trained with {expected}",
        path.display()
    )]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// The file's fingerprint.
        found: String,
        /// The fingerprint in the model's configuration.
        expected: String,
    },
    /// Its sizes or weights do not fit.
    #[error("{}: {problem}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        problem: NnError,
    },
}

fn quoted(label: Option<&str>) -> String {
    label.map_or_else(|| "none".to_owned(), |label| format!("`{label}`"))
}

impl ModelError {
    pub(super) fn hint(&self) -> Option<String> {
        Some(match self {
            Self::IsRun { export: Some(model), .. } => format!("name its exported model: {}", model.display()),
            Self::IsRun { folder, export: None } => {
                let run = folder.display();
                format!("it has not exported a model yet: `tabular-sense train --run {run}` exports one at its end")
            }
            Self::Unreadable { .. } => {
                "`tabular-sense train` makes one; without --model, the one that comes with the program is used"
                    .to_owned()
            }
            Self::InputVersion { .. } => {
                "train it again with this program, or use the program that it was trained with".to_owned()
            }
            Self::Tokenizer { .. } => "copy the whole exported folder, not single files of it".to_owned(),
            Self::Syntax { .. } | Self::Field { .. } | Self::Labels { .. } | Self::Network { .. } => return None,
        })
    }
}
