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
