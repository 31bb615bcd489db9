//! The splits of a run's samples.

use std::fmt;

/// A split of a run's samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the model is trained on.
    Train,
    /// The samples on which the best checkpoint is selected. The thresholds are fitted on them too, unless held-out tables are
    /// used.
    Validation,
    /// The samples that the model is evaluated on.
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
