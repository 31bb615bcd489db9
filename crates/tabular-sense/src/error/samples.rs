//! Samples that are missing, or too few to be split.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::part::Part;

/// Samples that are missing, or too few to be split.
#[derive(Debug, Error)]
pub enum SamplesError {
    /// The sample file cannot be read.
    #[error("sample file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The training split or the validation split is empty.
    #[error(
        "no samples for {}: with `data.split` = {split}, {samples} sample{} none for it",
        part.purpose(), if *samples == 1 { " leaves" } else { "s leave" }
    )]
    NoneFor {
        /// The empty split.
        part: Part,
        /// The value of `data.split`.
        split: String,
        /// How many there are in all.
        samples: usize,
    },
    /// The split to be evaluated is empty.
    #[error(
        "the {part} split has no samples: `data.split` leaves it none of {samples} sample{}",
        if *samples == 1 { "" } else { "s" }
    )]
    EmptyPart {
        /// The part.
        part: Part,
        /// How many there are in all.
        samples: usize,
    },
}

impl SamplesError {
    pub(super) fn hint(&self) -> String {
        match self {
            Self::Unreadable { .. } => {
                "`tabular-sense generate -o FILE` makes one; without --samples, `train` makes its own"
            }
            Self::NoneFor { .. } => {
                "give more samples, or set a larger fraction for it in the configuration; only `test` may be empty"
            }
            Self::EmptyPart { .. } => "measure on another part with --split, or on columns of your own with --columns",
        }
        .to_owned()
    }
}
