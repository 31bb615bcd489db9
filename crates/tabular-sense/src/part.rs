//! The parts of a run's samples.

use std::fmt;

/// A part of a run's samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the model is trained on.
    Train,
    /// What the best checkpoint and the thresholds are chosen on.
    Validation,
    /// What the model is measured on.
    Test,
}

impl Part {
    /// The name in files and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }

    /// What its samples are for.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Validation => "validation",
            Self::Test => "a test",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
