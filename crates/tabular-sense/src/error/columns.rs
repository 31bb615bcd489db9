//! A file of labelled columns that cannot be used.

use std::io;
use std::path::PathBuf;

use tabular_sense_synth::sample::SampleProblem;
use thiserror::Error;

/// A file of labelled columns that cannot be used.
#[derive(Debug, Error)]
pub enum ColumnsError {
    /// It cannot be read.
    #[error("cannot read the labelled columns in {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line is not a labelled column.
    #[error("{}:{line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with the line.
        problem: SampleProblem,
    },
    /// A line has a label that the model does not have.
    #[error("{}:{line}: {problem}", path.display())]
    Label {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Which label, and which label may have been meant.
        problem: String,
    },
    /// The file contains no columns.
    #[error("{} holds no columns", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

impl ColumnsError {
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => Some(
                "one column a line, as in a sample file; docs/formats.md lists the other fields of a line".to_owned(),
            ),
            Self::Line { .. } | Self::Empty { .. } | Self::Label { .. } => None,
        }
    }
}
