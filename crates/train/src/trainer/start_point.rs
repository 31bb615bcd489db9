use crate::CheckpointMeta;

/// Where `fit` starts.
pub(super) enum StartPoint {
    /// At the first step.
    New,
    /// Where this checkpoint was saved.
    Checkpoint(Box<CheckpointMeta>),
    /// Where the previous call of `fit` ended.
    PreviousFit,
}

impl StartPoint {
    /// The method of the trainer that was called to get there.
    pub(super) const fn method(&self) -> Option<&'static str> {
        match self {
            Self::New => None,
            Self::Checkpoint(_) => Some("resume"),
            Self::PreviousFit => Some("fit"),
        }
    }
}
