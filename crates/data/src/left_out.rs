//! The parts of a file that are not in its samples: they are counted, so that nothing is lost silently.

use serde::{Deserialize, Serialize};

/// The parts of a file that are not in its samples; see [`Dataset::left_out`](crate::Dataset::left_out).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Lines that are not samples.
    pub skipped: SkippedLines,
    /// What a length limit cut off from the samples.
    pub truncated: Truncation,
}

/// The lines that were left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedLines {
    /// How many.
    pub count: u64,
    /// The first few of them.
    pub first: Vec<SkippedLine>,
}

/// One line that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedLine {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What was expected and found.
    pub problem: String,
}

/// What the length limit cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truncation {
    /// How many samples lost ids.
    pub samples: u64,
    /// How many ids they lost in total.
    pub ids: u64,
}
