/// What of a checkpoint a resumed run takes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResumeStrategy {
    /// Everything: the run resumes as if it had not stopped.
    #[default]
    Everything,
    /// Not the optimizer's running means and the learning-rate schedule.
    WithoutOptimization,
    /// Not the dropout schedule and the early-stop count.
    WithoutRegularization,
    /// The weights, and neither of the two.
    WeightsOnly,
}

/// How to resume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResumePlan {
    /// What to take over.
    pub strategy: ResumeStrategy,
    /// Start at epoch 0 with no best score and no history, instead of where the checkpoint stood.
    pub reset_state: bool,
}
