//! Examples from which nothing can be learned.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Examples from which nothing can be learned.
#[derive(Debug, Error)]
pub enum LearnError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line of a sample file is not a labelled column.
    #[error("{}:{line}: {problem}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with the line.
        problem: String,
    },
    /// A line of a file of corrections cannot be used.
    #[error("{}:{line}: {problem}", path.display())]
    Correction {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with the line.
        problem: String,
    },
    /// A file contains no columns.
    #[error("{} holds no columns", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file of corrections contains no corrections.
    #[error("{}: no row has types in the column `correct`", path.display())]
    NoCorrections {
        /// The file.
        path: PathBuf,
    },
    /// A folder was given without a file of corrections.
    #[error("{} is a folder", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Every label is a built-in type.
    #[error("{}: there is nothing to learn, all labels are built-in types", path.display())]
    NothingNew {
        /// The file.
        path: PathBuf,
    },
    /// A type has too few examples.
    #[error(
        "{}:{line}: the type `{label}` has {found} column{}, expected at least {expected}{}",
        path.display(), if *found == 1 { "" } else { "s" },
        .meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
    )]
    TooFew {
        /// The file.
        path: PathBuf,
        /// The first line with the type, counted from 1.
        line: usize,
        /// The type.
        label: String,
        /// The number of columns that have it.
        found: usize,
        /// The number of columns that are needed at least.
        expected: usize,
        /// The type that may have been meant.
        meant: Option<String>,
    },
    /// A column has no label, or several, where it must have exactly one.
    #[error("{}:{line}: the column has {found} labels, expected exactly one", path.display())]
    NotSingle {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// The number of labels.
        found: usize,
    },
}

impl LearnError {
    pub(super) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Unreadable { .. } => "expected a sample file, or a folder of tables together with --corrections FILE",
            Self::Line { .. } | Self::Empty { .. } => {
                "one column a line: {\"name\": \"货号\", \"values\": [\"YRF-01\", \"YRF-02\"], \"labels\": [\"sku\"]}"
            }
            Self::Correction { .. } => "`predict --corrections FILE` writes a file of this form",
            Self::NoCorrections { .. } => "write the right types into it: `sku`, `sku;int`, or `-` for none",
            Self::Folder { .. } => {
                "give the file with the right types of its tables' columns: --corrections FILE; `predict --corrections FILE` writes one"
            }
            Self::NothingNew { .. } => {
                "name the new type as you like; `train --samples` trains the built-in types again"
            }
            Self::TooFew { .. } => "correct the label, or add columns: five of a type are a good start",
            Self::NotSingle { .. } => "correct the line, or leave --single-label away",
        };
        Some(hint.to_owned())
    }
}
